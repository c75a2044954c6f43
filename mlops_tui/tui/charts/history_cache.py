"""The metric histories that the interface keeps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlops_tui.domain.metrics.metric import HistoryRequest, MetricHistory, joined
from mlops_tui.tui.charts.run_style import RunStyle

Pair = tuple[str, str]
"""Run id and metric key."""

POINTS = 400
"""Points per curve: more than a terminal has dots."""

MOST = 300
"""Curves kept; beyond that, those read longest ago are dropped."""


@dataclass(frozen=True, slots=True)
class CachedHistory:
    """A history, with the number of points there were when all of it was read."""

    history: MetricHistory
    total_at_full_read: int
    is_final: bool
    """Whether its run had ended when it was read."""

    @property
    def needs_full_reload(self) -> bool:
        """Whether appended points outnumber the sampled ones, so that all must be read again."""
        return self.history.total > 2 * max(self.total_at_full_read, len(self.history.values))


class HistoryCache:
    """Histories by run and metric; returns what must be read to bring them up to date."""

    def __init__(self) -> None:
        self._whole: dict[Pair, CachedHistory] = {}
        self._zoomed: dict[Pair, tuple[HistoryRequest, MetricHistory]] = {}
        """Of the range of steps in view, the points between those of the whole curve."""

    def get(self, run_id: str, key: str) -> MetricHistory | None:
        """Return the whole history, None when it was not read yet."""
        cached = self._whole.get((run_id, key))
        return cached.history if cached else None

    def closest(self, request: HistoryRequest) -> MetricHistory | None:
        """Return the history of the requested range if it was read, else the whole one."""
        zoomed = self._zoomed.get((request.run_id, request.key))
        if zoomed and zoomed[0] == request:
            return zoomed[1]
        return self.get(request.run_id, request.key)

    def clear(self) -> None:
        """Forget everything, so that it is read again."""
        self._whole.clear()
        self._zoomed.clear()

    def requests(self, runs: Iterable[RunStyle], keys: Sequence[str]) -> list[HistoryRequest]:
        """Return what to read to bring these metrics of these runs up to date."""
        requests = [self._request(run, key) for key in keys for run in runs]
        return [request for request in requests if request]

    def needs_zoomed(self, request: HistoryRequest) -> bool:
        """Return whether a range has points that were left out and are not read yet."""
        whole = self.get(request.run_id, request.key)
        zoomed = self._zoomed.get((request.run_id, request.key))
        return whole is not None and whole.is_reduced and not (zoomed and zoomed[0] == request)

    def apply(
        self,
        requests: Sequence[HistoryRequest],
        answers: Iterable[MetricHistory],
        running: set[str],
    ) -> None:
        """Keep what was read; the ``running`` runs had not ended when it was requested."""
        requested = {(request.run_id, request.key): request for request in requests}
        for history in answers:
            pair = history.run_id, history.key
            request, cached = requested[pair], self._whole.pop(pair, None)
            if request.last_step is not None:
                self._zoomed[pair] = request, history
                if cached:
                    self._whole[pair] = cached
                continue
            is_final = pair[0] not in running
            if request.first_step is not None and cached:
                longer = joined(cached.history, history, POINTS)
                self._whole[pair] = CachedHistory(longer, cached.total_at_full_read, is_final)
            else:
                self._whole[pair] = CachedHistory(history, history.total, is_final)
        self._drop_oldest()

    def _request(self, run: RunStyle, key: str) -> HistoryRequest | None:
        cached = self._whole.get((run.run_id, key))
        if cached is None or cached.needs_full_reload:
            return HistoryRequest(run.run_id, key)
        if run.is_running and cached.history.steps:
            return HistoryRequest(run.run_id, key, first_step=cached.history.steps[-1])
        # Points that came late or out of order are read once their run has ended.
        needs_last_read = run.is_running or not cached.is_final
        return HistoryRequest(run.run_id, key) if needs_last_read else None

    def _drop_oldest(self) -> None:
        curves = [pair for pair, each in self._whole.items() if len(each.history.values) > 1]
        for pair in curves[:-MOST]:
            del self._whole[pair]
        for pair in list(self._zoomed)[:-MOST]:
            del self._zoomed[pair]
