"""Which lines of a log stand on which rows of the screen."""

from rich.cells import cell_len, chop_cells

from mlops_tui.domain.logs.log_window import LogWindow
from mlops_tui.domain.logs.terminal_text import LogLine
from mlops_tui.tui.logs.log_strip import log_text

PAGES = 3
"""Pages that are held: the one in view, one to each side."""

LEAST_HELD = 100

Row = tuple[int, int, int]
"""A line with the cells of it that stand on one row of the screen."""


class LogRows:
    """The place in a log, of any length, of which a window is held.

    It follows the end of the log until somebody moves up, and again from the last line on.
    """

    def __init__(self, *, wraps: bool = False) -> None:
        self.window = LogWindow((), 0, 0, 0, 0)
        self.following, self.wraps = True, wraps
        self.top = 0
        """The first line in view."""
        self.page = self._width = 1
        self._skipped = self._shift = 0
        self._wants_home = False
        self._placed: list[Row] | None = None

    def fit(self, page: int, width: int) -> None:
        """Take so many rows of so many cells."""
        self.page, self._width, self._placed = page, width, None

    @property
    def line_count(self) -> int:
        """How many lines there are, as far as they are counted."""
        known = self.window.first is not None
        return self.window.total if known else len(self.window.lines)

    @property
    def wanted(self) -> tuple[int | None, int]:
        """The first line to be held, None for the last ones, with how many."""
        most = max(LEAST_HELD, PAGES * self.page)
        if self._wants_home:
            return 0, most
        if self.following or self.window.first is None:
            return None, most
        return max(0, self.top - (most - self.page) // 2), most

    @property
    def is_covered(self) -> bool:
        """Whether every line in view is held."""
        last = min(self.top + self.page, self.line_count)
        return not self._wants_home and self._held.start <= self.top and last <= self._held.stop

    @property
    def in_view(self) -> range:
        """The lines in view."""
        rows = self.placed
        return range(rows[0][0], rows[-1][0] + 1) if rows else range(0)

    @property
    def placed(self) -> list[Row]:
        """What stands on each row of the screen, worked out once for each look."""
        if self._placed is None:
            self._placed = self._place()
        return self._placed

    def line(self, line: int) -> LogLine:
        """Return a line, an empty one where it is not held."""
        place = line - self._held.start
        return self.window.lines[place] if line in self._held else LogLine("")

    def hold(self, window: LogWindow) -> None:
        """Hold another window."""
        before, self.window = self.window, window
        if before.life != window.life:
            self.top, self._skipped, self.following = 0, 0, True
        if self._wants_home:
            self._wants_home, self.top = False, 0
        elif before.first is None and window.first is not None:
            self.top += window.total - len(before.lines)
        self.settle()

    def settle(self) -> None:
        """Keep the end in view while following, else what is there."""
        end = max(0, self.line_count - self.page)
        self.top = end if self.following else min(self.top, self._last_top)
        self._placed = None

    def go(self, line: int, skipped: int = 0) -> None:
        """Begin with a line, without the first of the rows that it takes."""
        last = self._last_top
        self.top, self._skipped = max(0, min(line, last)), skipped
        self.following = not self.wraps and not self._wants_home and line >= last
        self._placed = None

    def go_home(self) -> None:
        """Begin with the first line."""
        self._wants_home = self.window.first is None
        self.go(0)

    def follow(self) -> None:
        """End with the last line, now and whenever there is another."""
        self.following = True
        self.settle()

    def stay(self) -> None:
        """Stay with what is in view."""
        if self.wraps and (shown := self.placed):
            self.top, self._skipped = shown[0][0], self._folded(shown[0][0]).index(shown[0])
        self.following, self._placed = False, None

    def move(self, rows: int) -> None:
        """Go so many rows down, up where they are below 0."""
        if not self.wraps:
            self.go((self._last_top if self.following else self.top) + rows)
            return
        held = [row for line in self._held for row in self._folded(line)]
        shown = self.placed
        place = held.index(shown[0]) if shown and shown[0] in held else 0
        target = max(0, min(place + rows, len(held) - self.page))
        if held:
            self.go(held[target][0], self._folded(held[target][0]).index(held[target]))
            is_end = target + self.page >= len(held) and self._held.stop >= self.line_count
            self.following = is_end

    def move_sideways(self, cells: int) -> None:
        """Show what stands so many cells further right in long lines, left where below 0."""
        longest = max((cell_len(log_text(self.line(line))) for line in self.in_view), default=0)
        most = 0 if self.wraps else max(0, longest - self._width)
        self._shift = max(0, min(self._shift + cells, most))
        self._placed = None

    def toggle_wrap(self) -> None:
        """Fold long lines, or let them run on to the right."""
        self.wraps, self._shift, self._skipped = not self.wraps, 0, 0
        self.settle()

    @property
    def _held(self) -> range:
        first = self.window.first or 0
        return range(first, first + len(self.window.lines))

    @property
    def _last_top(self) -> int:
        """The last line that may be the first in view."""
        return max(0, self.line_count - (1 if self.wraps else self.page))

    def _place(self) -> list[Row]:
        if not self.wraps:
            lines = range(self.top, min(self.top + self.page, self.line_count))
            return [(line, self._shift, self._shift + self._width) for line in lines]
        if self.following:
            rows: list[Row] = []
            for line in reversed(self._held):
                rows = self._folded(line) + rows
                if len(rows) >= self.page:
                    break
            return rows[-self.page :]
        rows = []
        for line in range(self.top, self.line_count):
            rows += self._folded(line)[self._skipped if line == self.top else 0 :]
            if len(rows) >= self.page:
                break
        return rows[: self.page]

    def _folded(self, line: int) -> list[Row]:
        """Return the rows that a line takes when it is folded."""
        rows: list[Row] = []
        start = 0
        for piece in chop_cells(log_text(self.line(line)), self._width):
            rows.append((line, start, start + cell_len(piece)))
            start = rows[-1][2]
        return rows or [(line, 0, 0)]
