"""The values, positions and counts that stand beside charts."""

from collections.abc import Iterable, Sequence

from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.limits import OPEN, Interval
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.charts.braille import Span
from mlops_tui.tui.charts.series import BEST
from mlops_tui.tui.charts.trace import Trace
from mlops_tui.tui.kit.formatting import clock, duration, number, timestamp

CLOCK = 11
"""Where the time of day begins in a timestamp."""


def readout(traces: Sequence[Trace], view: ChartView) -> list[Span]:
    """Return the values at the cursor, the last ones without a cursor."""
    if len(traces) == 1:
        return _readout_of_one(traces[0], view.cursor)
    spans: list[Span] = []
    for trace in traces:
        index = trace.index_at(view.cursor)
        if index is not None:
            text = f"  {trace.run.mark} {number(trace.curve.ys[index])}"
            spans.append((text, trace.run.colour))
    if view.cursor is not None:
        spans.append((f"  {position_text(view.cursor, view.x_axis)}", ""))
    return spans


def _readout_of_one(trace: Trace, cursor: float | None) -> list[Span]:
    index, curve = trace.index_at(cursor), trace.curve
    if index is None:
        return []
    spans: list[Span] = [(f"  {number(curve.ys[index])}", trace.run.colour)]
    if trace.smooth is not None:
        spans.append((f" ~{number(trace.smooth[index])}", ""))
    if cursor is not None:
        since = duration(curve.timestamps[index] - min(curve.timestamps))
        time = clock(curve.timestamps[index])
        return [*spans, (f" @ {curve.steps[index]:,}  +{since}  {time}", "")]
    if trace.best is not None:
        best = f"  {BEST} {number(curve.ys[trace.best])} @ {curve.steps[trace.best]:,}"
        spans.append((best, ""))
    return spans


def reduction_text(histories: Iterable[MetricHistory | None]) -> str:
    """Return how many points are drawn of how many there are, empty when all are drawn."""
    reduced = [history for history in histories if history and history.is_reduced]
    if not reduced:
        return ""
    shown = sum(len(history.values) for history in reduced)
    total = sum(history.total for history in reduced)
    least = "" if all(history.total_is_exact for history in reduced) else "≥"
    return f"{shown:,} of {least}{total:,} points"


def position_text(x: float, x_axis: XAxis) -> str:
    """Return a position on the x axis as text."""
    if x_axis is XAxis.STEP:
        return f"step {x:,.0f}"
    return duration(x * 1000) if x_axis is XAxis.RELATIVE else timestamp(x * 1000)


def time_range_text(interval: Interval, x_axis: XAxis) -> str:
    """Return the time range in view; empty along steps, or when all is in view."""
    if x_axis is XAxis.STEP or interval == OPEN:
        return ""
    low, high = ("" if end is None else position_text(end, x_axis) for end in interval)
    if x_axis is XAxis.WALL and low[:CLOCK] == high[:CLOCK]:
        high = high[CLOCK:]
    return " ".join([*(["from", low] if low else []), *(["to", high] if high else [])])


def summary(view: ChartView, page: tuple[int, int], uncached: int) -> str:
    """Return how the charts are drawn, the page with the number of pages, what is being read."""
    number, count = page
    parts = [str(view)]
    between = time_range_text(view.limits.x, view.x_axis)
    parts += [between] if between else []
    parts += [f"reading {uncached:,} curves…"] if uncached > 1 else []
    parts += [f"page {number} of {count}"] if count > 1 else []
    parts += [f"┊ {position_text(view.cursor, view.x_axis)}"] if view.cursor is not None else []
    return " · ".join(parts)


def tab_separated(key: str, traces: Sequence[Trace], cursor: float | None) -> str:
    """Return the points under the cursor, one a line: run, metric, step, time, value."""
    lines = []
    for trace in traces:
        index = trace.index_at(cursor)
        if index is not None:
            curve = trace.curve
            time = timestamp(curve.timestamps[index])
            fields = (trace.run.name, key, str(curve.steps[index]), time, repr(curve.ys[index]))
            lines.append("\t".join(map(one_line, fields)))
    return "\n".join(lines)
