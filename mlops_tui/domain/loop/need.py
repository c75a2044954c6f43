"""What a model needs of a person."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Urgency(IntEnum):
    """How much a person is needed."""

    UNDERWAY = 0
    """Something happens by itself."""
    NEXT = 1
    """A next step is there to be taken; nothing is wrong."""
    NOW = 2
    """Something is broken, is getting worse, or waits for an answer."""


class NeedKind(StrEnum):
    """What a need is about; of two needs of one urgency, the kind listed first comes first."""

    ENDPOINT = "endpoint"
    """An endpoint has ended by itself, or does not do what it should."""
    APPROVAL = "approval"
    """Retraining waits for an answer."""
    RETRAINING = "retraining"
    """Retraining goes on, failed, or cannot begin."""
    PERFORMANCE = "performance"
    """A model gets worse: by its labels, or by what is estimated without them."""
    DRIFT = "drift"
    """What a model is asked is not what it was trained on."""
    JOB = "job"
    """The newest training failed."""
    MONITOR = "monitor"
    """A monitor does not get on."""
    GATE = "gate"
    """A version is to be checked, or was checked and failed."""
    STAGE = "stage"
    """A version may be moved."""
    VERSION = "version"
    """A version is not usable."""


KEYS = {
    NeedKind.ENDPOINT: "s",
    NeedKind.APPROVAL: "a",
    NeedKind.PERFORMANCE: "d",
    NeedKind.DRIFT: "d",
    NeedKind.RETRAINING: "R",
    NeedKind.MONITOR: "d",
    NeedKind.JOB: "o",
    NeedKind.GATE: "V",
    NeedKind.STAGE: "m",
    NeedKind.VERSION: "m",
}
"""The key of the Loop screen that does it, or goes where it is done."""


RANKS = {kind: rank for rank, kind in enumerate(NeedKind)}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a model needs, as a sentence without a full stop."""

    kind: NeedKind
    urgency: Urgency
    sentence: str
    target: str = ""
    """What the key is about: the number of a version, the id of a server or job."""

    @property
    def key(self) -> str:
        """The key that does it; empty where nothing is to be done."""
        return "" if self.urgency is Urgency.UNDERWAY else KEYS[self.kind]

    @property
    def order(self) -> tuple[int, int]:
        """Sorts needs, the most pressing first."""
        return -self.urgency, RANKS[self.kind]
