"""The lines of a log that are shown, with the numbers that they then have: all, or one stream's."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import BinaryIO

from mlops_tui.domain.logs.log_stream import Stream
from mlops_tui.services.logs.log_index import LogIndex
from mlops_tui.services.logs.log_lines import ranges, stream_at

GLANCE = 1_000
"""Lines after which the clock is looked at."""


class ShownLines:
    """Lines of one log; those of one ``stream`` are kept as runs of lines that follow each other.

    There are no more runs than stretches that the marks of the log tell apart. A line of which
    the stream is not known is not shown among those of one stream. Whoever uses it holds the lock
    of ``index``.
    """

    def __init__(self, index: LogIndex, stream: Stream | None = None) -> None:
        self.index, self.stream = index, stream
        self._forget()

    def _forget(self) -> None:
        self._life = self.index.life
        self._firsts, self._before = array("Q"), array("Q")
        self.looked = 0
        """Lines of the log that were looked at."""
        self.count = 0
        """How many of those are shown."""
        self.unknown = 0
        """Of how many of those the stream is not known."""
        self.counted = 0
        """Bytes of the log up to there; all of them where nothing is left to look at for now."""
        self._next = -1
        """The line that would make the last run longer."""

    def update(self, file: BinaryIO, seconds: float) -> None:
        """Look at what is settled, for that long at most."""
        if self._life != self.index.life or not self.index.marks:
            self._forget()
        if self.stream is None:
            self.looked = self.count = self.index.settled_lines
            self.counted = self.index.counted
        else:
            self._look(file, monotonic() + seconds)

    def tail(self, file: BinaryIO, total: int) -> tuple[Sequence[int], int]:
        """Return what is shown of the lines after those; then of how many nothing is known."""
        rest = range(self.looked, total)
        if self.stream is None:
            return rest, 0
        if self.counted < self.index.counted:
            return (), 0
        known = [(line, stream) for line, _, stream in self._told(file, rest) if stream]
        shown = [line for line, stream in known if stream is self.stream]
        return shown, len(rest) - len(known)

    def line(self, number: int) -> int:
        """Return which line of the log is shown as one of ``count``; after those, the next."""
        if self.stream is None:
            return number
        if number >= self.count:
            return self.looked
        run = bisect_right(self._before, number) - 1
        return self._firsts[run] + number - self._before[run]

    def number(self, line: int) -> int:
        """Return how many are shown before a line of the log."""
        if self.stream is None:
            return line
        run = bisect_right(self._firsts, line) - 1
        if run < 0:
            return 0
        end = self._before[run + 1] if run + 1 < len(self._before) else self.count
        return min(self._before[run] + line - self._firsts[run], end)

    def holds(self, line: int) -> bool:
        """Whether a line that was looked at is shown."""
        return self.line(self.number(line)) == line

    def _look(self, file: BinaryIO, until: float) -> None:
        for line, end, stream in self._told(file, range(self.looked, self.index.settled_lines)):
            if stream is self.stream:
                if line != self._next:
                    self._firsts.append(line)
                    self._before.append(self.count)
                self.count += 1
                self._next = line + 1
            self.unknown += stream is Stream.UNKNOWN
            self.looked = line + 1
            if not self.looked % GLANCE and monotonic() > until:
                self.counted = min(end, self.index.counted - 1)
                return
        self.counted = self.index.counted

    def _told(self, file: BinaryIO, lines: range) -> Iterator[tuple[int, int, Stream]]:
        """Return lines, each with its end and its stream, up to the end of the marks."""
        most = self.index.marks.end
        for line, (start, end) in zip(lines, ranges(self.index, file, lines), strict=False):
            if end > most or start >= most:
                return
            yield line, end, stream_at(self.index, start, end)
