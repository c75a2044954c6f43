"""Keeps the alerts of a monitor while it runs: begun once, told once, over when it is calm."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlops_tui.domain.monitoring import conditions
from mlops_tui.domain.monitoring.alert import Alert, AlertKind, next_alerts
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor import MonitorPlan, SourceKind
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import monitor_folder, monitor_launch, monitor_runs
from mlops_tui.services.monitoring.monitor_alerts import notify
from mlops_tui.services.monitoring.monitor_runs import ALERTS, MonitorRun, alerts_text
from mlops_tui.services.monitoring.monitor_setup import captures_of
from mlops_tui.services.serving import endpoints

EVERY = 60.0
"""Seconds between two looks at the endpoints."""
BROKEN = (ProcessState.FAILED, ProcessState.LOST)


class AlertKeeping:
    """The alerts of one monitor; MLflow holds them, so that acknowledgements are seen."""

    def __init__(self, store: Store, state_dir: Path, plan: MonitorPlan) -> None:
        self._store = store
        self._state_dir = state_dir
        self._plan = plan
        self._looked_at = float("-inf")
        self._dropped: dict[str, int] = {}

    def after_chunk(
        self, run: MonitorRun, recent: Sequence[ChunkResult]
    ) -> tuple[dict[str, str], tuple[Alert, ...]]:
        """Return the tags that a chunk changes, and the alerts that begin with it."""
        met = conditions.of_chunks(recent)
        alerts, begun = self._next(run, met, conditions.OF_CHUNKS)
        return {ALERTS: alerts_text(alerts)}, begun

    def look(self, run: MonitorRun, *, is_behind: bool) -> None:
        """Look at the endpoints once a minute, and whether the monitor is behind."""
        if time.monotonic() - self._looked_at < EVERY:
            return
        self._looked_at = time.monotonic()
        met = conditions.of_backlog(conditions.BEHIND + 1 if is_behind else 0)
        looked_at = [AlertKind.BEHIND]
        if self._plan.source is SourceKind.CAPTURES:
            looked_at += conditions.OF_ENDPOINT
            for record in captures_of(self._state_dir, self._store, self._plan.model):
                met |= self._of_endpoint(record)
        self._keep(run, met, looked_at)

    def of_retraining(self, run: MonitorRun, sentence: str) -> None:
        """Keep the alert about retraining: what a person should know of it, empty for nothing."""
        met = {AlertKind.RETRAINING: sentence} if sentence else {}
        self._keep(run, met, [AlertKind.RETRAINING])

    def _keep(
        self, run: MonitorRun, met: Mapping[AlertKind, str], looked_at: Sequence[AlertKind]
    ) -> None:
        alerts, begun = self._next(run, met, looked_at)
        if begun or alerts != run.alerts:
            tags = {ALERTS: alerts_text(alerts)}
            monitor_runs.set_tags(self._store, run.run_id, tags)
        self.tell(begun)

    def tell(self, begun: Sequence[Alert]) -> None:
        """Tell the person's notify command."""
        for record in monitor_launch.of_monitor(self._state_dir, self._plan.monitor_id)[:1]:
            notify(self._state_dir / ProcessKind.MONITOR / record.process_id, begun)

    def _next(
        self, run: MonitorRun, met: Mapping[AlertKind, str], looked_at: Sequence[AlertKind]
    ) -> tuple[tuple[Alert, ...], tuple[Alert, ...]]:
        subject = Alert(
            "",
            AlertKind.DRIFT,
            self._plan.model,
            monitor_folder.now(),
            "",
            monitor_id=self._plan.monitor_id,
            version=run.version,
        )
        present = monitor_runs.reread(self._store, run).alerts
        return next_alerts(present, met, looked_at, subject)

    def _of_endpoint(self, record: ProcessRecord) -> dict[AlertKind, str]:
        if self._plan.endpoint not in ("", record.process_id):
            return {}
        if record.state in BROKEN:
            is_newest = record == captures_of(self._state_dir, self._store, self._plan.model)[0]
            why = record.reason or "it has ended by itself."
            return {AlertKind.ENDPOINT: f"{record.title} is down: {why}"} if is_newest else {}
        figures = endpoints.figures(self._state_dir, record) if record.state.is_active else None
        if figures is None:
            return {}
        before = self._dropped.get(record.process_id, figures.capture.dropped)
        self._dropped[record.process_id] = figures.capture.dropped
        return conditions.of_endpoint(record.title, figures, before)
