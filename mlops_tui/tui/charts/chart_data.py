"""What a grid of charts knows of its metrics."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mlops_tui.domain.metrics.chart_view import ChartView, Range
from mlops_tui.domain.metrics.curve import XAxis, curve_of
from mlops_tui.domain.metrics.direction import Direction, guess_direction
from mlops_tui.domain.metrics.metric import HistoryRequest, MetricHistory
from mlops_tui.tui.charts.history_cache import HistoryCache
from mlops_tui.tui.charts.trace import Trace, trace_of

LAST_STEP = 2**63 - 1
"""The greatest step that a store can hold."""

if TYPE_CHECKING:
    from mlops_tui.tui.charts.run_style import RunStyle


class ChartData:
    """Metrics of some runs: their histories as far as they are read, their directions."""

    def __init__(self) -> None:
        self.runs: tuple[RunStyle, ...] = ()
        self.keys: tuple[str, ...] = ()
        self.cache = HistoryCache()
        self.directions: Mapping[str, Direction] | None = None
        """By metric, as the person has set them; None when they were not read yet."""

    def histories(self, key: str) -> list[MetricHistory | None]:
        """Return the history of a metric in each run, None where it was not read yet."""
        return [self.cache.get(run.run_id, key) for run in self.runs]

    def has_curve(self, key: str) -> bool | None:
        """Return whether a metric has more than one point in a run, None when not known yet."""
        histories = self.histories(key)
        if any(history and len(history.values) > 1 for history in histories):
            return True
        return False if all(histories) else None

    @property
    def drawable_keys(self) -> list[str]:
        """The metrics without those that are known to have no curve."""
        return [key for key in self.keys if self.has_curve(key) is not False]

    def requests(self, keys: Sequence[str], view: ChartView) -> list[HistoryRequest]:
        """Return what is to be read for some charts; zoomed in, the points left out so far."""
        zoomed = (request for key in keys for request in self._zoomed(key, view))
        whole = self.cache.requests(self.runs, keys)
        return whole or [request for request in zoomed if self.cache.needs_zoomed(request)]

    def _zoomed(self, key: str, view: ChartView) -> list[HistoryRequest]:
        low, high = view.limits.x
        if view.x_axis is not XAxis.STEP or low is None or high is None:
            return []
        first, last = max(int(low), -LAST_STEP), min(int(high) + 1, LAST_STEP)
        return [HistoryRequest(run.run_id, key, first, last) for run in self.runs]

    def uncached(self, requests: Sequence[HistoryRequest]) -> int:
        """Return how many of the requests are about curves of which nothing is known."""
        return sum(self.cache.get(each.run_id, each.key) is None for each in requests)

    def traces(self, key: str, view: ChartView) -> list[Trace]:
        """Return the curves of a metric, as far as they are read."""
        zoomed = {request.run_id: request for request in self._zoomed(key, view)}
        direction = self.direction(key)
        histories = (
            (run, self.cache.closest(zoomed.get(run.run_id) or HistoryRequest(run.run_id, key)))
            for run in self.runs
        )
        return [trace_of(h, run, view, direction) for run, h in histories if h and h.values]

    def direction(self, key: str) -> Direction:
        """Return whether lower is better in a metric: as was set, else by its name."""
        return (self.directions or {}).get(key) or guess_direction(key)

    def x_range(self, keys: Sequence[str], x_axis: XAxis) -> Range | None:
        """Return the range of x over the whole curves of some metrics, None without any point."""
        histories = [history for key in keys for history in self.histories(key) if history]
        curves = [curve_of(history, x_axis) for history in histories]
        xs = [x for curve in curves for x in (curve.xs[:1] + curve.xs[-1:])]
        return (min(xs), max(xs)) if xs else None
