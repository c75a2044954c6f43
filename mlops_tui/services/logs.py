"""The log of a detached process, read where somebody looks."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from mlops_tui.domain.log_window import FoundLines, LogSearch, LogWindow
from mlops_tui.domain.process import ProcessKind
from mlops_tui.domain.progress import LOOKED_AT, last_progress
from mlops_tui.domain.settled_text import settled_text
from mlops_tui.domain.terminal_text import LogLine, log_line
from mlops_tui.services import log_file, records
from mlops_tui.services.log_index import LogIndex

AT_ONCE = 0.1
"""Seconds of counting or searching in one call: whoever asks goes on, or no longer."""

TAIL = 262_144
"""Bytes that are looked at for the last lines while a long log is being counted."""

LONG = 2 << 20
"""Bytes of a line that are read."""

MOST_FOUND = 10_000
"""Lines found in one call."""

REMEMBERED = 4
"""Logs whose lines stay counted."""

Stretch = Iterator[tuple[int, str]]


def read_window(
    state_dir: Path, kind: ProcessKind, process_id: str, *, first: int | None, most: int
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


def find_lines(
    state_dir: Path, kind: ProcessKind, process_id: str, search: LogSearch, begin: int
) -> FoundLines:
    """Return the lines from ``begin`` on in which something stands, as far as a moment allows.

    Lines that may still be drawn upon are left for later.
    """
    index = log_of(state_dir, kind, process_id)
    until = monotonic() + AT_ONCE
    with index.lock:
        index.update(AT_ONCE)
        found: list[int] = []
        line, last = begin, index.settled_lines
        with suppress(FileNotFoundError), index.path.open("rb") as file:
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
    folder = records.directory(state_dir, kind, process_id)
    record = records.read(folder)
    return _index(log_file.path_of(folder, record) if record else folder / log_file.NAME)


@lru_cache(maxsize=REMEMBERED)
def _index(path: Path) -> LogIndex:
    return LogIndex(path)


def _uncounted_end(index: LogIndex, most: int) -> LogWindow:
    """Return the last lines by counting the end of the file alone."""
    begin = max(0, index.size - TAIL)
    with index.path.open("rb") as file:
        file.seek(begin)
        begin += file.read(TAIL).find(b"\n") + 1 if begin else 0
    end = LogIndex(index.path, begin)
    end.update(AT_ONCE)
    window = _window(end, None, most)
    counted = (index.settled_lines, index.counted, index.size, index.life)
    return LogWindow(window.lines, None, *counted, window.progress)


def _window(index: LogIndex, first: int | None, most: int) -> LogWindow:
    try:
        with index.path.open("rb") as file:
            begun, unfinished = index.unfinished(file)
            total = begun + len(unfinished)
            start = max(0, total - most if first is None else min(first, total))
            lines = tuple(_lines(index, file, range(start, min(start + most, total))))
            end = range(max(0, total - LOOKED_AT), total)
            last = lines if first is None else tuple(_lines(index, file, end))
            texts = [line.text for line in last[-LOOKED_AT:]]
    except FileNotFoundError:
        return LogWindow((), 0, 0, 0, 0, index.life)
    counted = (total, index.counted, index.size, index.life)
    return LogWindow(lines, start, *counted, last_progress(texts), index.settled_lines)


def _lines(index: LogIndex, file: BinaryIO, wanted: range) -> Iterator[LogLine]:
    """Read lines, the unfinished ones included."""
    begun, unfinished = index.unfinished(file)
    line = wanted.start
    while line < min(wanted.stop, begun):
        span = index.spans.span_of(line)
        first, next_first = (
            index.spans.first_line(span),
            min(index.spans.first_line(span + 1), begun),
        )
        rows = index.spans.rows(file, span)[line - first : min(wanted.stop, next_first) - first]
        yield from (_line(file, start, end) for start, end in rows)
        line = next_first
    places = range(max(line, begun) - begun, wanted.stop - begun)
    yield from (_line(file, *unfinished[place]) for place in places)


def _line(file: BinaryIO, start: int, end: int) -> LogLine:
    """Read a line; of one that is endless, its beginning."""
    file.seek(start)
    data = file.read(min(end - start, LONG))
    return log_line(data, more=end - start - len(data))


def _found(
    index: LogIndex, file: BinaryIO, span: int, search: LogSearch, wanted: range
) -> Sequence[int]:
    """Return the lines of a span that are sought."""
    first = index.spans.first_line(span)
    if index.spans.is_redrawn(span):
        texts = (_line(file, *row).text for row in index.spans.rows(file, span))
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
