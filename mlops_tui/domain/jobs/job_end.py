"""The end of a training job, as those who wait for it hear of it."""

from dataclasses import dataclass

from mlops_tui.domain.processes.process import ProcessRecord, ProcessState

TOLD = frozenset(
    {ProcessState.FINISHED, ProcessState.FAILED, ProcessState.ENDED, ProcessState.LOST}
)
"""The ends to call somebody for; who stopped a job knows."""


@dataclass(frozen=True, slots=True)
class JobEnd:
    """A job that has ended while it was watched."""

    record: ProcessRecord
    is_first: bool
    """Whether no other interface has heard of it: one bell rings."""


@dataclass(frozen=True, slots=True)
class JobsSeen:
    """What a look at the jobs found: the ids of the active ones, the ends since the last look."""

    active: frozenset[str]
    ends: tuple[JobEnd, ...] = ()
