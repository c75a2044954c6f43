"""The curves of trials, by which those that go badly are ended early."""

from collections.abc import Mapping

from mlops_tui.domain.metrics.metric import HistoryRequest, MetricHistory
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.median_rule import is_hopeless
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.sweeps.trial import Trial
from mlops_tui.services.metrics.metrics import read_histories

POINTS = 2_000
"""Points of a curve that a trial is judged by."""


class TrialCurves:
    """The curves of the trials that are done, kept as they were; nothing is read without need."""

    def __init__(self, store: Store, plan: SweepPlan) -> None:
        self._store = store
        self._plan = plan
        self._complete: dict[int, MetricHistory] = {}

    def of(self, trial: Trial) -> MetricHistory | None:
        """Return the curve of a trial that has ended, None where it counts for nothing."""
        if not self._plan.prune_after or not trial.run_id or not trial.state.is_done:
            return None
        curve = self._read((trial.run_id,))[trial.run_id]
        if trial.is_complete:
            self._complete[trial.number] = curve
        return curve

    def hopeless(self, running: Mapping[int, str]) -> dict[int, int]:
        """Return which of the running trials (number to run) go too badly, each with its step."""
        others = list(self._complete.values())
        if not running or len(others) < self._plan.prune_after:
            return {}
        curves = self._read(tuple(running.values()))
        found = {number: curves[run_id] for number, run_id in running.items() if run_id in curves}
        direction, least = self._plan.direction, self._plan.prune_after
        return {
            number: curve.steps[-1]
            for number, curve in found.items()
            if is_hopeless(curve, others, direction, least)
        }

    def _read(self, run_ids: tuple[str, ...]) -> dict[str, MetricHistory]:
        requests = [HistoryRequest(run_id, self._plan.metric) for run_id in run_ids]
        found = read_histories(self._store, requests, limit=POINTS)
        return {curve.run_id: curve for curve in found}
