"""Draws a screen as a PNG, cell by cell, so that every viewer shows it alike.

Letters come from DejaVu Sans Mono, which matplotlib brings (MLflow requires it). Braille, blocks
and lines are drawn as shapes: no font is needed for them, and they meet at the edges of cells.
"""

from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from textual.strip import Strip

CELL = (10, 20)
"""Width and height of a cell, in pixels."""
SIZE = 16
"""Height of the letters, in pixels: DejaVu Sans Mono is 0.6 times as wide."""
MARGIN = 12
BRAILLE = range(0x2800, 0x2900)
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of the dot of each bit of a braille character."""
BLOCKS = {
    "█": (0, 0, 8, 8),
    "▀": (0, 0, 8, 4),
    "▄": (0, 4, 8, 8),
    "▌": (0, 0, 4, 8),
    "▐": (4, 0, 8, 8),
    "▔": (0, 0, 8, 1),
    "▁": (0, 7, 8, 8),
    "▂": (0, 6, 8, 8),
    "▃": (0, 5, 8, 8),
    "▅": (0, 3, 8, 8),
    "▆": (0, 2, 8, 8),
    "▇": (0, 1, 8, 8),
    "▏": (0, 0, 1, 8),
    "▎": (0, 0, 2, 8),
    "▍": (0, 0, 3, 8),
    "▋": (0, 0, 5, 8),
    "▊": (0, 0, 6, 8),
    "▉": (0, 0, 7, 8),
    "▕": (7, 0, 8, 8),
}
"""Left, top, right, bottom in eighths of a cell."""
LINES = {
    "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "udr", "┤": "udl",
    "┬": "lrd", "┴": "lru", "┼": "lrud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu",
}  # fmt: skip
"""Which edges of the cell a line goes to: left, right, up, down."""

Box = tuple[float, float, float, float]
Pixel = tuple[int, int, int]
BLACK, WHITE = (18, 18, 18), (224, 224, 224)


def draw(strips: Iterable[Strip], path: Path) -> None:
    """Write lines of the screen as a picture."""
    lines = list(strips)
    width, height = CELL
    size = (lines[0].cell_length * width + 2 * MARGIN, len(lines) * height + 2 * MARGIN)
    picture = Image.new("RGB", size, BLACK)
    pen = ImageDraw.Draw(picture)
    fonts = Fonts()
    for y, strip in enumerate(lines):
        x = 0
        for segment in strip:
            ink, paper = colours(segment.style or Style())
            for character in segment.text:
                cells = cell_len(character)
                left, top = MARGIN + x * width, MARGIN + y * height
                box = (left, top, left + max(1, cells) * width, top + height)
                pen.rectangle((*box[:2], box[2] - 1, box[3] - 1), fill=paper)
                if character != " " and not shape(pen, character, box, ink):
                    fonts.write(pen, character, box, ink, segment.style or Style())
                x += cells
    colours_kept = picture.quantize(64, dither=Image.Dither.NONE)
    colours_kept.save(path, optimize=True)


def colours(style: Style) -> tuple[Pixel, Pixel]:
    """Return the colours of letters and background."""
    ink, paper = rgb(style.color, WHITE), rgb(style.bgcolor, BLACK)
    if style.reverse:
        ink, paper = paper, ink
    if style.dim:
        ink = tuple((2 * a + b) // 3 for a, b in zip(ink, paper, strict=True))  # type: ignore[assignment]
    return ink, paper


def rgb(colour: Color | None, default: Pixel) -> Pixel:
    if colour is None or colour.is_default:
        return default
    return tuple(colour.get_truecolor())  # type: ignore[return-value]


def shape(pen: ImageDraw.ImageDraw, character: str, box: Box, ink: Pixel) -> bool:
    """Draw braille, a block or a line; return False for any other character."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if ord(character) in BRAILLE:
        bits = ord(character) - BRAILLE.start
        for bit, (column, row) in enumerate(DOTS):
            if bits >> bit & 1:
                x, y = left + width * (column + 0.5) / 2, top + height * (row + 0.5) / 4
                pen.ellipse((x - 1.5, y - 1.5, x + 1.5, y + 1.5), fill=ink)
        return True
    if character in BLOCKS:
        a, b, c, d = BLOCKS[character]
        ends = (left + width * a / 8, top + height * b / 8)
        pen.rectangle((*ends, left + width * c / 8 - 1, top + height * d / 8 - 1), fill=ink)
        return True
    if edges := LINES.get(character):
        x, y = left + width / 2, top + height / 2
        ends_of = {"l": (left, y), "r": (right, y), "u": (x, top), "d": (x, bottom)}
        for edge in edges:
            pen.line((x, y, *ends_of[edge]), fill=ink)
        return True
    return False


class Fonts:
    """The letters, upright and bold."""

    def __init__(self) -> None:
        folder = Path(mpl.get_data_path(), "fonts", "ttf")
        self._faces = [
            ImageFont.truetype(str(folder / name), SIZE)
            for name in ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf")
        ]

    def write(
        self, pen: ImageDraw.ImageDraw, character: str, box: Box, ink: Pixel, style: Style
    ) -> None:
        """Write a character into its cell."""
        pen.text((box[0], box[1] + 1), character, fill=ink, font=self._faces[bool(style.bold)])
        if style.underline:
            pen.line((box[0], box[3] - 2, box[2], box[3] - 2), fill=ink)
