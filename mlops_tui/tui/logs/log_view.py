"""The lines of a log that are in view."""

import re
from typing import Unpack

from rich.segment import Segment
from textual.events import MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.strip import Strip

from mlops_tui.domain.logs.log_window import LogWindow
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.line_scroll import THUMB, LineScroll
from mlops_tui.tui.kit.line_widget import WidgetPlace
from mlops_tui.tui.logs.log_keys import LOG
from mlops_tui.tui.logs.log_rows import LogRows
from mlops_tui.tui.logs.log_strip import log_strip

STEP = 8
"""Cells that a key moves a long line."""

WHEEL = 3
"""Lines that the mouse wheel moves."""

MARK = "▶"


class LogView(LineScroll, can_focus=True, inherit_bindings=False):
    """Draws the ``rows`` of a log, lets keys move them.

    Its owner gives it the window that is ``wanted``.
    """

    BINDINGS = bindings(LOG)

    class Moved(Message):
        """Other lines came into view; they may have to be read."""

    def __init__(self, **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self.clear()

    def clear(self) -> None:
        """Forget all lines, as for another log."""
        self._sought: re.Pattern[str] | None = None
        self.rows = LogRows()
        self.marked: int | None = None
        self._strips: dict[int, Strip] = {}
        self._show_rows()

    @property
    def top(self) -> int:
        """The first line in view."""
        return self.rows.top

    @property
    def text(self) -> str:
        """All lines that are held."""
        return "\n".join(line.text for line in self.rows.window.lines)

    def show(self, window: LogWindow) -> None:
        """Hold another window."""
        if self.rows.window.life != window.life:
            self.marked = None
        self._strips.clear()
        self.rows.hold(window)
        self._show_rows()

    def highlight(self, sought: re.Pattern[str] | None) -> None:
        """Highlight what is sought."""
        self._sought = sought
        self._strips.clear()
        self.repaint()

    def mark(self, line: int | None) -> None:
        """Mark a line, with some lines of what came before it; None takes the mark away."""
        self.marked = line
        if line is not None:
            self.rows.go(line - self.page // 3)
            self.post_message(self.Moved())
        self._show_rows()

    def notify_style_update(self) -> None:
        """Forget the styles of the old theme."""
        self._strips.clear()
        super().notify_style_update()

    def resized(self) -> None:
        """Keep the end in view while following."""
        self._fit()
        self.rows.settle()
        self._tell_moved()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Go up with the wheel."""
        event.prevent_default().stop()
        self.action_move(-WHEEL)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Go down with the wheel."""
        event.prevent_default().stop()
        self.action_move(WHEEL)

    def draw(self, y: int) -> Strip:
        """Return a row of the screen."""
        width, base = self.size.width, self.style_of()
        rows = self.rows.placed
        thumb = Strip([Segment(THUMB if self.has_thumb(y) else " ", base)])
        if y >= len(rows):
            return Strip.join([Strip.blank(width - 1, base), thumb])
        line, start, end = rows[y]
        is_marked = line == self.marked and (not start or not self.rows.wraps)
        mark = "" if self.marked is None else f"{MARK} " if is_marked else "  "
        body = Strip.join([Strip([Segment(mark, base)]), self._strip(line).crop(start, end)])
        return Strip.join([body.adjust_cell_length(width - 1, base), thumb])

    def action_move(self, rows: int) -> None:
        """Go so many rows down, up where they are below 0."""
        self.rows.move(rows)
        self._tell_moved()

    def action_move_page(self, pages: int) -> None:
        """Go so many pages down, up where they are below 0."""
        self.action_move(pages * self.page)

    def action_move_sideways(self, steps: int) -> None:
        """Show more of the end of long lines, of their beginning where below 0."""
        self.rows.move_sideways(steps * STEP)
        self.repaint()

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self.rows.go_home()
        self._tell_moved()

    def action_scroll_end(self) -> None:
        """Go to the last line; follow the log again."""
        self.rows.follow()
        self._tell_moved()

    def action_toggle_follow(self) -> None:
        """Stay with what is in view, or follow the log again."""
        if self.rows.following:
            self.rows.stay()
            self._tell_moved()
        else:
            self.action_scroll_end()

    def action_toggle_wrap(self) -> None:
        """Fold long lines, or let them run on to the right."""
        self.rows.toggle_wrap()
        self._tell_moved()

    def _tell_moved(self) -> None:
        self._show_rows()
        self.post_message(self.Moved())

    def _fit(self) -> None:
        gutter = 0 if self.marked is None else len(f"{MARK} ")
        self.rows.fit(self.page, max(1, self.size.width - len(THUMB) - gutter))

    def _show_rows(self) -> None:
        self._fit()
        self.set_line_count(self.rows.line_count)
        self.repaint()

    def _strip(self, line: int) -> Strip:
        if line not in self._strips:
            self._strips[line] = log_strip(self.rows.line(line), self.style_of(), self._sought)
        return self._strips[line]
