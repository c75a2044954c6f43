"""The one table of every list."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, Unpack

from rich.text import Text
from textual.events import Click, Resize

from mlops_tui.tui.kit import table_messages
from mlops_tui.tui.kit.column_layout import Column, most_skipped
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.keys import TABLE
from mlops_tui.tui.kit.line_widget import WidgetPlace
from mlops_tui.tui.kit.table_view import GUTTER, TableView

__all__ = ["Column", "Table"]


class Table(TableView, can_focus=True, inherit_bindings=False):
    """Rows by key, with a cursor, marks, sorted columns."""

    BINDINGS = [*bindings(TABLE)]

    Highlighted: TypeAlias = table_messages.Highlighted
    Opened: TypeAlias = table_messages.Opened
    Marked: TypeAlias = table_messages.Marked
    HeaderPressed: TypeAlias = table_messages.HeaderPressed
    Scrolled: TypeAlias = table_messages.Scrolled
    NearEnd: TypeAlias = table_messages.NearEnd

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        frozen: int = 0,
        markable: bool = False,
        openable: bool = True,
        **place: Unpack[WidgetPlace],
    ) -> None:
        super().__init__(columns, frozen, **place)
        self._markable = markable
        self._openable = openable
        self.why_closed: Callable[[str], str] = lambda _key: ""
        """Why the row of a key cannot be opened, nothing where it can."""
        self._was_closed = False
        self._end_told = False
        self._stays_at_start = False

    @property
    def keys(self) -> Sequence[str]:
        """The keys of all rows, in their order."""
        return self._keys

    @property
    def keys_around(self) -> list[str]:
        """The keys of the rows in view, with two pages before and after them."""
        first = max(0, self.top - 2 * self.page)
        return list(self._keys[first : self.top + 3 * self.page])

    @property
    def cursor_key(self) -> str | None:
        """The key of the row that the cursor is on."""
        return self._keys[self._cursor] if self._keys else None

    def show(
        self,
        keys: Sequence[str],
        cell: Callable[[str, str], Text],
        columns: Sequence[Column] | None = None,
    ) -> None:
        """Show other rows, or the same ones anew.

        ``cell(key, column)`` is called for the rows in view only, once until the next ``show``.
        The keys are kept as they are given: whoever has very many packs them (``IdList``).
        The cursor stays on its key, unless it stays at the start; where its key is gone, on its
        place in the list. Its row keeps its line on the screen, unless the list is at its top.
        """
        if bool(keys) is not bool(self._keys) and self.is_attached:
            self.refresh_bindings()
        before, line = self.cursor_key, self._cursor - self.top
        self._keys, self._cell = keys, cell
        self._columns = self._columns if columns is None else tuple(columns)
        self._cursor = 0 if self._stays_at_start else self._place_of(before)
        self._end_told = False
        self.set_line_count(len(self._keys))
        self.forget_places()
        keeps_line = self.top and 0 <= line < self.page
        self.show_from(self._cursor - line if keeps_line else self.top)
        self._settle(before)

    def stay_at_start(self) -> None:
        """Put the cursor on the first row, whichever that comes to be, until it is moved."""
        self._move(0)
        self._stays_at_start = True

    def refresh_rows(self, keys: Sequence[str]) -> None:
        """Draw the rows of these keys anew."""
        self.forget_rows(keys)
        self.repaint()

    def move_to(self, key: str) -> None:
        """Put the cursor on the row of ``key``, if there is one."""
        place = self._place_of(key)
        if self._keys and self._keys[place] == key:
            self._move(place)

    def show_first_columns(self) -> None:
        """Scroll sideways to the first columns, as for other rows with columns of their own."""
        self._skip(0)

    def reveal_column(self, key: str) -> None:
        """Scroll sideways, as little as will do, until a column is in view, whole if it can be."""
        keys = [column.key for column in self._columns]
        wanted = keys.index(key) - self._frozen if key in keys else 0
        if 0 <= wanted < self._skipped:
            self._skip(wanted)
        for skipped in range(self._skipped, wanted + 1):
            if any(each.column.key == key and each.is_whole for each in self.placed()):
                break
            self._skip(skipped)

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view."""
        super().on_resize(event)
        self.set_line_count(len(self._keys))
        self.show_from(self.top)
        self._reveal()

    def watch_scroll_y(self, before: float, now: float) -> None:
        """Draw the rows now in view; tell when they are the last."""
        super().watch_scroll_y(before, now)
        self.post_message(self.Scrolled(self))
        self._tell_near_end()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open or to mark rows where that does something."""
        if action in ("open", "mark") and self.why_unavailable(action):
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Return why rows cannot be opened or marked here; nothing where they can."""
        if action == "mark" and not self._markable:
            return "Rows of this list cannot be marked."
        if action == "open" and not self._openable:
            return "Rows of this list hold nothing to be opened."
        if action in ("open", "mark") and not self._keys:
            return "There is no row under the cursor."
        return self.why_closed(self._keys[self._cursor]) if action == "open" else ""

    def action_cursor_up(self) -> None:
        """Go one row up."""
        self._move(self._cursor - 1)

    def action_cursor_down(self) -> None:
        """Go one row down."""
        self._move(self._cursor + 1)

    def action_page_up(self) -> None:
        """Go one page up."""
        self.show_from(self.top - self.page)
        self._move(self._cursor - self.page)

    def action_page_down(self) -> None:
        """Go one page down."""
        self.show_from(self.top + self.page)
        self._move(self._cursor + self.page)

    def action_scroll_home(self) -> None:
        """Go to the first row."""
        self._move(0)

    def action_scroll_end(self) -> None:
        """Go to the last row."""
        self._move(len(self._keys) - 1)

    def action_scroll_left(self) -> None:
        """Bring the column before those in view."""
        self._skip(self._skipped - 1)

    def action_scroll_right(self) -> None:
        """Bring the column after those in view."""
        self._skip(self._skipped + 1)

    def action_open(self) -> None:
        """Tell that the row of the cursor was opened."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Opened(self, key))

    def action_mark(self) -> None:
        """Mark the row of the cursor, or take its mark away."""
        if (key := self.cursor_key) is not None:
            self.marked ^= {key}
            self.post_message(self.Marked(self, key))

    def on_click(self, event: Click) -> None:
        """Move the cursor to the row, open it at the second click; press a title."""
        if event.y == 0:
            self._press_header(event.x - GUTTER)
            return
        place = self.top + event.y - 1
        if place < len(self._keys):
            if place == self._cursor and event.chain == 2:  # noqa: PLR2004 - a double click
                self.action_open()
            self._move(place)

    def _press_header(self, x: int) -> None:
        for place in self.placed():
            if place.start <= x <= place.start + place.width:
                self.post_message(self.HeaderPressed(self, place.column.key))
                return

    def _move(self, place: int) -> None:
        before, self._stays_at_start = self.cursor_key, False
        self._cursor = max(0, min(place, len(self._keys) - 1))
        self._settle(before)

    def _skip(self, count: int) -> None:
        room = self.size.width - GUTTER - 1
        most = most_skipped(self._columns, room, self._frozen)
        self._skipped = max(0, min(count, most))
        self.forget_places()
        self.repaint()

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
        if reached >= len(self._keys) > 0 and not self._end_told and self.size:
            self._end_told = True
            self.post_message(self.NearEnd(self))

    def _reveal(self) -> None:
        if self._cursor < self.top:
            self.show_from(self._cursor)
        elif self._cursor >= self.top + self.page:
            self.show_from(self._cursor - self.page + 1)

    def _place_of(self, key: str | None) -> int:
        same = min(self._cursor, max(0, len(self._keys) - 1))
        if key is None or not self._keys or self._keys[same] == key:
            return same
        try:
            return self._keys.index(key)
        except ValueError:
            return same
