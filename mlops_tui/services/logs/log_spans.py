"""The spans of a log file that was counted: which lines are in which bytes.

Of a span only its offset and the number of its first line are kept, so that a hundred megabytes
take some ten kilobytes. A stretch on which the cursor goes up (nested progress bars) is a span
whose rows are kept one by one: there are few of them, however often they are redrawn.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import BinaryIO

from mlops_tui.domain.logs.redrawn_rows import RedrawnRows

SPAN = 65_536
"""Bytes after which the next line begins another span."""

Range = tuple[int, int]
"""From which offset to which a line stands in the file."""


class LogSpans:
    """All that has ended, from ``begin`` to ``end``."""

    def __init__(self, begin: int) -> None:
        self.end = begin
        """The offset after the last line that has ended."""
        self.lines = 0
        self._starts = array("Q")
        self._first_lines = array("Q")
        self._rows: dict[int, RedrawnRows] = {}

    def __len__(self) -> int:
        return len(self._starts)

    def first_line(self, span: int) -> int:
        """Return the number of a span's first line; after the last span, of the next line."""
        return self._first_lines[span] if span < len(self) else self.lines

    def span_of(self, line: int) -> int:
        """Return the span that a line is in."""
        return max(0, bisect_right(self._first_lines, line) - 1)

    def is_redrawn(self, span: int) -> bool:
        """Whether the rows of a span are kept one by one."""
        return span in self._rows

    def read(self, file: BinaryIO, span: int) -> bytes:
        """Return the bytes of a span whose lines follow each other."""
        end = self._starts[span + 1] if span + 1 < len(self) else self.end
        file.seek(self._starts[span])
        return file.read(end - self._starts[span])

    def rows(self, file: BinaryIO, span: int) -> list[Range]:
        """Return from where to where each line of a span stands."""
        if span in self._rows:
            return list(self._rows[span])
        return list(_ranges(self.read(file, span), self._starts[span]))

    def add(self, lines: bytes) -> None:
        """Add whole lines that begin at ``end``."""
        base, at = self.end, 0
        while at < len(lines):
            last = len(self) - 1
            if last < 0 or last in self._rows or base + at - self._starts[last] >= SPAN:
                self._begin(base + at)
            room = self._starts[-1] + SPAN - base
            cut = lines.find(b"\n", max(at, room - 1)) + 1 or len(lines)
            self.lines += lines.count(b"\n", at, cut)
            at = cut
        self.end = base + len(lines)

    def add_line(self, shown: Range, end: int) -> None:
        """Add one line that ends at ``end``, of which a part is shown."""
        self._begin(self.end)
        self._rows[len(self) - 1] = RedrawnRows(iter([shown]))
        self.lines += 1
        self.end = end

    def redraw(self, file: BinaryIO, most: int) -> RedrawnRows:
        """Begin a span with the last rows, to be drawn upon; ``write`` goes on with it."""
        taken: list[Range] = []
        end = start = self.end
        while len(self) and len(taken) < most:
            last = len(self) - 1
            rows = self.rows(file, last)
            left, newer = rows[: len(taken) - most], rows[len(taken) - most :]
            taken = newer + taken
            if last not in self._rows:
                start = newer[0][0]
            if left:
                if last in self._rows:
                    self._rows[last] = RedrawnRows(iter(left))
                break
            self._rows.pop(last, None)
            start = self.end = self._starts.pop()
            self._first_lines.pop()
        self.lines -= len(taken)
        self._begin(start)
        live = self._rows[len(self) - 1] = RedrawnRows(iter(taken))
        self.lines += len(taken)
        self.end = end
        return live

    def write(self, live: RedrawnRows, line: bytes, at: int) -> None:
        """Draw a line that ends upon the last span."""
        live.write(line, at)
        self.lines = self._first_lines[-1] + len(live)
        self.end = at + len(line)

    def _begin(self, offset: int) -> None:
        self._starts.append(offset)
        self._first_lines.append(self.lines)


def _ranges(data: bytes, base: int) -> Iterator[Range]:
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        yield base + at, base + end
        at = end + 1
