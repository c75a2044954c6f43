"""A picture of half blocks: the upper half of a cell in its colour, the lower in the background."""

from functools import lru_cache
from itertools import groupby

from rich.color import Color
from rich.style import Style

from mlops_tui.domain.artifacts.preview import ImagePreview
from mlops_tui.tui.artifacts.layouts import Lines
from mlops_tui.tui.kit.line_widget import Piece

HALF = "▀"

Pixel = bytes
"""Red, green, blue."""


def image_lines(preview: ImagePreview, _width: int) -> Lines:
    """Return the lines of the picture; it was made small for the place where it is shown."""
    return [_line(preview, y) for y in range(0, preview.height, 2)]


def _line(preview: ImagePreview, y: int) -> list[Piece]:
    upper, lower = _row(preview, y), _row(preview, y + 1)
    cells = zip(upper, lower, strict=True) if lower else ((pixel, None) for pixel in upper)
    return [(HALF * len(list(same)), _style(*pair)) for pair, same in groupby(cells)]


def _row(preview: ImagePreview, y: int) -> list[Pixel]:
    start, length = y * preview.width * 3, preview.width * 3
    row = preview.pixels[start : start + length]
    return [row[at : at + 3] for at in range(0, len(row), 3)]


@lru_cache(maxsize=10_000)
def _style(upper: Pixel, lower: Pixel | None) -> Style:
    below = Color.from_rgb(*lower) if lower else None
    return Style(color=Color.from_rgb(*upper), bgcolor=below)
