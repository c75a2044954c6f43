"""The lines of a log, read out of its file."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from mlops_tui.domain.logs.terminal_text import LogLine, log_line
from mlops_tui.services.logs.log_index import LogIndex
from mlops_tui.services.logs.log_spans import Range

LONG = 2 << 20
"""Bytes of a line that are read."""


def ranges(index: LogIndex, file: BinaryIO, wanted: range) -> Iterator[Range]:
    """Find out from where to where lines stand, the unfinished ones included."""
    begun, unfinished = index.unfinished(file)
    line, end = wanted.start, min(wanted.stop, begun)
    while line < end:
        span = index.spans.span_of(line)
        first, next_first = index.spans.first_line(span), index.spans.first_line(span + 1)
        stop = min(end, next_first)
        yield from islice(index.spans.rows(file, span), line - first, stop - first)
        line = stop
    yield from unfinished[max(line, begun) - begun : max(wanted.stop, begun) - begun]


def lines(index: LogIndex, file: BinaryIO, wanted: range) -> Iterator[LogLine]:
    """Read lines, the unfinished ones included."""
    return (line_at(file, *place) for place in ranges(index, file, wanted))


def line_at(file: BinaryIO, start: int, end: int) -> LogLine:
    """Read a line; of one that is endless, its beginning."""
    file.seek(start)
    data = file.read(min(end - start, LONG))
    return log_line(data, end - start - len(data))
