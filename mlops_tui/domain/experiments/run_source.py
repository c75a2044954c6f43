"""Which runs a person looks at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunSource:
    """Which runs are meant: of an experiment, active or deleted, those that pass a query."""

    experiment_id: str
    query: str = ""
    deleted: bool = False
