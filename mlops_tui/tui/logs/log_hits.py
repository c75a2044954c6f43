"""The lines of a log in which something was found."""

from array import array
from bisect import bisect_left, bisect_right

from mlops_tui.domain.logs.log_window import FoundLines, LogSearch, Sought
from mlops_tui.domain.plain_text import one_line

MOST_HITS = 100_000
"""Lines after which a search ends: 800 kB."""


class LogHits:
    """What a search has found so far, in order."""

    def __init__(self, search: LogSearch) -> None:
        self.search = search
        self.forget()

    def forget(self) -> None:
        """Begin anew, as in another log."""
        self.lines = array("Q")
        self.next_line = 0
        self.is_all = False
        self.share = 0.0
        self.life: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether there are more than are kept."""
        return len(self.lines) >= MOST_HITS

    def add(self, found: FoundLines) -> bool:
        """Take what was found; return whether the log is still the same."""
        if self.life not in (None, found.life):
            self.forget()
            return False
        self.life = found.life
        self.lines.extend(found.lines[: MOST_HITS - len(self.lines)])
        self.next_line, self.is_all, self.share = found.next_line, found.is_all, found.share
        return True

    def after(self, line: int) -> int | None:
        """Return the first hit after a line."""
        place = bisect_right(self.lines, line)
        return self.lines[place] if place < len(self.lines) else None

    def before(self, line: int) -> int | None:
        """Return the last hit before a line, once all before it is searched."""
        place = bisect_left(self.lines, line)
        if not place or not (self.is_all or self.is_full or self.next_line >= line):
            return None
        return self.lines[place - 1]

    def summary(self, line: int | None) -> str:
        """Return how many there are, which of them the line is."""
        count = f"{len(self.lines):,}{'+' if self.is_full else ''}"
        place = bisect_left(self.lines, line) if line is not None else len(self.lines)
        if place < len(self.lines) and self.lines[place] == line:
            count = f"{place + 1:,} of {count}"
        what = "errors"
        if self.search.sought is Sought.TEXT:
            what = f"lines with {one_line(self.search.text, 20)!r}"
        searched = "" if self.is_all or self.is_full else f", {self.share:.0%} searched"
        return f"{count} {what}{searched}"
