"""The curve of one run on one chart, with what is read from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import Curve, XAxis, curve_of, nearest
from mlops_tui.domain.metrics.direction import Direction, best_point
from mlops_tui.domain.metrics.limits import OPEN, Span
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.metrics.smoothing import smoothed
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.charts.braille import Run
from mlops_tui.tui.charts.run_look import ChartedRun
from mlops_tui.tui.charts.series import BEST, Series
from mlops_tui.tui.kit.formatting import clock, duration, number, timestamp

CLOCK = 11
"""Where the time of day begins in a time that is written in full."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A run's curve, smoothed if that is asked for; ``best`` is the index of its best point."""

    run: ChartedRun
    curve: Curve
    smooth: tuple[float, ...] | None
    best: int | None

    def series(self) -> list[Series]:
        """Return what is drawn: the smooth line over the dimmed raw one, or the raw one alone."""
        xs, ys, look = self.curve.xs, self.curve.ys, (self.run.style, self.run.mark)
        if self.smooth is None:
            return [Series(self.run.name, xs, ys, *look, best=self.best)]
        raw = Series("", xs, ys, f"dim {self.run.style}", is_backdrop=True, best=self.best)
        return [raw, Series(self.run.name, xs, self.smooth, *look)]

    def at(self, cursor: float | None) -> int | None:
        """Return the index of the point under the cursor, without one of the last point."""
        if cursor is None:
            return len(self.curve.xs) - 1 if self.curve.xs else None
        return nearest(self.curve.xs, cursor)


def trace_of(
    history: MetricHistory, run: ChartedRun, view: ChartView, direction: Direction
) -> Trace:
    """Return the curve of a history as it is looked at."""
    curve = curve_of(history, view.x_axis)
    smooth = smoothed(curve.ys, view.smoothing) if view.smoothing else None
    return Trace(run, curve, smooth, best_point(curve.ys, direction))


def reading(traces: Sequence[Trace], view: ChartView) -> list[Run]:
    """Return what the heading of a chart says: values at the cursor, else the last ones."""
    if len(traces) == 1:
        return _of_one(traces[0], view.cursor)
    runs: list[Run] = []
    for trace in traces:
        at = trace.at(view.cursor)
        if at is not None:
            runs.append((f"  {trace.run.mark} {number(trace.curve.ys[at])}", trace.run.style))
    if view.cursor is not None:
        runs.append((f"  {place(view.cursor, view.x_axis)}", ""))
    return runs


def reduction(histories: Iterable[MetricHistory | None]) -> str:
    """Say how many points are drawn of how many there are, where some were left out."""
    reduced = [history for history in histories if history and history.is_reduced]
    if not reduced:
        return ""
    shown = sum(len(history.values) for history in reduced)
    total = sum(history.total for history in reduced)
    least = "" if all(history.total_is_exact for history in reduced) else "≥"
    return f"{shown:,} of {least}{total:,} points"


def place(x: float, along: XAxis) -> str:
    """Return where a cursor stands."""
    if along is XAxis.STEP:
        return f"step {x:,.0f}"
    return duration(x * 1000) if along is XAxis.RELATIVE else timestamp(x * 1000)


def stretch(span: Span, along: XAxis) -> str:
    """Return from when to when is looked at, nothing for steps or for all there is."""
    if along is XAxis.STEP or span == OPEN:
        return ""
    low, high = ("" if end is None else place(end, along) for end in span)
    if along is XAxis.WALL and low[:CLOCK] == high[:CLOCK]:
        high = high[CLOCK:]
    return " ".join([*(["from", low] if low else []), *(["to", high] if high else [])])


def copied(key: str, traces: Sequence[Trace], cursor: float | None) -> str:
    """Return the points under the cursor as tab-separated lines: run, metric, step, time, value."""
    lines = []
    for trace in traces:
        at = trace.at(cursor)
        if at is not None:
            curve = trace.curve
            time = timestamp(curve.timestamps[at])
            fields = (trace.run.name, key, str(curve.steps[at]), time, repr(curve.ys[at]))
            lines.append("\t".join(map(one_line, fields)))
    return "\n".join(lines)


def _of_one(trace: Trace, cursor: float | None) -> list[Run]:
    at, curve = trace.at(cursor), trace.curve
    if at is None:
        return []
    runs: list[Run] = [(f"  {number(curve.ys[at])}", trace.run.style)]
    if trace.smooth is not None:
        runs.append((f" ~{number(trace.smooth[at])}", ""))
    if cursor is not None:
        since = duration(curve.timestamps[at] - min(curve.timestamps))
        read = clock(curve.timestamps[at])
        return [*runs, (f" @ {curve.steps[at]:,}  +{since}  {read}", "")]
    if trace.best is not None:
        best = f"  {BEST} {number(curve.ys[trace.best])} @ {curve.steps[trace.best]:,}"
        runs.append((best, ""))
    return runs
