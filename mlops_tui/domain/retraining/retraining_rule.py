"""The rule by which a model is trained again."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from mlops_tui.domain.retraining.schedule import Schedule

TAG = "mlops_tui.retraining"
"""The tag of a registered model that holds its rule, as TOML."""

BAND: Literal["band"] = "band"
Floor = float | Literal["band"]
"""The least that a metric may be: a number, or the lower end of the reference's band."""


class Arrow(StrEnum):
    """A way from one step of an attempt to the next: what is done when it is gone."""

    TRAIN = "train"
    REGISTER = "register"
    GATE = "gate"
    STAGING = "staging"
    PRODUCTION = "production"


class Paused(StrEnum):
    """Whether a rule is switched off, and how."""

    NO = ""
    ALONE = "alone"
    WITH_ALL = "with all"
    """All rules were paused at once; resuming all takes it back."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What is launched again: a job that ran before, with one of its parameters replaced."""

    source: str
    """The id of that job, or of a run that it made."""
    argument: str
    """The parameter that is given the file with the data to train on."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What makes a rule fire: any one of those that are set."""

    drift_share: float | None = None
    """The share of columns that may drift, 0 to 1: more than that is too much."""
    realised_below: Floor | None = None
    """The least performance by labels."""
    estimated_below: Floor | None = None
    """The least performance that is estimated without labels."""
    labelled_rows: int | None = None
    """So many new rows with labels."""
    new_rows: int | None = None
    """So many new rows, with or without labels."""
    age_days: float | None = None
    """The age of the version in Production."""
    every: Schedule | None = None


@dataclass(frozen=True, slots=True)
class RetrainingRule:
    """When a model is trained again, by what, and how far that goes without a person."""

    model: str
    launch: Launch
    conditions: Conditions
    monitor_id: str
    """The monitor whose chunks are looked at, and whose labelled rows are trained on."""
    k: int = 1
    m: int = 1
    """``k`` of the last ``m`` chunks have to show drift, or low performance."""
    minimum_n: int = 0
    """Chunks with fewer rows (for performance: with fewer labels) are passed over."""
    minimum_labels: int = 1
    """Nothing is trained with fewer labelled rows since the last attempt; 0 does without."""
    cool_down_days: float = 1.0
    """Days from the beginning of one attempt to the next."""
    at_most_per_week: int = 2
    stop_after: int = 2
    """The rule fires no more after so many attempts in a row that failed, at a gate or before."""
    given_away: frozenset[Arrow] = field(default_factory=frozenset)
    """The arrows that are gone without asking a person."""
    paused: Paused = Paused.NO
    since: int = 0
    """Attempts, and dates of a schedule, before that do not count; ms since the epoch."""

    def is_asked(self, arrow: Arrow) -> bool:
        """Return whether a person is asked before an arrow is gone."""
        return arrow not in self.given_away
