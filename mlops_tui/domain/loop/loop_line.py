"""Where one model stands in its loop."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_tui.domain.loop.model_facts import ModelFacts
from mlops_tui.domain.loop.need import Need
from mlops_tui.domain.loop.needs import needs_of
from mlops_tui.domain.loop.watched_needs import of_monitor, of_retraining
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.domain.processes.process import GATE, ProcessRecord
from mlops_tui.domain.retraining.attempt import RetrainingAttempt
from mlops_tui.domain.serving.model_server import ModelServer, ServerState

STARTED = {ServerState.READY: 0, ServerState.STARTING: 1}
"""Servers in these states come before others."""


@dataclass(frozen=True, slots=True)
class LoopLine:
    """Where a model stands, from its data to its retraining."""

    facts: ModelFacts
    endpoint: ModelServer | None = None
    """The endpoint that counts: one that is up, of the version in production, started last."""
    job: ProcessRecord | None = None
    """The newest training job of its experiment."""
    check: ProcessRecord | None = None
    """A check of a version against a gate that is going on."""
    monitor: MonitorStanding | None = None
    """The monitor that counts: one that calls, or runs."""
    attempt: RetrainingAttempt | None = None
    """The newest attempt to train it again."""
    needs: tuple[Need, ...] = ()
    """The most pressing first."""

    @property
    def model(self) -> str:
        """The name of the model."""
        return self.facts.name

    @property
    def need(self) -> Need | None:
        """The most pressing need."""
        return self.needs[0] if self.needs else None


@dataclass(frozen=True, slots=True)
class LocalFacts:
    """What the state directory knows of the processes of a store, by model and experiment."""

    servers: tuple[ModelServer, ...] = ()
    """Newest first."""
    jobs: tuple[ProcessRecord, ...] = ()
    """Those that go on, and of each experiment the newest; newest first."""


@dataclass(frozen=True, slots=True)
class WatchFacts:
    """What monitors and retraining of a store say, newest first."""

    monitors: tuple[MonitorStanding, ...] = ()
    attempts: tuple[RetrainingAttempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """The lines of all models. ``read_at`` is in milliseconds since the epoch."""

    lines: tuple[LoopLine, ...]
    read_at: int


def loop_line(facts: ModelFacts, local: LocalFacts, watched: WatchFacts = WatchFacts()) -> LoopLine:
    """Return where a model stands, given what is known of the processes of all models."""
    endpoint = _endpoint(facts, [s for s in local.servers if s.model == facts.name])
    trainings = (job for job in local.jobs if GATE not in job.details)
    job = next((j for j in trainings if _is_training_of(j, facts)), None)
    checks = (job for job in local.jobs if job.state.is_active and GATE in job.details)
    check = next((c for c in checks if c.details.get("model") == facts.name), None)
    monitor = _monitor([m for m in watched.monitors if m.plan.model == facts.name])
    attempt = next((a for a in watched.attempts if a.model == facts.name), None)
    needs = (
        *needs_of(facts, endpoint, job, check),
        *of_monitor(monitor, attempt),
        *of_retraining(facts, attempt),
    )
    ordered = tuple(sorted(needs, key=lambda need: need.order))
    return LoopLine(facts, endpoint, job, check, monitor, attempt, ordered)


def by_need(lines: Sequence[LoopLine]) -> list[LoopLine]:
    """Return the lines, those with the most pressing need first, then by name."""
    return sorted(lines, key=lambda line: (_pressure(line), line.model.casefold(), line.model))


def _pressure(line: LoopLine) -> tuple[int, int]:
    return line.need.order if line.need else (1, 0)


def _endpoint(facts: ModelFacts, servers: Sequence[ModelServer]) -> ModelServer | None:
    def rank(server: ModelServer) -> tuple[bool, int]:
        is_up = server.state.is_up
        return not (is_up and server.version == facts.production), STARTED.get(server.state, 2)

    return min(servers, key=rank, default=None)


def _monitor(monitors: Sequence[MonitorStanding]) -> MonitorStanding | None:
    def rank(standing: MonitorStanding) -> tuple[bool, bool]:
        return not standing.open_alerts, standing.state is MonitorState.STOPPED

    return min(monitors, key=rank, default=None)


def _is_training_of(job: ProcessRecord, facts: ModelFacts) -> bool:
    if "model" in job.details:  # it scores, or checks
        return False
    return bool(facts.experiment) and job.details.get("experiment") == facts.experiment
