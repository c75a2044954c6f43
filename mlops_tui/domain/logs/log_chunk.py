"""A piece of a log file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogChunk:
    """A piece; ``end`` is the offset in bytes to go on reading from."""

    text: str
    start: int
    end: int
    size: int
    """Bytes in the file now."""
