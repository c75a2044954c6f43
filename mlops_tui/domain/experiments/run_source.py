"""The set of runs that a table shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunSource:
    """Which runs are meant: of an experiment, active or deleted, those that pass a query."""

    experiment_id: str
    query: str = ""
    deleted: bool = False
