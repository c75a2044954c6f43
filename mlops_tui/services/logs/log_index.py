"""Where the lines of a log file are: counted as it grows, whatever is in it."""

import os
import threading
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from mlops_tui.domain.logs.redrawn_rows import MOVE, RedrawnRows
from mlops_tui.domain.logs.terminal_text import MOST_BYTES
from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.logs.log_spans import LogSpans, Range

BLOCK = 1 << 20
"""Bytes read at once; a longer line is a span of its own."""

QUIET = 64
"""Rows without a move up after which those before stand still; also how far back one goes."""

MOST_LIVE = 4_096
"""Rows that may be drawn upon at once."""

MARK = 64
"""Bytes by which a file is known again that was emptied, then written anew."""


class LogIndex:
    """The lines of one file from ``begin`` on. Whoever uses it holds ``lock``."""

    def __init__(self, path: Path, begin: int = 0) -> None:
        self.path = path
        self.lock = threading.Lock()
        self.life = 0
        """Counts how often the file turned out to be another."""
        self._begin = begin
        self._forget()

    def _forget(self) -> None:
        self.spans = LogSpans(self._begin)
        self.size = 0
        """Bytes in the file."""
        self.counted = self._begin
        """Bytes that were looked at."""
        self._live: RedrawnRows | None = None
        self._inode = 0
        self._mark = b""

    @property
    def is_counted(self) -> bool:
        """Whether the whole file was looked at."""
        return self.counted >= self.size

    @property
    def settled_lines(self) -> int:
        """Lines on which nothing will be drawn again, as far as one can tell."""
        spans = self.spans
        if self._live is None:
            return spans.lines
        return spans.first_line(len(spans) - 1) + self._live.settled

    def update(self, seconds: float) -> None:
        """Count what is new, for that long at most; an absent file is empty."""
        until = monotonic() + seconds
        try:
            with open_to_read(self.path) as file:
                self._recognise(file)
                while not self.is_counted:
                    self._count(file)
                    if monotonic() > until:
                        break
                self._mark = _mark_before(file, self.counted)
        except FileNotFoundError:
            self.life += bool(self.size)
            self._forget()

    def unfinished(self, file: BinaryIO) -> tuple[int, list[Range]]:
        """Return the lines at the end that may still be drawn upon, with the first one's number."""
        spans = self.spans
        if spans.end >= self.size:
            return spans.lines, []
        start = max(spans.end, self.size - MOST_BYTES)
        file.seek(start)
        tail = file.read(self.size - start)
        if self._live is None and MOVE.search(tail):
            self._live = spans.redraw(file, QUIET)
        if self._live is not None:
            rows = self._live.copy()
            rows.write(tail, start)
            return spans.first_line(len(spans) - 1), list(rows)
        return spans.lines, [_shown(tail, start, spans.end)]

    def _recognise(self, file: BinaryIO) -> None:
        """Forget all where the file is another, or was emptied."""
        status = os.fstat(file.fileno())
        is_other = bool(self._inode) and (
            status.st_ino != self._inode
            or status.st_size < self.counted
            or _mark_before(file, self.counted) != self._mark
        )
        if is_other:
            self.life += 1
            self._forget()
        self._inode, self.size = status.st_ino, status.st_size

    def _count(self, file: BinaryIO) -> None:
        """Look at a block."""
        file.seek(self.counted)
        data = file.read(min(BLOCK, self.size - self.counted))
        if not data:  # it was emptied at this moment
            self.size = self.counted
            return
        end = self.counted + len(data)
        if self.counted > self.spans.end:
            ended = data.find(b"\n") + 1
            if ended:
                self._end_line(file, self.counted + ended)
            data = data[ended:] if ended else b""
        self._add(file, data[: data.rfind(b"\n") + 1])
        self.counted = end

    def _end_line(self, file: BinaryIO, end: int) -> None:
        """Add a line that came in several pieces."""
        begin = self.spans.end
        if end - begin <= BLOCK:
            file.seek(begin)
            self._add(file, file.read(end - begin))
            return
        start = max(begin, end - MOST_BYTES)
        file.seek(start)
        self._live = None
        self.spans.add_line(_shown(file.read(end - 1 - start), start, begin), end)

    def _add(self, file: BinaryIO, lines: bytes) -> None:
        """Add whole lines: those from a move up on are drawn upon each other."""
        base, at = self.spans.end, 0
        while at < len(lines):
            if self._live is not None:
                end = lines.find(b"\n", at) + 1
                self.spans.write(self._live, lines[at:end], base + at)
                if self._live.quiet > QUIET or len(self._live) > MOST_LIVE:
                    self._live = None
                at = end
                continue
            move = MOVE.search(lines, at)
            stop = max(at, lines.rfind(b"\n", at, move.start()) + 1) if move else len(lines)
            self.spans.add(lines[at:stop])
            at = stop
            if move:
                self._live = self.spans.redraw(file, QUIET)


def _shown(tail: bytes, start: int, begin: int) -> Range:
    """Return what is shown of a long line of which the end is known: what came last, if it can."""
    again = tail.rstrip(b"\r").rfind(b"\r") + 1
    return (start + again if again else begin), start + len(tail)


def _mark_before(file: BinaryIO, offset: int) -> bytes:
    """Return the bytes at the beginning with those before ``offset``."""
    head = os.pread(file.fileno(), min(MARK, offset), 0)
    return head + os.pread(file.fileno(), min(MARK, offset), max(0, offset - MARK))
