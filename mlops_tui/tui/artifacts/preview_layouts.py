"""Previews of text, models, images and tables, laid out; Markdown has a file of its own."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice

from rich.cells import chop_cells
from rich.color import Color
from rich.style import Style

from mlops_tui.domain.artifacts.preview import ImagePreview, ModelPreview, TablePreview
from mlops_tui.domain.plain_text import JOINERS, lines, one_line
from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.line_widget import PLAIN, Piece

Lines = Sequence[list[Piece]]

Layout = Callable[[int], Lines]
"""Lays a preview out on lines of so many cells."""

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
    name = KEY.match(line) if keys else None
    if name is None:
        return [(line, PLAIN)]
    return [(name[0], NAME), (line[name.end() :], PLAIN)]


LABEL = 11
"""Cells for the name of a fact about a model."""

DIM = Style(dim=True)


def model_lines(preview: ModelPreview, width: int) -> Lines:
    """Return the facts about a model, wrapped beside their names, then its MLmodel file."""
    facts = []
    for name, value in preview.facts:
        label = name
        for part in wrap(one_line(value, 4_000), max(8, width - LABEL)):
            facts.append([(label.ljust(LABEL), DIM), (part, PLAIN)])
            label = ""
    return [*facts, [("", PLAIN)], *text_lines(preview.text, width, keys=True)]


HALF = "▀"
"""Shows the upper half of a cell in its colour, the lower half in the background."""

Pixel = bytes
"""Red, green, blue."""


def image_lines(preview: ImagePreview, _width: int) -> Lines:
    """Return the lines of an image, which was already shrunk to the size of the widget."""
    return [_image_line(preview, y) for y in range(0, preview.height, 2)]


def _image_line(preview: ImagePreview, y: int) -> list[Piece]:
    upper, lower = _pixels(preview, y), _pixels(preview, y + 1)
    cells = zip(upper, lower, strict=True) if lower else ((pixel, None) for pixel in upper)
    return [(HALF * len(list(same)), _half_style(*pair)) for pair, same in groupby(cells)]


def _pixels(preview: ImagePreview, y: int) -> list[Pixel]:
    start, length = y * preview.width * 3, preview.width * 3
    row = preview.pixels[start : start + length]
    return [row[at : at + 3] for at in range(0, len(row), 3)]


@lru_cache(maxsize=10_000)
def _half_style(upper: Pixel, lower: Pixel | None) -> Style:
    below = Color.from_rgb(*lower) if lower else None
    return Style(color=Color.from_rgb(*upper), bgcolor=below)


WIDEST, NARROWEST = 22, 3
"""Cells of a table's column."""

NUMERIC = ("int", "uint", "float", "double", "decimal", "halffloat")
"""How the names of numeric types begin."""


def table_columns(preview: TablePreview) -> tuple[Column, ...]:
    """Return the columns of a table, numbers to the right; a key is the column's index."""
    return tuple(_column(preview, index) for index in range(len(preview.columns)))


def _column(preview: TablePreview, index: int) -> Column:
    kind = preview.types[index] if preview.types else ""
    title = f"{preview.columns[index]} ({kind})" if kind else preview.columns[index]
    cells = [cell for row in preview.rows if (cell := row[index]) is not None]
    longest = max(map(len, (title, *cells)))
    is_number = kind.startswith(NUMERIC) if kind else bool(cells) and all(map(_is_number, cells))
    width = max(NARROWEST, min(longest, WIDEST))
    return Column(str(index), title, width, "right" if is_number else "left")


def _is_number(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True
