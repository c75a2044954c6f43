"""An MLflow experiment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named set of runs. Times are milliseconds since the epoch."""

    experiment_id: str
    name: str
    artifact_location: str = ""
    created_at: int | None = None
    updated_at: int | None = None
    note: str = ""
    is_deleted: bool = False


KIND_TAG = "mlops_tui.kind"
"""The tag that says what an experiment or a run of ours is for."""

HISTORY = "registry-history"
"""The kind of the experiment that holds the history of registered models."""

MONITORING = "monitoring"
"""The kind of the experiment that holds the runs of monitors."""
