"""The table widget of all lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, TypeAlias, Unpack

from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.keys import TABLE
from mlops_tui.tui.kit.line_scroll import THUMB, LineScroll
from mlops_tui.tui.kit.line_widget import WidgetPlace
from mlops_tui.tui.kit.row_painter import GUTTER, Cell, Placeholder, RowPainter

__all__ = ["Column", "Table"]


@dataclass
class TableMessage(Message):
    """A message of a table; ``control`` lets ``@on`` select by table."""

    table: "Table"

    @property
    def control(self) -> "Table":
        """The table."""
        return self.table


@dataclass
class Highlighted(TableMessage, namespace="table"):
    """The cursor moved to another row."""

    key: str


@dataclass
class Opened(TableMessage, namespace="table"):
    """A row was opened by enter or a double click."""

    key: str


@dataclass
class HeaderPressed(TableMessage, namespace="table"):
    """The title of a column was clicked."""

    column: str


@dataclass
class Scrolled(TableMessage, namespace="table"):
    """Other rows came into view."""


@dataclass
class NearEnd(TableMessage, namespace="table"):
    """The cursor or the view is within a page of the last row; posted once per ``show``."""


class Table(LineScroll, can_focus=True, inherit_bindings=False):
    """A table with cursor, marks and a sorted column that draws only the rows in view.

    Cells are never read as markup.
    """

    BINDINGS = [*bindings(TABLE)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--header", "table--cursor", "table--empty"}
    DEFAULT_CSS = """
    Table {
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
    Highlighted: TypeAlias = Highlighted
    Opened: TypeAlias = Opened
    HeaderPressed: TypeAlias = HeaderPressed
    Scrolled: TypeAlias = Scrolled
    NearEnd: TypeAlias = NearEnd

    marked: reactive[frozenset[str]] = reactive(frozenset[str], repaint=False, init=False)
    """The keys of the marked rows, in view or not."""
    sort: reactive[tuple[str, bool] | None] = reactive(None, repaint=False, init=False)
    """The sorted column and whether it is descending, for the sign in the header."""

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        frozen: int = 0,
        on_mark: Callable[[str], None] | None = None,
        openable: bool = True,
        **place: Unpack[WidgetPlace],
    ) -> None:
        """Show rows, which can be marked if there is ``on_mark``.

        It is called at once with the row that was marked or unmarked: a message would come after
        the next key, which may be about the marks.
        """
        super().__init__(**place)
        self.keys: Sequence[str] = ()
        """The keys of all rows, in their order."""
        self.painter = RowPainter(columns, frozen)
        self._placeholder = Placeholder()
        self._on_mark = on_mark
        self._openable = openable
        self.why_closed: Callable[[str], str] = lambda _key: ""
        """Returns why a row cannot be opened, empty if it can."""
        self._was_closed = False
        self._cursor = 0
        self._stays_at_start = False
        self._end_told = False

    @property
    def keys_around(self) -> list[str]:
        """The keys of the rows in view, with two pages before and after them."""
        first = max(0, self.top - 2 * self.page)
        return list(self.keys[first : self.top + 3 * self.page])

    @property
    def cursor_key(self) -> str | None:
        """The key of the row that the cursor is on."""
        return self.keys[self._cursor] if self.keys else None

    def show(
        self, keys: Sequence[str], cell: Cell, columns: Sequence[Column] | None = None
    ) -> None:
        """Replace or refresh the rows.

        ``cell(key, column)`` is called for the rows in view only, once until the next ``show``.
        The keys are kept as they are given: whoever has very many packs them (``IdList``).
        The cursor stays on its key, unless it stays at the start; where its key is gone, on its
        place in the list. Its row keeps its line on the screen, unless the list is at its top.
        """
        if bool(keys) is not bool(self.keys) and self.is_attached:
            self.refresh_bindings()
        before, line = self.cursor_key, self._cursor - self.top
        self.keys, self.painter.cell = keys, cell
        if columns is not None:
            self.painter.columns = tuple(columns)
        self._cursor = 0 if self._stays_at_start else self._index_of(before)
        self._end_told = False
        self.set_line_count(len(self.keys))
        self.painter.lay_out(self.size.width)
        keeps_line = self.top and 0 <= line < self.page
        self.show_from(self._cursor - line if keeps_line else self.top)
        self._measure()
        self._settle(before)

    def width_of(self, column: str) -> int:
        """Return how many cells a column in view has, 0 for any other."""
        placed = self.painter.placed
        return next((each.width for each in placed if each.column.key == column), 0)

    def say(self, text: str, style: str = "") -> None:
        """Set the text shown without rows: loading, empty, failed."""
        if self._placeholder.say(text, style):
            self.repaint()

    def stay_at_start(self) -> None:
        """Keep the cursor on the first row, whichever that is, until it is moved."""
        self._move(0)
        self._stays_at_start = True

    def refresh_rows(self, keys: Sequence[str]) -> None:
        """Redraw the rows of these keys."""
        self.painter.forget_rows(keys)
        self._measure()
        self.repaint()

    def move_to(self, key: str) -> None:
        """Put the cursor on the row of ``key``, if there is one."""
        index = self._index_of(key)
        if self.keys and self.keys[index] == key:
            self._move(index)

    def scroll_columns_to(self, skipped: int) -> None:
        """Scroll sideways, past ``skipped`` columns."""
        self.painter.skipped = max(0, min(skipped, self.painter.most_skipped))
        self.painter.lay_out(self.size.width)
        self._measure()
        self.repaint()

    def reveal_column(self, key: str) -> None:
        """Scroll sideways as little as possible until a column is in view, whole if it fits."""
        painter = self.painter
        keys = [column.key for column in painter.columns]
        wanted = keys.index(key) - painter.frozen if key in keys else 0
        if 0 <= wanted < painter.skipped:
            self.scroll_columns_to(wanted)
        for skipped in range(painter.skipped, wanted + 1):
            if any(each.column.key == key and each.is_whole for each in painter.placed):
                break
            self.scroll_columns_to(skipped)

    def draw(self, y: int) -> Strip:
        """Return the header, a row, or a line of the placeholder."""
        width, index = self.size.width, self.top + y - 1
        if y == 0:
            return self.painter.header(self.sort, self.style_of("table--header"))
        if not self.keys:
            style, blank = self.style_of("table--empty"), self.style_of()
            return self._placeholder.line(y - 1, width, self.app.console, style, blank)
        if index >= len(self.keys):
            return Strip.blank(width, self.style_of())
        key, is_cursor = self.keys[index], index == self._cursor
        gutter = "●" if key in self.marked else " "
        if is_cursor:
            signs = ("▌", "◉") if self.has_focus else ("│", "◎")
            gutter = signs[key in self.marked]
        base = self.style_of("table--cursor" if is_cursor else "")
        thumb = THUMB if self.has_thumb(y) else " "
        return self.painter.row(key, gutter, thumb, base, is_cursor=is_cursor)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return cached lines to Textual.

        Textual would copy them for borders and effects: half of the cost of a cursor step.
        """
        if self.styles.gutter or self.opacity < 1:
            return super().render_lines(crop)
        strips, background = map(self.render_line, crop.line_range), self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = map(
                partial(Strip.apply_filter, filter=line_filter, background=background), strips
            )
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def resized(self) -> None:
        """Lay out columns and placeholder; keep the cursor in view."""
        self._placeholder.lay_out()
        self.painter.lay_out(self.size.width)
        self.refresh()
        self.set_line_count(len(self.keys))
        self.show_from(self.top)
        self._measure()
        self._reveal()

    def notify_style_update(self) -> None:
        """Clear the drawn rows after a change of theme or focus."""
        self.painter.forget_styles()
        super().notify_style_update()

    def watch_marked(self) -> None:
        """Show the marks."""
        self.repaint()

    def watch_sort(self) -> None:
        """Show the sign in the header."""
        self.repaint()

    def watch_scroll_y(self, before: float, now: float) -> None:
        """Draw the rows in view; post ``NearEnd`` near the last one."""
        self._measure()
        super().watch_scroll_y(before, now)
        self.post_message(self.Scrolled(self))
        self._tell_near_end()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable open and mark where they do nothing."""
        if action in ("open", "mark") and self.why_unavailable(action):
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Return why rows cannot be opened or marked here, empty if they can."""
        if action == "mark" and self._on_mark is None:
            return "Rows of this list cannot be marked."
        if action == "open" and not self._openable:
            return "Rows of this list cannot be opened."
        if action in ("open", "mark") and not self.keys:
            return "There is no row under the cursor."
        return self.why_closed(self.keys[self._cursor]) if action == "open" else ""

    def action_move_cursor(self, where: str) -> None:
        """Move the cursor: up, down, page_up, page_down, first or last."""
        pages = {"page_up": -self.page, "page_down": self.page}
        if by := pages.get(where, 0):
            self.show_from(self.top + by)
        ends = {"first": 0, "last": len(self.keys) - 1}
        self._move(ends.get(where, self._cursor + {"up": -1, "down": 1}.get(where, by)))

    def action_scroll_columns(self, by: int) -> None:
        """Scroll sideways by a number of columns."""
        self.scroll_columns_to(self.painter.skipped + by)

    def action_open(self) -> None:
        """Post that the row under the cursor was opened."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Opened(self, key))

    def action_mark(self) -> None:
        """Mark or unmark the row under the cursor."""
        if self._on_mark and (key := self.cursor_key) is not None:
            self.marked ^= {key}
            self._on_mark(key)

    def on_click(self, event: Click) -> None:
        """Move the cursor to the row, open it at the second click; press a title."""
        index, x = self.top + event.y - 1, event.x - GUTTER
        if event.y == 0:
            under = (each for each in self.painter.placed if 0 <= x - each.start <= each.width)
            if pressed := next(under, None):
                self.post_message(self.HeaderPressed(self, pressed.column.key))
        elif index < len(self.keys):
            if index == self._cursor and event.chain == 2:  # noqa: PLR2004 - a double click
                self.action_open()
            self._move(index)

    def _measure(self) -> None:
        self.painter.measure(self.keys[self.top : self.top + self.page])

    def _move(self, index: int) -> None:
        before, self._stays_at_start = self.cursor_key, False
        self._cursor = max(0, min(index, len(self.keys) - 1))
        self._settle(before)

    def _settle(self, before: str | None) -> None:
        top = self.top
        self._reveal()
        if self.top == top:  # else it was drawn as it scrolled
            self.repaint()
        if self.cursor_key is not None and self.cursor_key != before:
            self.post_message(self.Highlighted(self, self.cursor_key))
            is_closed = bool(self.why_closed(self.cursor_key))
            if is_closed is not self._was_closed and self.is_attached:
                self._was_closed = is_closed
                self.refresh_bindings()
        self._tell_near_end()

    def _tell_near_end(self) -> None:
        reached = max(self._cursor, self.top + self.page - 1) + self.page
        if reached >= len(self.keys) > 0 and not self._end_told and self.size:
            self._end_told = True
            self.post_message(self.NearEnd(self))

    def _reveal(self) -> None:
        if self._cursor < self.top:
            self.show_from(self._cursor)
        elif self._cursor >= self.top + self.page:
            self.show_from(self._cursor - self.page + 1)

    def _index_of(self, key: str | None) -> int:
        same = min(self._cursor, max(0, len(self.keys) - 1))
        if key is None or not self.keys or self.keys[same] == key:
            return same
        try:
            return self.keys.index(key)
        except ValueError:
            return same
