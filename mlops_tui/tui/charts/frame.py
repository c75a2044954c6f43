"""The axes of a plot."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.limits import EVERYTHING, Interval, Limits, closed, without_outliers
from mlops_tui.tui.charts.axis import Axis, axis, log_axis
from mlops_tui.tui.charts.series import Point
from mlops_tui.tui.charts.time_axis import clock_axis, duration_axis


@dataclass(frozen=True, slots=True)
class Frame:
    """Label, kind, scale and limits of the axes."""

    x_label: str = ""
    x_axis: XAxis = XAxis.STEP
    is_log: bool = False
    hides_outliers: bool = False
    limits: Limits = EVERYTHING

    def axes(self, points: Sequence[Point], across: int, up: int) -> tuple[Axis, Axis]:
        """Return both axes for some points, with about ``across`` and ``up`` ticks."""
        xs = [x for x, _ in points]
        low, high = closed(self.limits.x, min(xs), max(xs))
        ys = [y for x, y in points if low <= x <= high] or [y for _, y in points]
        ends = without_outliers(ys) if self.hides_outliers else (min(ys), max(ys))
        interval = self.limits.y
        if self.is_log:
            interval = _positive(interval)
        bottom, top = closed(interval, *ends)
        if self.is_log:
            # A tenth of the least number is zero.
            y_axis = log_axis([bottom if bottom > 0 else top / 10 or top, top], up)
        else:
            y_axis = axis([bottom, top], up)
        if self.x_axis is XAxis.RELATIVE:
            return duration_axis(low, high, across), y_axis
        if self.x_axis is XAxis.WALL:
            return clock_axis(low, high, across), y_axis
        whole = all(x == int(x) for x in xs)
        return axis([low, high], across, whole=whole), y_axis


def _positive(interval: Interval) -> Interval:
    low, high = (end if end is not None and end > 0 else None for end in interval)
    return low, high
