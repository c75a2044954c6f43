"""Lines of braille dots, two by four to a cell."""

from collections.abc import Iterator, Mapping

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille character, by row and column of its dots."""

BRAILLE = 0x2800
ACROSS, DOWN = 2, 4
"""Dots of a cell."""

UPRIGHTS = {
    (column, first, last): sum(DOTS[row][column] for row in range(first, last + 1))
    for column in range(2)
    for first in range(4)
    for last in range(first, 4)
}
"""The bits of dots above each other, by column, first row, last row."""

Span = tuple[str, str]
"""A text and the name of its style."""

Dot = tuple[int, int]
"""Column and row, counted from the top left."""


class Canvas:
    """Cells to draw on; each shows one style, that of the line drawn last.

    A line of a higher layer hides what is below it in its cells, others share them.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._bits: dict[Dot, int] = {}
        self._styles: dict[Dot, str] = {}
        self._layers: dict[Dot, int] = {}
        self._characters: dict[Dot, Span] = {}

    def stroke(self, start: Dot, end: Dot, style: str, layer: int = 0) -> None:
        """Draw a straight line between two dots; steep ones column by column, not dot by dot."""
        if abs(end[1] - start[1]) <= abs(end[0] - start[0]):
            for x, y in line(start, end):
                self._set((x // ACROSS, y // DOWN), DOTS[y % DOWN][x % ACROSS], style, layer)
            return
        for x, top, bottom in columns(start, end):
            for row in range(top // DOWN, bottom // DOWN + 1):
                first, last = max(top - row * DOWN, 0), min(bottom - row * DOWN, DOWN - 1)
                self._set((x // ACROSS, row), UPRIGHTS[x % ACROSS, first, last], style, layer)

    def _set(self, cell: Dot, bits: int, style: str, layer: int) -> None:
        shared = self._bits.get(cell, 0) if self._layers.get(cell, layer) == layer else 0
        self._layers[cell] = layer
        self._bits[cell] = shared | bits
        self._styles[cell] = style

    def put(self, dot: Dot, character: str, style: str) -> None:
        """Put a character over the cell of a dot."""
        self._characters[dot[0] // ACROSS, dot[1] // DOWN] = (character, style)

    def is_blank(self, cell: Dot) -> bool:
        """Return whether nothing is drawn in a cell."""
        return cell not in self._bits and cell not in self._characters

    def rows(self, over: Mapping[Dot, Span]) -> list[list[Span]]:
        """Return the lines, one span per style; ``over`` replaces the cells that it names."""
        rows: list[list[Span]] = []
        for y in range(self.height):
            spans: list[Span] = []
            for x in range(self.width):
                character, style = over.get((x, y)) or self._cell((x, y))
                if spans and spans[-1][1] == style:
                    spans[-1] = (spans[-1][0] + character, style)
                else:
                    spans.append((character, style))
            rows.append(spans)
        return rows

    def _cell(self, cell: Dot) -> Span:
        if cell in self._characters:
            return self._characters[cell]
        if cell in self._bits:
            return chr(BRAILLE + self._bits[cell]), self._styles[cell]
        return " ", ""


def columns(start: Dot, end: Dot) -> Iterator[tuple[int, int, int]]:
    """Yield the columns of a steep line, each with its top and its bottom dot."""
    (x, y), (end_x, end_y) = (start, end) if start[0] <= end[0] else (end, start)
    count = end_x - x + 1
    way, before = end_y - y, y
    for index in range(count):
        after = end_y if index == count - 1 else y + way * (2 * index + 1) // (2 * (count - 1))
        yield x + index, min(before, after), max(before, after)
        before = after


def line(start: Dot, end: Dot) -> Iterator[Dot]:
    """Yield the dots of a straight line, as Bresenham draws it."""
    (x, y), (end_x, end_y) = start, end
    across, down = abs(end_x - x), -abs(end_y - y)
    step_x, step_y = (1 if x < end_x else -1), (1 if y < end_y else -1)
    error = across + down
    yield x, y
    while (x, y) != end:
        doubled = 2 * error
        if doubled >= down:
            error += down
            x += step_x
        if doubled <= across:
            error += across
            y += step_y
        yield x, y
