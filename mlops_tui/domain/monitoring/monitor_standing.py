"""How a monitor stands: what a person reads first."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mlops_tui.domain.monitoring.alert import Alert
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor import MonitorPlan


class MonitorState(StrEnum):
    """What is known of the process of a monitor."""

    RUNNING = "running"
    STOPPED = "stopped"
    """A person or a shutdown stopped it, or it was never started."""
    BEHIND = "behind"
    """It runs, and several chunks wait."""
    FAILED = "failed"
    """It ended by itself, or the machine was restarted; it can be started again."""
    ELSEWHERE = "elsewhere"
    """It runs on another machine, as far as MLflow tells."""


@dataclass(frozen=True, slots=True)
class MonitorStanding:
    """A monitor with what it found out. Times are ms since the epoch."""

    plan: MonitorPlan
    state: MonitorState = MonitorState.STOPPED
    run_id: str = ""
    """The run of the version that is watched now; empty before the first chunk."""
    chunks: tuple[ChunkResult, ...] = ()
    """Newest last, light; the newest ones whole where they were asked for."""
    rows_waiting: int | None = None
    """Rows that no chunk holds yet; None where that is not known here."""
    last_look_at: int | None = None
    sentence: str = ""
    """The verdict: what drifted, since when, how much, whether it matters."""
    alerts: tuple[Alert, ...] = ()
    version: str = ""
    """The version that is watched now."""
    problem: str = ""
    """Why it does not get on now, in one sentence: the store is away, a file cannot be read."""
    remarks: tuple[str, ...] = ()
    """What it cannot say, and why: of the reference, of probabilities."""
    process_id: str = ""
    """Of its process on this machine."""
    chunk_count: int = 0
    """Chunks that were counted for the version, those left out of ``chunks`` among them."""

    @property
    def last(self) -> ChunkResult | None:
        """The newest chunk."""
        return self.chunks[-1] if self.chunks else None

    @property
    def headline(self) -> str:
        """What a person reads first: why it does not get on now, else the verdict."""
        return self.problem or self.sentence

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """The alerts that nobody has acknowledged."""
        return tuple(alert for alert in self.alerts if not alert.acknowledged)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "monitor_id": self.plan.monitor_id,
            "title": self.plan.title,
            "watches": self.plan.watched,
            "version": self.version or self.plan.version,
            "state": self.state.value,
            "sentence": self.sentence,
            "problem": self.problem,
            "remarks": list(self.remarks),
            "run_id": self.run_id,
            "chunk_count": self.chunk_count,
            "rows_waiting": self.rows_waiting,
            "last_look_at": self.last_look_at,
            "alerts": [alert.as_dict() for alert in self.alerts],
            "plan": self.plan.as_dict(),
            "chunks": [chunk.as_dict() for chunk in self.chunks],
        }
