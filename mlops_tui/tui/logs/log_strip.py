"""A line of a log as a strip."""

import re

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.logs.terminal_text import LogLine
from mlops_tui.tui.kit.line_widget import Piece, strip_of

HIT = Style(reverse=True, bold=True)
DIM = Style(dim=True)
MOST_HITS = 200
"""Hits in one line that are highlighted."""


def log_strip(line: LogLine, base: Style, sought: re.Pattern[str] | None) -> Strip:
    """Return the whole line, as wide as it is, with what is sought in it highlighted."""
    pieces: list[Piece] = []
    at = 0
    for start, end, words in (*line.styles, (len(line.text), len(line.text), "")):
        pieces.append((line.text[at:start], base))
        pieces.append((line.text[start:end], base + Style.parse(words)))
        at = end
    if sought is not None:
        pieces = _highlighted(pieces, line.text, sought)
    pieces.append((_remark(line), base + DIM))
    return strip_of(pieces, sum(cell_len(text) for text, _ in pieces), base)


def log_text(line: LogLine) -> str:
    """Return the text of the whole strip."""
    return line.text + _remark(line)


def _remark(line: LogLine) -> str:
    """Return what is said at the end of a line that is not held in whole."""
    return f" … {bytes_size(line.left_out)} more in the log file" if line.left_out else ""


def _highlighted(pieces: list[Piece], text: str, sought: re.Pattern[str]) -> list[Piece]:
    hits = [match.span() for match, _ in zip(sought.finditer(text), range(MOST_HITS), strict=False)]
    cuts = {place for start, end in hits for place in (start, end) if start < end}
    shown: list[Piece] = []
    at = 0
    for piece, style in pieces:
        within = sorted(cut for cut in cuts if at < cut < at + len(piece))
        for start, end in zip([at, *within], [*within, at + len(piece)], strict=True):
            is_hit = any(first <= start and end <= last for first, last in hits)
            shown.append((text[start:end], style + HIT if is_hit else style))
        at += len(piece)
    return shown
