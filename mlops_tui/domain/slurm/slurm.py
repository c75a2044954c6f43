"""What Slurm answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mlops_tui.domain.processes.process import ProcessState

QUEUE_FORMAT = "%i|%T|%M|%N|%r"
"""Of ``squeue``: id, state, time used, nodes, reason; no bar stands in the first four."""
ACCOUNT_FIELDS = "JobID,State,Reason"
"""Of ``sacct``."""

PROGRAM = re.compile(
    r"^(allocation failure: |\w+(: (error: |fatal: )?| error: )(Batch job submission failed: )?)"
)
"""What stands before the reason when a command of Slurm's fails."""

STATES = {
    "PENDING": ProcessState.WAITING,
    "CONFIGURING": ProcessState.WAITING,
    "REQUEUED": ProcessState.WAITING,
    "REQUEUE_FED": ProcessState.WAITING,
    "REQUEUE_HOLD": ProcessState.WAITING,
    "RESV_DEL_HOLD": ProcessState.WAITING,
    "SPECIAL_EXIT": ProcessState.WAITING,
    "RUNNING": ProcessState.RUNNING,
    "COMPLETING": ProcessState.RUNNING,
    "RESIZING": ProcessState.RUNNING,
    "SIGNALING": ProcessState.RUNNING,
    "STAGE_OUT": ProcessState.RUNNING,
    "STOPPED": ProcessState.RUNNING,
    "SUSPENDED": ProcessState.RUNNING,
    "COMPLETED": ProcessState.FINISHED,
    "CANCELLED": ProcessState.STOPPED,
    "REVOKED": ProcessState.STOPPED,
    "BOOT_FAIL": ProcessState.FAILED,
    "DEADLINE": ProcessState.FAILED,
    "FAILED": ProcessState.FAILED,
    "OUT_OF_MEMORY": ProcessState.FAILED,
    "TIMEOUT": ProcessState.FAILED,
    "NODE_FAIL": ProcessState.LOST,
    "PREEMPTED": ProcessState.FAILED,
}
"""All of Slurm's job states, from "JOB STATE CODES" of squeue(1), as ours."""
SENTENCES = {
    "BOOT_FAIL": "Its node did not boot.",
    "CANCELLED": "It was cancelled in Slurm.",
    "DEADLINE": "Slurm ended it at its deadline.",
    "NODE_FAIL": "Its node failed.",
    "OUT_OF_MEMORY": "It exceeded its memory limit in Slurm.",
    "PREEMPTED": "Slurm ended it in favour of another job.",
    "STOPPED": "It is stopped in Slurm.",
    "SUSPENDED": "It is suspended in Slurm.",
    "TIMEOUT": "It reached its time limit in Slurm.",
}
"""What a state means where the word alone does not say it."""
OVER_MEMORY = re.compile(
    r"^slurmstepd[\w.-]*: error: .*(?:exceeded .*memory limit|oom.kill event)",
    re.MULTILINE | re.IGNORECASE,
)
"""What Slurm writes to the log of a job that it, or the kernel, ends for want of memory."""
USED = re.compile(r"(?:(?:(\d{1,6})-)?(\d{1,2}):)?(\d{1,2}):(\d{1,2})")
"""Time as ``squeue`` writes it: ``2-03:04:05``, ``03:04:05`` or ``4:05``."""
ENDED_BY_SLURM = "It was cancelled in Slurm, or had to make room."


@dataclass(frozen=True, slots=True)
class SlurmJob:
    """What Slurm says of a job. ``word`` is its own name of the state."""

    job_id: str
    """``NUMBER``, or ``NUMBER_INDEX`` of a job in an array."""
    word: str
    nodes: str = ""
    reason: str = ""
    """Why it waits, or ended so: one of Slurm's words, empty when there is nothing to say."""
    used: int | None = None
    """Milliseconds that it has run, those not counted in which it was suspended."""

    @property
    def is_suspended(self) -> bool:
        """Whether Slurm has taken its cores away for a while."""
        return self.word == "SUSPENDED"

    @property
    def state(self) -> ProcessState:
        """Slurm's state as ours; a word that a newer Slurm has added keeps the job alive."""
        return STATES.get(self.word, ProcessState.RUNNING)

    @property
    def sentence(self) -> str:
        """What a person is told about the state; empty where there is nothing to say."""
        if self.word in SENTENCES:
            return SENTENCES[self.word]
        why = f": {self.reason}" if self.reason else ""
        if self.state is ProcessState.WAITING:
            return f"Waiting in Slurm{why}."
        return f"It failed in Slurm{why}." if self.state is ProcessState.FAILED else ""

    def cause(self) -> tuple[ProcessState, str]:
        """Return what a job that Slurm is ending will come to, with the reason.

        Slurm says no more than COMPLETING meanwhile; its reason still tells a time limit.
        """
        if self.word != "COMPLETING":
            return (
                (ProcessState.STOPPED, "") if self.state.is_active else (self.state, self.sentence)
            )
        if self.reason == "TimeLimit":
            return STATES["TIMEOUT"], SENTENCES["TIMEOUT"]
        return ProcessState.STOPPED, ENDED_BY_SLURM


def parse_queue(text: str) -> dict[str, SlurmJob]:
    """Return what ``squeue --array --noheader`` says in ``QUEUE_FORMAT``, by job id."""
    rows = (line.strip().split("|", 4) for line in text.splitlines())
    jobs = [
        SlurmJob(row[0], row[1], row[3], _said(row[4]), _used(row[2]))
        for row in rows
        if len(row) == 5  # noqa: PLR2004 - the fields of QUEUE_FORMAT
    ]
    return {job.job_id: job for job in jobs}


def job_of(queue: Mapping[str, SlurmJob], job_id: str) -> SlurmJob | None:
    """Return the job with this id; tasks of an array that never ran end under that of the array."""
    return queue.get(job_id) or queue.get(job_id.partition("_")[0])


def parse_account(text: str, job_id: str) -> SlurmJob | None:
    """Return what ``sacct --parsable2`` says of a job in ``ACCOUNT_FIELDS``."""
    for line in text.splitlines():
        found, _, rest = line.strip().partition("|")
        if found == job_id:
            state, _, reason = rest.partition("|")
            # "CANCELLED by 1000" names the user; OUT_OF_MEMORY may end in a plus sign.
            return SlurmJob(job_id, state.split(" ")[0].rstrip("+"), reason=_said(reason))
    return None


def is_over_memory(log: str) -> bool:
    """Return whether Slurm says in a job's log that it took too much memory."""
    return OVER_MEMORY.search(log) is not None


def submitted_id(text: str) -> str:
    """Return the id that ``sbatch --parsable`` gave: the cluster's name may follow it."""
    job_id = text.strip().partition(";")[0]
    return job_id if job_id.isascii() and job_id.isdecimal() else ""


def refusal(text: str) -> str:
    """Return in one sentence why a command of Slurm's failed, from what it wrote."""
    said = [line.strip() for line in text.splitlines() if line.strip()]
    last = said[-1] if said else "it did not say why"
    return f"{PROGRAM.sub('', last).rstrip('.')}."


def _said(reason: str) -> str:
    return "" if reason in ("None", "(null)", "N/A") else reason


def _used(text: str) -> int | None:
    found = USED.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
