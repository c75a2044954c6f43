"""The log of a detached process, read where somebody looks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.logs.log_window import FoundLines, LogSearch, LogWindow
from mlops_tui.domain.logs.progress import LOOKED_AT, last_progress
from mlops_tui.domain.logs.settled_text import settled_text
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.launchers import processes
from mlops_tui.services.logs.log_index import LogIndex
from mlops_tui.services.logs.log_lines import line_at, lines

AT_ONCE = 0.1
"""Seconds of counting or searching in one call: whoever asks goes on, or no longer."""

TAIL = 262_144
"""Bytes that are looked at for the last lines while a long log is being counted."""

MOST_FOUND = 10_000
"""Lines found in one call."""

REMEMBERED = 4
"""Logs whose lines stay counted."""


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence why a log cannot be read, the reason first: a narrow screen cuts it."""
    try:
        yield
    except OSError as error:
        reason = f"The log cannot be read: {error.strerror} ({error.filename})."
        raise ServiceError(reason) from error


@_told()
def read_window(
    state_dir: Path,
    kind: ProcessKind,
    process_id: str,
    *,
    first: int | None,
    most: int,
) -> LogWindow:
    """Return at most ``most`` lines from ``first`` on; the last ones where it is None.

    Of a long log that was not read before, the last lines come without their number.
    """
    index = log_of(state_dir, kind, process_id)
    with index.lock:
        index.update(AT_ONCE)
        if first is None and not index.is_counted:
            return _uncounted_end(index, most)
        return _window(index, first, most)


@_told()
def find_lines(
    state_dir: Path,
    kind: ProcessKind,
    process_id: str,
    search: LogSearch,
    begin: int,
) -> FoundLines:
    """Return the lines from ``begin`` on in which something stands, as far as a moment allows.

    Lines that may still be drawn upon are left for later.
    """
    index = log_of(state_dir, kind, process_id)
    until = monotonic() + AT_ONCE
    with index.lock:
        index.update(AT_ONCE)
        found: list[int] = []
        line = last = 0
        with suppress(FileNotFoundError), open_to_read(index.path) as file:
            line, last = begin, index.settled_lines
            while line < last and len(found) < MOST_FOUND:
                span = index.spans.span_of(line)
                found += _found(index, file, span, search, range(line, last))
                line = min(last, index.spans.first_line(span + 1))
                if monotonic() > until:
                    break
        share = line / last * index.counted / index.size if last and index.size else 1.0
        is_all = line >= last and index.is_counted
        return FoundLines(tuple(found), line, last, is_all, share, index.life)


def log_of(state_dir: Path, kind: ProcessKind, process_id: str) -> LogIndex:
    """Return the log of a process, with what is known of it; raises ``NotFound``."""
    return _index(processes.log(state_dir, kind, process_id))


@lru_cache(maxsize=REMEMBERED)
def _index(path: Path) -> LogIndex:
    return LogIndex(path)


def _uncounted_end(index: LogIndex, most: int) -> LogWindow:
    """Return the last lines by counting the end of the file alone."""
    begin = max(0, index.size - TAIL)
    with open_to_read(index.path) as file:
        file.seek(begin)
        begin += file.read(TAIL).find(b"\n") + 1 if begin else 0
    end = LogIndex(index.path, begin)
    end.update(AT_ONCE)
    window = _window(end, None, most)
    return replace(
        window,
        first=None,
        total=index.settled_lines,
        counted=index.counted,
        size=index.size,
        life=index.life,
        settled=0,
    )


def _window(index: LogIndex, first: int | None, most: int) -> LogWindow:
    try:
        with open_to_read(index.path) as file:
            begun, unfinished = index.unfinished(file)
            total = begun + len(unfinished)
            start = max(0, total - most if first is None else min(first, total))
            held = tuple(lines(index, file, range(start, min(start + most, total))))
            last = lines(index, file, range(max(0, total - LOOKED_AT), total))
            progress = last_progress([line.text for line in last])
    except FileNotFoundError:
        return LogWindow((), 0, 0, 0, 0, index.life)
    counted = (total, index.counted, index.size, index.life)
    return LogWindow(held, start, *counted, progress, index.settled_lines)


def _found(
    index: LogIndex, file: BinaryIO, span: int, search: LogSearch, wanted: range
) -> Sequence[int]:
    """Return the lines of a span that are sought."""
    first = index.spans.first_line(span)
    if index.spans.is_redrawn(span):
        texts = (line_at(file, *row).text for row in index.spans.rows(file, span))
        matching = [first + i for i, text in enumerate(texts) if search.pattern.search(text)]
    else:
        matching = [first + i for i in _matches(index.spans.read(file, span), search)]
    return [line for line in matching if line in wanted]


def _matches(data: bytes, search: LogSearch) -> Iterator[int]:
    """Return which lines of the bytes are sought."""
    settled = settled_text(data)
    lowered = settled.lower()
    if search.needles and not any(needle in lowered for needle in search.needles):
        return
    pattern = search.pattern
    for number, line in enumerate(settled.split(b"\n")):
        if pattern.search(line.decode("utf-8", "replace")):
            yield number
