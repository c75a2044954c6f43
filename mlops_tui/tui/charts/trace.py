"""The curve of one run on one chart."""

from dataclasses import dataclass

from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import Curve, curve_of, nearest
from mlops_tui.domain.metrics.direction import Direction, best_point
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.metrics.smoothing import smoothed
from mlops_tui.tui.charts.run_style import RunStyle
from mlops_tui.tui.charts.series import Series


@dataclass(frozen=True, slots=True)
class Trace:
    """A run's curve, smoothed if that was chosen; ``best`` is the index of its best point."""

    run: RunStyle
    curve: Curve
    smooth: tuple[float, ...] | None
    best: int | None

    def series(self) -> list[Series]:
        """Return what is drawn: the smooth line over the dimmed raw one, or the raw one alone."""
        xs, ys, style = self.curve.xs, self.curve.ys, (self.run.colour, self.run.mark)
        if self.smooth is None:
            return [Series(self.run.name, xs, ys, *style, best=self.best)]
        raw = Series("", xs, ys, f"dim {self.run.colour}", is_backdrop=True, best=self.best)
        return [raw, Series(self.run.name, xs, self.smooth, *style)]

    def index_at(self, cursor: float | None) -> int | None:
        """Return the index of the point under the cursor, of the last point without a cursor."""
        if cursor is None:
            return len(self.curve.xs) - 1 if self.curve.xs else None
        return nearest(self.curve.xs, cursor)


def trace_of(history: MetricHistory, run: RunStyle, view: ChartView, direction: Direction) -> Trace:
    """Return the curve of a history in a view."""
    curve = curve_of(history, view.x_axis)
    smooth = smoothed(curve.ys, view.smoothing) if view.smoothing else None
    return Trace(run, curve, smooth, best_point(curve.ys, direction))
