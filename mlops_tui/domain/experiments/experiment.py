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
