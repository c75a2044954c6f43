"""Text wrapped to a width."""

import re
from collections.abc import Iterator
from itertools import islice

from rich.cells import chop_cells
from rich.style import Style

from mlops_tui.domain.plain_text import JOINERS, lines
from mlops_tui.tui.artifacts.layouts import Lines
from mlops_tui.tui.kit.line_widget import PLAIN, Piece

MOST_LINES = 5_000
"""Lines that are laid out."""

KEY = re.compile(r'\s*(?:- )*(?:"(?:[^"\\]|\\.)*"|[\w./-]+):(?=\s|$)')
"""The name before a value, in JSON or YAML."""

NAME = Style(bold=True)


def text_lines(text: str, width: int, *, keys: bool = False) -> Lines:
    """Return foreign text made harmless, names before values in bold where there are ``keys``."""
    wrapped = (part for line in lines(text) for part in wrap(line, width))
    return [_pieces(line, keys=keys) for line in islice(wrapped, MOST_LINES)]


def wrap(line: str, width: int) -> Iterator[str]:
    """Yield the line in parts of at most ``width`` cells; one that is empty is a part.

    A part ends at a blank where it can: a number is only broken where it takes more than a line.
    """
    text, start = line if line.isascii() else line.translate(JOINERS), 0
    while True:
        ahead = text[start : start + 2 * width]
        head = ahead[:width] if line.isascii() else next(iter(chop_cells(ahead, width)), "")
        end = start + max(1, len(head))
        if end >= len(text):
            yield text[start:]
            return
        blank = head.rstrip().rfind(" ")
        if text[end] != " " and head[: blank + 1].strip():
            end = start + blank + 1
        yield text[start:end]
        start = end


def _pieces(line: str, *, keys: bool) -> list[Piece]:
    found = KEY.match(line) if keys else None
    if found is None:
        return [(line, PLAIN)]
    return [(found[0], NAME), (line[found.end() :], PLAIN)]
