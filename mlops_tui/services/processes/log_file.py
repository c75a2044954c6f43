"""The log file of a detached process."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from mlops_tui.domain.logs.failure_line import last_words as words_of
from mlops_tui.domain.plain_text import lines, one_line
from mlops_tui.domain.processes.process import LOG, ProcessRecord
from mlops_tui.domain.secrets import without_named
from mlops_tui.services.files.regular_file import open_to_read

NAME = "output.log"
TAIL = 65_536
"""Bytes in which the last words are looked for."""


@dataclass(frozen=True, slots=True)
class LogChunk:
    """A piece of a log file; ``end`` is the offset in bytes to go on reading from."""

    text: str
    start: int
    end: int
    size: int
    """Bytes in the file now."""


def read(path: Path, offset: int | None, limit: int) -> LogChunk:
    """Return a piece of the file from ``offset`` on, or its tail; no more than ``limit`` bytes.

    A piece ends with a line where it holds one; reading on from ``end`` gives the rest.
    """
    try:
        with open_to_read(path) as file:
            size = file.seek(0, 2)
            start = max(0, size - limit) if offset is None else max(0, min(offset, size))
            file.seek(start)
            data = file.read(limit)
    except FileNotFoundError:
        return LogChunk("", 0, 0, 0)
    if offset is None and start > 0:
        cut = _first_whole(data)
        start, data = start + cut, data[cut:]
    text, length = _decoded(data[: data.rfind(b"\n") + 1] or data)
    return LogChunk(text, start, start + length, size)


def path_of(folder: Path, record: ProcessRecord) -> Path:
    """Return our own log of a process, or the file that one started elsewhere writes."""
    return Path(record.details.get(LOG) or folder / NAME)


def last_written(folder: Path, record: ProcessRecord) -> int | None:
    """Return when a process last wrote to its log, in milliseconds; None where nobody knows."""
    try:
        found = path_of(folder, record).stat()
    except OSError:
        return None
    return found.st_mtime_ns // 1_000_000 if found.st_size else None


def tail(path: Path) -> str:
    """Return the last whole lines of a log, nothing where it cannot be read.

    Of a line that is longer it is what follows a carriage return: a secret that is cut would not be
    known for one.
    """
    try:
        end = read(path, None, TAIL)
        text = end.text + read(path, end.end, TAIL).text
        is_cut = end.start > 0 and read(path, end.start - 1, 1).text != "\n"
    except OSError:
        return ""
    return text.partition("\r")[2] if is_cut else text


def last_words(path: Path, *, ends_in_error: bool = False) -> str:
    """Return why a process ended as its log says, without secrets.

    ``ends_in_error`` where the end of the log was written to standard error.
    """
    text = tail(path)
    return telling_line(text, text.rstrip().rpartition("\n")[2] if ends_in_error else "")


def telling_line(text: str, last_error: str = "") -> str:
    """Return what the end of a log says of why a process ended, without secrets.

    ``last_error`` is its last line where that was written to standard error.
    """
    return one_line(without_named(words_of(lines(text), last_error)), 300)


def _first_whole(data: bytes) -> int:
    """Return where the first line begins that is not cut, else the first character."""
    newline = data.find(b"\n") + 1
    if 0 < newline < len(data):
        return newline
    return next((i for i, byte in enumerate(data[:4]) if byte & 0xC0 != 0x80), 0)  # noqa: PLR2004 - marks of UTF-8


def _decoded(data: bytes) -> tuple[str, int]:
    """Return the text with the number of bytes it stands for: a cut character waits."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(data)
    waiting = len(decoder.getstate()[0])
    if data and not text:
        return data.decode("utf-8", "replace"), len(data)
    return text, len(data) - waiting
