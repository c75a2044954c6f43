"""The marks beside a log: which of its bytes came out of which stream.

A mark is 8 bytes: the offset where a stretch ends, times 4, plus the number of its stream. A
stretch begins where the one before ends. Only the last mark is written anew, as its stretch grows.
"""

import os
from array import array
from bisect import bisect_right
from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.logs.log_stream import Stream
from mlops_tui.services.files.regular_file import open_descriptor, open_to_read

NAME = "output.streams"
MARK = 8
"""Bytes of a mark."""
MOST = 1 << 18
"""Marks that are kept, 2 MB: of a log with more only the newer half."""
STREAMS = (Stream.UNKNOWN, Stream.STDOUT, Stream.STDERR, Stream.UNKNOWN)


class MarkWriter:
    """Writes marks. One that cannot be written leaves its stretch unknown."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._count = 0
        self._end = 0
        self._last = Stream.UNKNOWN

    def add(self, start: int, end: int, stream: Stream) -> None:
        """Say whose the bytes from ``start`` to ``end`` are; those before are unknown."""
        if start >= end:
            return
        goes_on = bool(self._count) and start == self._end and stream is self._last
        marks = [_mark(end, stream)]
        if start > self._end:
            marks.insert(0, _mark(start, Stream.UNKNOWN))
        with suppress(OSError):
            if self._file < 0:
                self._file = _emptied(self._path)
            if self._count >= MOST:
                self._drop_half()
            place = self._count - goes_on
            os.pwrite(self._file, array("Q", marks).tobytes(), place * MARK)
            self._count, self._end, self._last = place + len(marks), end, stream

    def forget(self) -> None:
        """Claim nothing any more."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)

    def _drop_half(self) -> None:
        """Go on in another file with the newer half; the first stretch of it becomes unknown."""
        half = self._count // 2
        kept = array("Q", os.pread(self._file, half * MARK, (self._count - half) * MARK))
        kept[0] = _mark(kept[0] // len(STREAMS), Stream.UNKNOWN)
        draft = self._path.with_suffix(".draft")
        file = _emptied(draft)
        os.pwrite(file, kept.tobytes(), 0)
        draft.replace(self._path)
        os.close(self._file)
        self._file, self._count = file, half


class StreamMarks:
    """The marks of one log, as far as they were written at the last ``update``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = 0
        self._marks = array("Q")
        self._begin = self._until = 0
        self._stream = Stream.UNKNOWN

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self._marks)

    @property
    def end(self) -> int:
        """The offset up to which anything is said."""
        return self._marks[-1] // len(STREAMS) if self._marks else 0

    def update(self) -> None:
        """Read what is new."""
        self._until = 0
        try:
            with open_to_read(self._path) as file:
                status = os.fstat(file.fileno())
                if status.st_ino != self._inode or status.st_size < len(self._marks) * MARK:
                    self._marks = array("Q")
                self._inode = status.st_ino
                kept = max(0, len(self._marks) - 1)
                file.seek(kept * MARK)
                data = file.read(MOST * MARK)
        except OSError:
            self._marks = array("Q")
        else:
            self._marks[kept:] = array("Q", data[: len(data) // MARK * MARK])

    def stream_of(self, start: int, end: int) -> Stream:
        """Return the stream that wrote all these bytes, ``start`` at least, where it is known."""
        if not self._begin <= start < self._until:
            self._find(start)
        return self._stream if end <= self._until else Stream.UNKNOWN

    def _find(self, start: int) -> None:
        """Keep the stretch from ``start`` on: whoever asks next will ask for what follows."""
        place = bisect_right(self._marks, _mark(start, len(STREAMS) - 1))
        mark = self._marks[place] if place < len(self._marks) else _mark(start, Stream.UNKNOWN)
        self._begin, self._until = start, mark // len(STREAMS)
        self._stream = STREAMS[mark % len(STREAMS)]


def _mark(end: int, stream: int) -> int:
    return end * len(STREAMS) + stream


def _emptied(path: Path) -> int:
    return open_descriptor(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC)
