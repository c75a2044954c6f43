"""When a chunk of rows is whole: after so many rows, at the end of a stretch, at another version.

Only what stands in the source decides, so that a chunk that is worked out again is the same one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from mlops_tui.domain.monitoring.monitor import ChunkSize
from mlops_tui.domain.plain_text import counted

DRAINING = 60_000
"""Milliseconds after a swap in which answers of the version before may still come."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows that are never taken apart: those of a request, or a part of a file."""

    rows: Any
    count: int
    at: int
    """Milliseconds since the epoch: when the request came, when the file was written."""
    after: Any
    """The position in the source behind it, for JSON."""
    version: str = ""
    """The version that answered; empty where the source does not say."""
    ends_chunk: bool = False
    """Whether a file ends with it."""


class Gathered(Protocol):
    """Rows as they are gathered, all of them or a sample."""

    def add(self, rows: Any) -> None:
        """Take rows in."""


@dataclass(slots=True)
class Chunk:
    """Rows of one chunk as they are gathered."""

    rows: Gathered
    count: int = 0
    begins_at: int = 0
    ends_at: int = 0
    """The time of the newest piece, or the end of the stretch."""
    after: Any = None
    version: str = ""
    left_out: int = 0
    """Rows of a version that was swapped out, which are of no chunk."""
    back: int = 0
    """Rows whose time lies before the chunk: the clock was set back."""

    def add(self, piece: Piece) -> None:
        """Take a piece in."""
        if not self.count:
            self.begins_at = self.ends_at = piece.at
        self.rows.add(piece.rows)
        self.count += piece.count
        self.begins_at = min(self.begins_at, piece.at)
        self.ends_at = max(self.ends_at, piece.at)
        self.after = piece.after
        self.version = piece.version or self.version

    def leave_out(self, piece: Piece) -> None:
        """Go past a piece."""
        self.left_out += piece.count
        self.after = piece.after

    @property
    def remark(self) -> str:
        """What is odd about it."""
        told = []
        if self.left_out:
            told.append(f"left out: {counted(self.left_out, 'row')} answered by another version")
        if self.back:
            told.append(f"{self.back:,} rows carry a time before the chunk: a clock was set back")
        return "; ".join(told)


def stretch(at: int, seconds: int) -> int:
    """Return the number of the stretch of UTC that a time (ms) is in."""
    return at // (seconds * 1000)


class Chunking:
    """Gathers pieces to chunks, one after the other; ``open`` is the one that is not whole yet.

    ``version`` restricts it to the answers of one version; with ``follows`` another version ends
    the chunk and begins one of its own.
    """

    def __init__(
        self,
        size: ChunkSize,
        new_rows: Callable[[], Gathered],
        version: str = "",
        *,
        follows: bool = False,
    ) -> None:
        self._size = size
        self._new_rows = new_rows
        self._version = version
        self._follows = follows
        self._swapped_at: int | None = None
        self._before = ""
        self.open = Chunk(new_rows())

    def feed(self, piece: Piece) -> list[Chunk]:
        """Take a piece in; return the chunks that are whole by that: none, one, or two."""
        whole = []
        if self._is_foreign(piece, self.open):
            self.open.leave_out(piece)
            return []
        if self.open.count and self._begins_another(piece, self.open):
            whole.append(self._close())
        chunk = self.open
        if self._size.seconds and chunk.count and self._place(piece.at) < self._place_of(chunk):
            chunk.back += piece.count
        chunk.add(piece)
        self._note(piece)
        if self._is_full(piece, chunk):
            whole.append(self._close())
        return whole

    def end_stretch(self, now: int) -> list[Chunk]:
        """Return the chunk whose stretch of time is over, though nothing came after it (ms)."""
        if self._size.seconds and self.open.count and self._is_over(self.open, now):
            return [self._close()]
        return []

    def _is_foreign(self, piece: Piece, chunk: Chunk) -> bool:
        if not piece.version or not self._version or piece.version == self._version:
            return False
        if not self._follows:
            return True
        drains = self._swapped_at is not None and piece.at - self._swapped_at <= DRAINING
        return piece.version == self._before and drains and chunk.version != piece.version

    def _begins_another(self, piece: Piece, chunk: Chunk) -> bool:
        if self._follows and piece.version and piece.version != chunk.version:
            return True
        if not self._size.seconds:
            return False
        ahead = self._place(piece.at) - self._place_of(chunk)
        # Requests that overlap end in another order than they came; a larger step is the clock.
        return ahead > 0 or ahead < -1

    def _note(self, piece: Piece) -> None:
        if piece.version and piece.version != self._version:
            self._before, self._version = self._version, piece.version
            self._swapped_at = piece.at

    def _is_full(self, piece: Piece, chunk: Chunk) -> bool:
        if self._size.seconds:
            return False
        return chunk.count >= self._size.rows if self._size.rows else piece.ends_chunk

    def _is_over(self, chunk: Chunk, now: int) -> bool:
        return stretch(now - 1_000, self._size.seconds) > self._place_of(chunk)

    def _close(self) -> Chunk:
        chunk, self.open = self.open, Chunk(self._new_rows())
        if self._size.seconds:
            length = self._size.seconds * 1000
            chunk.begins_at = self._place_of(chunk) * length
            chunk.ends_at = chunk.begins_at + length
        return chunk

    def _place(self, at: int) -> int:
        return stretch(at, self._size.seconds)

    def _place_of(self, chunk: Chunk) -> int:
        return self._place(chunk.ends_at)
