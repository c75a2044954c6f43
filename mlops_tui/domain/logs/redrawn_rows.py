"""Rows of a log on which a terminal's cursor goes up again, as nested progress bars let it."""

import re
from array import array
from collections.abc import Iterator

MOVE = re.compile(rb"\x1b\[\d*[AF]")
"""What sends the cursor to a row above."""

TOKEN = re.compile(rb"[\n\r]|\x1b\[(\d{0,4})([ABEF])")
UNSEEN = re.compile(rb"(?:\x1b\[[0-9;:]*m)*")
"""Colours alone write nothing."""


class RedrawnRows:
    """The rows of a stretch of a log: of each, the bytes last written on it, as two offsets."""

    def __init__(self, rows: Iterator[tuple[int, int]]) -> None:
        self._starts = array("Q")
        self._ends = array("Q")
        for start, end in rows:
            self._starts.append(start)
            self._ends.append(end)
        self._cursor = self._highest = len(self._starts)
        self._height = 0
        self.quiet = 0
        """Rows added since the cursor last went up."""

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts, self._ends, strict=True)

    @property
    def settled(self) -> int:
        """Rows that the cursor will not go up to again, as far as one can tell from what it did."""
        if self.quiet > self._height:
            return len(self) - self._height
        return min(self._highest, len(self))

    def copy(self) -> "RedrawnRows":
        """Return the same rows, to be written on."""
        other = RedrawnRows(iter(()))
        other._starts, other._ends = self._starts[:], self._ends[:]
        other._cursor, other.quiet = self._cursor, self.quiet
        other._highest, other._height = self._highest, self._height
        return other

    def write(self, data: bytes, offset: int) -> None:
        """Write a piece that ends with a row, or with the log; it stands at ``offset``."""
        at = 0
        for token in TOKEN.finditer(data):
            self._put(data, at, token.start(), offset)
            at = token.end()
            if token.group() == b"\n":
                self._reach(self._cursor)
                self._cursor += 1
            elif token[2]:
                self._move(int(token[1] or b"1"), up=token[2] in b"AF")
        self._put(data, at, len(data), offset)

    def _put(self, data: bytes, start: int, end: int, offset: int) -> None:
        if not UNSEEN.fullmatch(data, start, end):
            self._reach(self._cursor)
            self._starts[self._cursor] = offset + start
            self._ends[self._cursor] = offset + end

    def _reach(self, row: int) -> None:
        """Let there be such a row."""
        while len(self) <= row:
            self._starts.append(0)
            self._ends.append(0)
            self.quiet += 1

    def _move(self, rows: int, *, up: bool) -> None:
        if up:
            self._cursor = max(0, self._cursor - rows)
            self._height = max(self._height, len(self) - self._cursor)
            self._highest = self._cursor if self.quiet else min(self._highest, self._cursor)
            self.quiet = 0
        else:
            self._cursor = min(self._cursor + rows, max(0, len(self) - 1))
