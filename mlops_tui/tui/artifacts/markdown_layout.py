"""Previews of Markdown, in a file of its own: Rich's part takes a tenth of a second to import."""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.markdown import Markdown

from mlops_tui.domain.plain_text import lines, visible
from mlops_tui.tui.artifacts.preview_layouts import Lines, text_lines
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

    Nothing that it links to is fetched. Markdown may name any character by its number, so it is
    made harmless after it is laid out too.
    """
    clean = lines(text)
    try:
        laid_out: list[list[Piece]] = []
        for block, block_width in _blocks(clean):
            laid_out += [[]] if laid_out else []
            laid_out += _rendered("\n".join(block), max(width, block_width), console)
    except RecursionError:  # nested too deeply to be laid out
        return text_lines(text, width)
    return laid_out


def _rendered(text: str, width: int, console: Console) -> list[list[Piece]]:
    options = console.options.update(width=width, height=None)
    rendered = console.render_lines(Markdown(text, hyperlinks=False), options, pad=False)
    return [[(visible(part), style or PLAIN) for part, style, _ in line] for line in rendered]


def _blocks(text: list[str]) -> Iterator[tuple[list[str], int]]:
    """Yield the tables and the text between them, each with the cells that it needs."""
    rest: list[str] = []
    index, is_code = 0, False
    while index < len(text):
        is_code ^= bool(FENCE.match(text[index]))
        is_head = not is_code and "|" in text[index] and index + 1 < len(text)
        if not (is_head and RULE.match(text[index + 1])):
            rest.append(text[index])
            index += 1
            continue
        if any(line.strip() for line in rest):
            yield rest, 0
        end = index
        while end < len(text) and "|" in text[end]:
            end += 1
        yield text[index:end], _table_width(text[index:end])
        rest, index = [], end
    if any(line.strip() for line in rest):
        yield rest, 0


def _table_width(table: list[str]) -> int:
    rows = [[cell_len(cell.strip()) for cell in row.strip().strip("|").split("|")] for row in table]
    columns = max(map(len, rows))
    widest = (
        max((row[index] for row in rows if index < len(row)), default=0) for index in range(columns)
    )
    return min(WIDEST, sum(widest) + BORDER * columns)
