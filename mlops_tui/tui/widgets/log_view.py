"""The lines of a log that are in view."""

import re
from typing import Unpack

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.events import MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from mlops_tui.domain.log_window import LogWindow
from mlops_tui.domain.terminal_text import LogLine
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.log_strip import log_strip
from mlops_tui.tui.widgets.line_scroll import THUMB, LineScroll
from mlops_tui.tui.widgets.line_widget import WidgetPlace

STEP = 8
"""Cells that a key moves a long line."""

WHEEL = 3
"""Lines that the mouse wheel moves."""

PAGES = 3
"""Pages that are held: the one in view, one to each side."""

LEAST_HELD = 100
MARK, NO_MARK = "▶ ", "  "

Row = tuple[int, int, int]
"""A line with the cells of it that stand on one row of the screen."""


class LogView(LineScroll, can_focus=True, inherit_bindings=False):
    """Holds a window of a log, of any length.

    It follows the end of the log until somebody scrolls up, and again from the last line on. Its
    owner gives it the window that is ``wanted``.
    """

    BINDINGS = bindings("log")

    following: reactive[bool] = reactive(default=True, repaint=False)

    class Moved(Message):
        """Other lines came into view; they may have to be read."""

    def __init__(self, **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self.clear()

    def clear(self) -> None:
        """Forget all lines, as for another log."""
        self.window = LogWindow((), 0, 0, 0, 0)
        self.wraps = False
        self.marked: int | None = None
        self._sought: re.Pattern[str] | None = None
        self._top = self._skipped = self._shift = 0
        self._wants_home = False
        self._strips: dict[int, Strip] = {}
        self._placed: list[Row] | None = None
        self.following = True
        self._settle()

    @property
    def top(self) -> int:
        """The first line in view."""
        return self._top

    @property
    def text(self) -> str:
        """All lines that are held."""
        return "\n".join(line.text for line in self.window.lines)

    @property
    def wanted(self) -> tuple[int | None, int]:
        """The first line to be held, None for the last ones, with how many."""
        most = max(LEAST_HELD, PAGES * self.page)
        if self._wants_home:
            return 0, most
        if self.following or self.window.first is None:
            return None, most
        return max(0, self._top - (most - self.page) // 2), most

    @property
    def is_covered(self) -> bool:
        """Whether every line in view is held."""
        held = len(self.window.lines)
        last = min(self._top + self.page, self.line_count)
        return not self._wants_home and self._base <= self._top and last <= self._base + held

    @property
    def in_view(self) -> range:
        """The lines in view."""
        rows = self._rows()
        return range(rows[0][0], rows[-1][0] + 1) if rows else range(0)

    def show(self, window: LogWindow) -> None:
        """Hold another window."""
        before, self.window = self.window, window
        self._strips.clear()
        if before.life != window.life:
            self.marked, self._top, self._skipped, self.following = None, 0, 0, True
        if self._wants_home:
            self._wants_home, self._top = False, 0
        elif before.first is None and window.first is not None:
            self._top += window.total - len(before.lines)
        self._settle()

    def highlight(self, sought: re.Pattern[str] | None) -> None:
        """Highlight what is sought."""
        self._sought = sought
        self._strips.clear()
        self.repaint()

    def go_to(self, line: int) -> None:
        """Mark a line, with some lines of what came before it."""
        self.marked = line
        self._go(line - self.page // 3)
        self.repaint()

    def repaint(self) -> None:
        """Send the rows whose look has changed."""
        self._placed = None
        super().repaint()

    def notify_style_update(self) -> None:
        """Forget the styles of the old theme."""
        self._strips.clear()
        super().notify_style_update()

    def on_resize(self, event: Resize) -> None:
        """Keep the end in view while following."""
        super().on_resize(event)
        self._settle()
        self.post_message(self.Moved())

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Go up with the wheel."""
        event.prevent_default().stop()
        self._move(-WHEEL)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Go down with the wheel."""
        event.prevent_default().stop()
        self._move(WHEEL)

    def draw(self, y: int) -> Strip:
        """Return a row of the screen."""
        width, base = self.size.width, self.style_of()
        rows = self._rows()
        thumb = Strip([Segment(THUMB if self.has_thumb(y) else " ", base)])
        if y >= len(rows):
            return Strip.join([Strip.blank(width - 1, base), thumb])
        line, start, end = rows[y]
        body = self._strip(line).crop(start, end)
        if self.marked is not None:
            sign = MARK if line == self.marked and (not start or not self.wraps) else NO_MARK
            body = Strip.join([Strip([Segment(sign, base)]), body])
        return Strip.join([body.adjust_cell_length(width - 1, base), thumb])

    def action_scroll_up(self) -> None:
        """Go one line up."""
        self._move(-1)

    def action_scroll_down(self) -> None:
        """Go one line down."""
        self._move(1)

    def action_page_up(self) -> None:
        """Go one page up."""
        self._move(-self.page)

    def action_page_down(self) -> None:
        """Go one page down."""
        self._move(self.page)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self._wants_home = self.window.first is None
        self._go(0)

    def action_scroll_end(self) -> None:
        """Go to the last line; follow the log again."""
        self.following = True
        self._settle()
        self.post_message(self.Moved())

    def action_toggle_follow(self) -> None:
        """Stay with what is in view, or follow the log again."""
        if self.following:
            self.following = False
            self.post_message(self.Moved())
        else:
            self.action_scroll_end()

    def action_toggle_wrap(self) -> None:
        """Fold long lines, or let them run on to the right."""
        self.wraps, self._shift, self._skipped = not self.wraps, 0, 0
        self._settle()
        self.post_message(self.Moved())

    def action_scroll_left(self) -> None:
        """Show more of the beginning of long lines."""
        self._move_sideways(-STEP)

    def action_scroll_right(self) -> None:
        """Show more of the end of long lines."""
        self._move_sideways(STEP)

    @property
    def _base(self) -> int:
        return self.window.first or 0

    @property
    def _room(self) -> int:
        gutter = 0 if self.marked is None else len(MARK)
        return max(1, self.size.width - len(THUMB) - gutter)

    def _move_sideways(self, cells: int) -> None:
        longest = max((self._strip(line).cell_length for line in self.in_view), default=0)
        most = 0 if self.wraps else max(0, longest - self._room)
        self._shift = max(0, min(self._shift + cells, most))
        self.repaint()

    def _move(self, rows: int) -> None:
        if not self.wraps:
            self._go((self._last_top if self.following else self._top) + rows)
            return
        held = [row for line in self._held for row in self._folded(line)]
        shown = self._rows()
        place = held.index(shown[0]) if shown and shown[0] in held else 0
        target = max(0, min(place + rows, len(held) - self.page))
        if held:
            self._go(held[target][0], self._folded(held[target][0]).index(held[target]))
            self.following = self._ends_at(held, target)

    def _ends_at(self, held: list[Row], target: int) -> bool:
        """Return whether a page from there on shows the last line."""
        ends = target + self.page >= len(held)
        return ends and self._held.stop >= self.line_count

    def _go(self, line: int, skipped: int = 0) -> None:
        last = self._last_top
        self._top, self._skipped = max(0, min(line, last)), skipped
        self.following = not self.wraps and not self._wants_home and line >= last
        self.repaint()
        self.post_message(self.Moved())

    @property
    def _last_top(self) -> int:
        """The last line that may be the first in view."""
        return max(0, self.line_count - (1 if self.wraps else self.page))

    @property
    def _held(self) -> range:
        return range(self._base, self._base + len(self.window.lines))

    def _settle(self) -> None:
        known = self.window.first is not None
        self.set_line_count(self.window.total if known else len(self.window.lines))
        end = max(0, self.line_count - self.page)
        self._top = end if self.following else min(self._top, self._last_top)
        self.repaint()

    def _rows(self) -> list[Row]:
        """Return what stands on each row of the screen, worked out once for each look."""
        if self._placed is None:
            self._placed = self._place()
        return self._placed

    def _place(self) -> list[Row]:
        if not self.wraps:
            lines = range(self._top, min(self._top + self.page, self.line_count))
            return [(line, self._shift, self._shift + self._room) for line in lines]
        if self.following:
            rows: list[Row] = []
            for line in reversed(self._held):
                rows = self._folded(line) + rows
                if len(rows) >= self.page:
                    break
            return rows[-self.page :]
        rows = []
        for line in range(self._top, self.line_count):
            rows += self._folded(line)[self._skipped if line == self._top else 0 :]
            if len(rows) >= self.page:
                break
        return rows[: self.page]

    def _folded(self, line: int) -> list[Row]:
        """Return the rows that a line takes when it is folded."""
        rows: list[Row] = []
        start = 0
        for piece in chop_cells(self._strip(line).text, self._room):
            rows.append((line, start, start + cell_len(piece)))
            start = rows[-1][2]
        return rows or [(line, 0, 0)]

    def _line(self, line: int) -> LogLine:
        place = line - self._base
        held = self.window.lines
        return held[place] if 0 <= place < len(held) else LogLine("")

    def _strip(self, line: int) -> Strip:
        if line not in self._strips:
            self._strips[line] = log_strip(self._line(line), self.style_of(), self._sought)
        return self._strips[line]
