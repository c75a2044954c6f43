"""How a table looks: header, rows, cursor, marks."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Unpack

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.cache import LRUCache
from textual.events import Resize
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.column_layout import GAP, Column, Placed, arrange, fit, most_skipped
from mlops_tui.tui.kit.line_scroll import THUMB, LineScroll
from mlops_tui.tui.kit.line_widget import Piece, WidgetPlace, strip_of

GUTTER = 1
"""Cells before the first column, for the cursor or a mark."""

CACHED_ROWS = 1_000
"""Rows whose look is kept: some pages around the one in view."""

NOTHING = Text()

GONE = Text("·", "dim")
"""Stands in the cells of a row that its list no longer has, until the list is shown anew."""


class TableView(LineScroll):
    """Rows by key, of which only those in view are drawn.

    A cell is a ``Text`` in one style (its spans are not drawn); on the row of the cursor it gives
    way to the cursor's style. Nothing is ever read as markup.
    """

    COMPONENT_CLASSES = {"table--header", "table--cursor", "table--empty"}
    DEFAULT_CSS = """
    TableView {
        & > .table--header { background: $panel; color: $foreground; text-style: bold; }
        & > .table--empty { color: $text-muted; }
        & > .table--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
        }
        &:focus > .table--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
        }
    }
    """
    HEADER = 1

    marked: reactive[frozenset[str]] = reactive(frozenset[str], repaint=False, init=False)
    """The keys that were marked, shown or not."""
    sort: reactive[tuple[str, bool] | None] = reactive(None, repaint=False, init=False)
    """The column that the rows are sorted by, for the header's sign; whether in falling order."""

    def __init__(
        self, columns: Sequence[Column], frozen: int, **place: Unpack[WidgetPlace]
    ) -> None:
        super().__init__(**place)
        self._columns = tuple(columns)
        self._frozen = frozen
        self._skipped = 0
        self._keys: Sequence[str] = ()
        self._cell: Callable[[str, str], Text] = lambda _key, _column: NOTHING
        self._cursor = 0
        self._empty: tuple[str, str] = ("", "")
        self._wrapped: list[str] | None = None
        self._placed: tuple[Placed, ...] | None = None
        self._cells: LRUCache[str, list[tuple[str, Style]]] = LRUCache(CACHED_ROWS)
        self._rows: LRUCache[tuple[str, str, bool], Strip] = LRUCache(CACHED_ROWS)

    def say(self, text: str, style: str = "") -> None:
        """Set what is shown where there are no rows: loading, empty, failed."""
        if (text, style) != self._empty:
            self._empty, self._wrapped = (text, style), None
            self.repaint()

    def watch_marked(self) -> None:
        """Show the marks."""
        self.repaint()

    def watch_sort(self) -> None:
        """Show the sign in the header."""
        self.repaint()

    def on_resize(self, event: Resize) -> None:
        """Give columns and words their places anew."""
        super().on_resize(event)
        self._wrapped = None
        self.forget_places()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the rows of the old theme, or of the other focus."""
        self._rows.clear()
        super().notify_style_update()

    def forget_places(self) -> None:
        """Place the columns anew, fitting the cells to them."""
        room = self.size.width - GUTTER - 1
        self._skipped = min(self._skipped, most_skipped(self._columns, room, self._frozen))
        self._placed = None
        self._cells.clear()
        self._rows.clear()

    def forget_rows(self, keys: Sequence[str]) -> None:
        """Ask for the cells of these rows anew."""
        for key in keys:
            self._cells.discard(key)
        self._rows.clear()

    def placed(self) -> tuple[Placed, ...]:
        """Return the columns in view with their places."""
        if self._placed is None:
            room = self.size.width - GUTTER - 1
            self._placed = arrange(self._columns, room, self._frozen, self._skipped)
        return self._placed

    def draw(self, y: int) -> Strip:
        """Return the header, a row, or a line of what is said instead."""
        if y == 0:
            return self._draw_header()
        if not self._keys:
            return self._draw_empty(y - 1)
        index = self.top + y - 1
        if index >= len(self._keys):
            return Strip.blank(self.size.width, self.style_of())
        return self._draw_row(index, THUMB if self.has_thumb(y) else " ")

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a part to Textual, as they are kept.

        Textual would make new strips of them, for borders or effects: half of what a step costs.
        """
        if self.styles.gutter or self.opacity < 1:
            return super().render_lines(crop)
        self.place_thumb()
        strips, background = map(self.render_line, crop.line_range), self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = map(
                partial(Strip.apply_filter, filter=line_filter, background=background), strips
            )
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _draw_header(self) -> Strip:
        width, style, placed = self.size.width, self.style_of("table--header"), self.placed()
        titles = (" " * GAP).join(self._title(place) for place in placed)
        before = "<" if self._skipped else " "
        after = ">" if len(placed) + self._skipped < len(self._columns) else " "
        return strip_of([(fit(before + titles, width - 1) + after, style)], width, style)

    def _title(self, place: Placed) -> str:
        column = place.column
        if self.sort is None or self.sort[0] != column.key:
            return fit(column.title, place.width, column.justify)
        sign = "▼" if self.sort[1] else "▲"
        title = fit(column.title, max(1, place.width - 1)).rstrip()
        return fit(title + sign, place.width, column.justify)

    def _draw_empty(self, y: int) -> Strip:
        width = self.size.width
        room = max(1, width - 2)
        if self._wrapped is None:
            self._wrapped = self._wrap(self._empty[0], room)
        shown = fit(self._wrapped[y], room) if y < len(self._wrapped) else ""
        style = self.style_of("table--empty") + Style.parse(self._empty[1])
        return strip_of([(f" {shown}", style)], width, self.style_of())

    def _wrap(self, text: str, width: int) -> list[str]:
        paragraphs = [Text(one_line(line, 2_000)) for line in text.split("\n")]
        return [line.plain for text in paragraphs for line in text.wrap(self.app.console, width)]

    def _draw_row(self, index: int, thumb: str) -> Strip:
        key, is_cursor = self._keys[index], index == self._cursor
        gutter = self._gutter(is_cursor=is_cursor, is_marked=key in self.marked)
        known = self._rows.get((key, gutter, thumb == THUMB))
        if known is None:
            base = self.style_of("table--cursor" if is_cursor else "")
            pieces: list[Piece] = [(gutter, base)]
            for text, style in self._fitted(key):
                gap = " " * GAP if len(pieces) > 1 else ""
                pieces += [(gap, base), (text, base if is_cursor else base + style)]
            spare = self.size.width - 1 - sum(cell_len(text) for text, _ in pieces)
            known = strip_of([*pieces, (" " * spare + thumb, base)], self.size.width, base)
            self._rows[(key, gutter, thumb == THUMB)] = known
        return known

    def _gutter(self, *, is_cursor: bool, is_marked: bool) -> str:
        if not is_cursor:
            return "●" if is_marked else " "
        if self.has_focus:
            return "◉" if is_marked else "▌"
        return "◎" if is_marked else "│"

    def _fitted(self, key: str) -> list[tuple[str, Style]]:
        known = self._cells.get(key)
        if known is None:
            known = [self._fit(key, place) for place in self.placed()]
            self._cells[key] = known
        return known

    def _fit(self, key: str, place: Placed) -> tuple[str, Style]:
        text = self._cell_text(key, place.column.key)
        style = Style.parse(text.style) if isinstance(text.style, str) else text.style
        return fit(text.plain, place.width, place.column.justify), style

    def _cell_text(self, key: str, column: str) -> Text:
        """Return the text of a cell; a repaint may come before a changed list is shown."""
        try:
            return self._cell(key, column)
        except LookupError:
            return GONE
