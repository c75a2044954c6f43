"""Markdown with its headings, lists and tables; nothing that it links to is fetched."""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.markdown import Markdown

from mlops_tui.domain.plain_text import lines, visible
from mlops_tui.tui.artifacts.layouts import Lines
from mlops_tui.tui.artifacts.text_layout import text_lines
from mlops_tui.tui.kit.line_widget import PLAIN, Piece

FENCE = re.compile(r"\s{0,3}(```|~~~)")

RULE = re.compile(r"\s{0,3}\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?$")
"""The line below the titles of a table."""

WIDEST = 1_000
"""Cells of a table."""

BORDER = 3
"""Cells that a column of a table takes beside what is in it."""


def markdown_lines(text: str, width: int, console: Console) -> Lines:
    """Return the text laid out, its links spelled out; tables are as wide as they have to be.

    Markdown may name any character by its number, so it is made harmless after it is laid out too.
    """
    clean = lines(text)
    try:
        found: list[list[Piece]] = []
        for block, needed in _blocks(clean):
            found += [[]] if found else []
            found += _drawn("\n".join(block), max(width, needed), console)
    except RecursionError:  # nested too deeply to be laid out
        return text_lines(text, width)
    return found


def _drawn(text: str, width: int, console: Console) -> list[list[Piece]]:
    options = console.options.update(width=width, height=None)
    drawn = console.render_lines(Markdown(text, hyperlinks=False), options, pad=False)
    return [[(visible(part), style or PLAIN) for part, style, _ in line] for line in drawn]


def _blocks(text: list[str]) -> Iterator[tuple[list[str], int]]:
    """Yield the tables and what stands between them, with the cells that a table needs."""
    rest: list[str] = []
    place, is_code = 0, False
    while place < len(text):
        is_code ^= bool(FENCE.match(text[place]))
        is_head = not is_code and "|" in text[place] and place + 1 < len(text)
        if not (is_head and RULE.match(text[place + 1])):
            rest.append(text[place])
            place += 1
            continue
        if any(line.strip() for line in rest):
            yield rest, 0
        end = place
        while end < len(text) and "|" in text[end]:
            end += 1
        yield text[place:end], _needed(text[place:end])
        rest, place = [], end
    if any(line.strip() for line in rest):
        yield rest, 0


def _needed(table: list[str]) -> int:
    rows = [[cell_len(cell.strip()) for cell in row.strip().strip("|").split("|")] for row in table]
    columns = max(map(len, rows))
    widest = (
        max((row[place] for row in rows if place < len(row)), default=0) for place in range(columns)
    )
    return min(WIDEST, sum(widest) + BORDER * columns)
