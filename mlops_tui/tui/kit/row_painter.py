"""Draws the lines of a table: header, rows, placeholder."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual.cache import LRUCache
from textual.strip import Strip

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.column_layout import (
    GAP,
    Column,
    Placed,
    arrange,
    decimals,
    fit,
    most_skipped,
)
from mlops_tui.tui.kit.line_widget import Piece, strip_of

GUTTER = 1
"""Cells before the first column, for cursor and mark."""

CACHED_ROWS = 1_000
"""Size of the cache of drawn rows."""

NOTHING = Text()

GONE = Text("·", "dim")
"""Shown in the cells of a row that the list no longer has, until its next update."""

Cell = Callable[[str, str], Text]
"""Returns the text of a cell, in one style, by the keys of row and column."""


class RowPainter:
    """Draws rows of a width, with a cache that is valid until cells, columns or width change.

    The first ``frozen`` columns are always in view; of the others ``skipped`` are scrolled away.
    """

    def __init__(self, columns: Sequence[Column], frozen: int) -> None:
        self.columns = tuple(columns)
        self.frozen = frozen
        self.skipped = 0
        self.cell: Cell = lambda _key, _column: NOTHING
        self._width = 0
        self._placed: tuple[Placed, ...] | None = None
        self._cells: LRUCache[str, list[tuple[str, Style]]] = LRUCache(CACHED_ROWS)
        self._rows: LRUCache[tuple[str, str, str], Strip] = LRUCache(CACHED_ROWS)
        self._decimals: dict[str, int] = {}
        """The most characters after the units in a ``decimal`` column, of the rows seen so far."""

    @property
    def most_skipped(self) -> int:
        """How many columns can be scrolled away until the last one is in view."""
        return most_skipped(self.columns, self._width - GUTTER - 1, self.frozen)

    def lay_out(self, width: int) -> None:
        """Lay out the columns for a width; clear the caches."""
        self._width = width
        self.skipped = min(self.skipped, self.most_skipped)
        self._placed = None
        self._cells.clear()
        self._rows.clear()
        self._decimals.clear()

    def measure(self, keys: Sequence[str]) -> None:
        """Find the position of the decimal points of these rows before they are drawn."""
        aligned = [each.column.key for each in self.placed if each.column.justify == "decimal"]
        has_grown = False
        for column in aligned:
            most = before = self._decimals.get(column, 0)
            for key in keys:
                if self._cells.get(key) is None:
                    most = max(most, decimals(self._cell_text(key, column).plain) or 0)
            self._decimals[column] = most
            has_grown = has_grown or most > before
        if has_grown:
            self._cells.clear()
            self._rows.clear()

    def forget_rows(self, keys: Sequence[str]) -> None:
        """Clear the cached cells of these rows."""
        for key in keys:
            self._cells.discard(key)
        self._rows.clear()

    def forget_styles(self) -> None:
        """Clear the drawn rows after a change of styles."""
        self._rows.clear()

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The columns in view, with start and width."""
        if self._placed is None:
            room = self._width - GUTTER - 1
            self._placed = arrange(self.columns, room, self.frozen, self.skipped)
        return self._placed

    def header(self, sort: tuple[str, bool] | None, style: Style) -> Strip:
        """Draw the titles; ``sort`` is the sorted column and whether it is descending."""
        width, placed = self._width, self.placed
        titles = (" " * GAP).join(_title(place, sort) for place in placed)
        before = "<" if self.skipped else " "
        after = ">" if len(placed) + self.skipped < len(self.columns) else " "
        return strip_of([(fit(before + titles, width - 1) + after, style)], width, style)

    def row(self, key: str, gutter: str, thumb: str, base: Style, *, is_cursor: bool) -> Strip:
        """Draw a row; the cursor's style replaces those of cells."""
        known = self._rows.get((key, gutter, thumb))
        if known is None:
            pieces: list[Piece] = [(gutter, base)]
            for text, style in self._fitted(key):
                gap = " " * GAP if len(pieces) > 1 else ""
                pieces += [(gap, base), (text, base if is_cursor else base + style)]
            spare = self._width - 1 - sum(cell_len(text) for text, _ in pieces)
            known = strip_of([*pieces, (" " * spare + thumb, base)], self._width, base)
            self._rows[(key, gutter, thumb)] = known
        return known

    def _fitted(self, key: str) -> list[tuple[str, Style]]:
        known = self._cells.get(key)
        if known is None:
            known = [self._fit(key, place) for place in self.placed]
            self._cells[key] = known
        return known

    def _fit(self, key: str, place: Placed) -> tuple[str, Style]:
        text = self._cell_text(key, place.column.key)
        style = Style.parse(text.style) if isinstance(text.style, str) else text.style
        words = text.plain
        if (after := decimals(words) if place.column.justify == "decimal" else None) is not None:
            spare = place.width - cell_len(words)
            words += " " * min(self._decimals.get(place.column.key, 0) - after, max(0, spare))
        return fit(words, place.width, place.column.justify), style

    def _cell_text(self, key: str, column: str) -> Text:
        """Return the text of a cell, ``GONE`` if the list no longer has the row."""
        try:
            return self.cell(key, column)
        except LookupError:
            return GONE


class Placeholder:
    """The text shown in a table without rows: loading, empty, failed."""

    def __init__(self) -> None:
        self.text = self.style = ""
        self._wrapped: list[str] | None = None

    def say(self, text: str, style: str) -> bool:
        """Set the text; return whether it changed."""
        if (text, style) == (self.text, self.style):
            return False
        self.text, self.style, self._wrapped = text, style, None
        return True

    def lay_out(self) -> None:
        """Wrap the text again."""
        self._wrapped = None

    def line(self, y: int, width: int, console: Console, style: Style, blank: Style) -> Strip:
        """Draw a line of the text."""
        room = max(1, width - 2)
        if self._wrapped is None:
            paragraphs = [Text(one_line(line, 2_000)) for line in self.text.split("\n")]
            self._wrapped = [line.plain for each in paragraphs for line in each.wrap(console, room)]
        shown = fit(self._wrapped[y], room) if y < len(self._wrapped) else ""
        return strip_of([(f" {shown}", style + Style.parse(self.style))], width, blank)


def _title(place: Placed, sort: tuple[str, bool] | None) -> str:
    column = place.column
    if sort is None or sort[0] != column.key:
        return fit(column.title, place.width, column.justify)
    sign = "▼" if sort[1] else "▲"
    title = fit(column.title, max(1, place.width - 1)).rstrip()
    return fit(title + sign, place.width, column.justify)
