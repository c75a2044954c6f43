"""One attempt of a rule to come to a better version."""

from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.retraining.retraining_rule import Arrow


class Step(StrEnum):
    """Where an attempt stands: what is being done, or is to be done next."""

    TRAIN = "train"
    REGISTER = "register"
    GATE = "gate"
    STAGING = "staging"
    PRODUCTION = "production"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    """A person declined it, or it was found to be in the way."""

    @property
    def arrow(self) -> Arrow | None:
        """The arrow that leads here; None for an end."""
        return None if self in ENDS else Arrow(self.value)


ENDS = frozenset({Step.DONE, Step.FAILED, Step.STOPPED})
ORDER = (Step.TRAIN, Step.REGISTER, Step.GATE, Step.STAGING, Step.PRODUCTION, Step.DONE)
"""The steps of an attempt that succeeds."""

BY_HAND = "asked for by a person"
"""Why an attempt was made that no condition asked for."""


@dataclass(frozen=True, slots=True)
class RetrainingAttempt:
    """One attempt, as its run in MLflow tells it. Times are ms since the epoch."""

    attempt_id: str
    """Its run in MLflow."""
    model: str
    fired_at: int
    because: str
    """Why the rule fired, in a sentence."""
    step: Step
    waits_for_person: bool = False
    """Whether somebody has to approve before the step is begun."""
    sentence: str = ""
    """How it stands, or why it ended."""
    monitor_id: str = ""
    retrained_from: str = ""
    """The version that was in Production; empty where there was none."""
    owner: str = ""
    """The machine and state directory that goes on with it."""
    job_id: str = ""
    """The training job there."""
    run_id: str = ""
    """The run that it made."""
    version: str = ""
    """The version that was registered."""
    gate_job: str = ""
    """The job that checks it now."""
    approved: frozenset[Arrow] = frozenset()
    """The arrows that a person has allowed in this attempt."""
    approved_by: str = ""
    """Who allowed the newest of them."""
    failed_at: Step | None = None
    """The step that failed."""
    data: str = ""
    """The file that it trains on."""
    digest: str = ""
    """The MD5 of that file."""
    rows: int = 0
    new_rows: int = 0
    """The rows that were trained on, and how many of them are new."""
    changed_at: int = 0
    """When its newest step was recorded."""
    ended_at: int | None = None

    @property
    def is_underway(self) -> bool:
        """Whether it has not ended."""
        return self.step not in ENDS

    @property
    def failed_gate(self) -> bool:
        """Whether it ended because its version did not pass a gate."""
        return self.step is Step.FAILED and self.failed_at is Step.GATE
