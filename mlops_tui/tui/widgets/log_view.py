"""A log that grows."""

import re
from typing import Unpack

from rich.cells import cell_len
from textual.events import Resize
from textual.reactive import reactive
from textual.strip import Strip

from mlops_tui.domain.plain_text import lines
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.widgets.columns import fit
from mlops_tui.tui.widgets.line_scroll import THUMB, LineScroll
from mlops_tui.tui.widgets.line_widget import WidgetPlace, strip_of

MOST_LINES = 20_000
"""Lines kept; a log file holds all of them."""

SPARE_LINES = 1_000
"""Lines beyond that before the oldest are dropped, many at once."""

LONGEST_LINE = 10_000
"""Characters after which a line without an end is taken for one."""

UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[P\]X^_][^\x07\x1b]*)?\x1b?\Z")
"""An escape sequence whose end is in the next chunk."""

STEP = 8
"""Cells that a key moves a long line."""


class LogView(LineScroll, can_focus=True, inherit_bindings=False):
    """Lines of a log, of which only those in view are drawn.

    It follows the end of the log until somebody scrolls up, and again from the last line on.
    """

    BINDINGS = [*bindings("log")]

    following: reactive[bool] = reactive(default=True, repaint=False)

    def __init__(self, **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self._lines: list[str] = []
        self._tail = ""
        self._dropped = 0
        self._shift = 0

    @property
    def text(self) -> str:
        """All lines that are kept."""
        return "\n".join(self._shown(index) for index in range(self.line_count))

    def write(self, text: str) -> None:
        """Add a piece of the log, wherever it was cut."""
        *finished, self._tail = (self._tail + text).split("\n")
        for line in finished:
            self._lines += lines(line)
        if len(self._tail) > LONGEST_LINE:
            self._shorten_tail()
        self._settle(gone=self._drop_oldest())

    def clear(self) -> None:
        """Forget all lines, as for another log."""
        self._lines, self._tail, self._dropped, self._shift = [], "", 0, 0
        self.following = True
        self._settle()

    def watch_scroll_y(self, before: float, now: float) -> None:
        """Follow the log from its end on, not from elsewhere."""
        super().watch_scroll_y(before, now)
        self.following = self.top + self.page >= self.line_count

    def on_resize(self, event: Resize) -> None:
        """Keep the end in view while following."""
        super().on_resize(event)
        self._settle()

    def draw(self, y: int) -> Strip:
        """Return a line of the log."""
        width, base = self.size.width, self.style_of()
        index = self.top + y
        shown = self._shown(index) if index < self.line_count else ""
        if self._shift:
            shown = shown[self._shift :]
        thumb = THUMB if self.has_thumb(y) else " "
        return strip_of([(fit(shown, width - 1) + thumb, base)], width, base)

    def action_scroll_up(self) -> None:
        """Go one line up."""
        self.show_from(self.top - 1)

    def action_scroll_down(self) -> None:
        """Go one line down."""
        self.show_from(self.top + 1)

    def action_page_up(self) -> None:
        """Go one page up."""
        self.show_from(self.top - self.page)

    def action_page_down(self) -> None:
        """Go one page down."""
        self.show_from(self.top + self.page)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self.show_from(0)

    def action_scroll_end(self) -> None:
        """Go to the last line; follow the log again."""
        self.following = True
        self.show_from(self.line_count)

    def action_scroll_left(self) -> None:
        """Show more of the beginning of long lines."""
        self._move_sideways(-STEP)

    def action_scroll_right(self) -> None:
        """Show more of the end of long lines."""
        self._move_sideways(STEP)

    def _move_sideways(self, cells: int) -> None:
        in_view = range(self.top, min(self.top + self.page, self.line_count))
        longest = max((cell_len(self._shown(index)) for index in in_view), default=0)
        most = max(0, longest - self.size.width + STEP)
        self._shift = max(0, min(self._shift + cells, most))
        self.repaint()

    def _shown(self, index: int) -> str:
        if self._dropped and index == 0:
            return f"… {self._dropped:,} older lines are in the log file only"
        index -= bool(self._dropped)
        if index < len(self._lines):
            return self._lines[index]
        return lines(UNFINISHED.sub("", self._tail))[0]

    def _shorten_tail(self) -> None:
        """Keep the last state of a progress bar; end a line that does not end by itself."""
        before, _, last = self._tail[:-1].rpartition("\r")
        if before:
            self._tail = last + self._tail[-1]
        else:
            self._lines += lines(self._tail)
            self._tail = ""

    def _drop_oldest(self) -> int:
        """Return by how many places the lines moved up."""
        surplus = len(self._lines) - MOST_LINES
        if surplus <= SPARE_LINES:
            return 0
        said = bool(self._dropped)
        del self._lines[:surplus]
        self._dropped += surplus
        return surplus if said else surplus - 1

    def _settle(self, gone: int = 0) -> None:
        following = self.following
        count = len(self._lines) + bool(self._tail) + bool(self._dropped)
        self.set_line_count(count)
        self.show_from(count if following else self.top - gone)
        self.following = following
        self.repaint()
