"""A detached process of ours: a training job or a model server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

HERE = "here"
"""The name of the launcher of this machine."""

ATTACHED = "attached"
"""The detail of a job that was started elsewhere."""
LOG = "log"
"""The detail that names the file of such a job's output, empty when there is none."""
RUN = "run"
"""The detail with the id of the run that such a job was attached by."""

SUBMITS = "submits"
"""The detail of a job that does no more than look after others on a cluster."""
TRIAL_OF = "trial_of"
"""The detail of a job that is one trial: the id of the sweep's job."""
RUN_TAGS = "run_tags"
"""The detail that holds, as JSON, the tags which the runs of such a job get."""
GATE = "gate"
"""The detail of a job that checks a model version: the stage that its gate is for."""

BATCH = "batch"
"""The detail of a job that scores files: the file that its answers go to."""

EXPORT = "export"
"""The detail of a job that exports a model: the folder of the bundle, else what it becomes."""
MONITOR_ID = "monitor"
"""The detail of the process of a monitor: which one."""


RETRAINING = "retraining"
"""The detail of a job that trains a model again: the attempt that it is part of."""


class ProcessKind(StrEnum):
    """What a process is for; also the name of its folder in the state directory."""

    JOB = "jobs"
    SERVER = "servers"
    MONITOR = "monitors"


class ProcessState(StrEnum):
    """What is known of a process."""

    WAITING = "waiting"
    """In the queue: it has no slot yet."""
    STARTING = "starting"
    """Recorded; its command is about to start."""
    RUNNING = "running"
    STOPPING = "stopping"
    """Asked to stop; not gone yet."""
    ELSEWHERE = "elsewhere"
    """On another machine or in another container, when last heard of; here nobody knows."""
    FINISHED = "finished"
    """Ended with exit code 0."""
    FAILED = "failed"
    """Ended with another exit code, or could not be started."""
    STOPPED = "stopped"
    """Ended because a person asked for it."""
    ENDED = "ended"
    """Gone; it was not launched here, so nobody knows how it ended."""
    LOST = "lost"
    """Gone without leaving an exit code: its supervisor was killed, or the machine restarted."""

    @property
    def is_active(self) -> bool:
        """Whether the process is there, will be, or may be as far as is known."""
        return self in ACTIVE


ACTIVE = frozenset(
    {
        ProcessState.WAITING,
        ProcessState.STARTING,
        ProcessState.RUNNING,
        ProcessState.STOPPING,
        ProcessState.ELSEWHERE,
    }
)


class Settlement(StrEnum):
    """Whether the runs that an ended job left open have got their end in MLflow."""

    NOT_DUE = ""
    """Nothing has ended yet, or nothing of it can be in MLflow."""
    PENDING = "pending"
    """They are getting it, or wait for that."""
    DONE = "done"
    GIVEN_UP = "given up"
    """The store was away for too long, or whoever did it is gone."""


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """What the state directory holds of one process. Times are milliseconds since the epoch."""

    process_id: str
    kind: ProcessKind
    title: str
    """What a person calls it: a run name, or ``model v2``."""
    command: tuple[str, ...]
    cwd: str
    environment: tuple[str, ...]
    """Names of the variables set for it; never their values."""
    store: str
    """The tracking URI without secrets."""
    created_at: int
    state: ProcessState = ProcessState.STARTING
    started_at: int | None = None
    """When its command was started; a job that is about to has its slot since then."""
    ended_at: int | None = None
    """When its command ended; the runs of a job are settled after that."""
    suspended: int = 0
    """Milliseconds for which Slurm had suspended it, up to when it last went on."""
    stood_still_at: int | None = None
    """Up to when its time is counted while it is suspended; it is seen anew at each look."""
    exit_code: int | None = None
    """As the operating system gave it; minus the signal when one ended it."""
    reason: str = ""
    """Why it failed or is lost, in one sentence."""
    settlement: Settlement = Settlement.NOT_DUE
    settlement_reason: str = ""
    """What became of its runs, in one sentence."""
    pid: int | None = None
    pid_started_at: float | None = None
    """Start of the process in seconds, against reused pids: since boot on Linux, where no change
    of the clock moves it, else since the epoch."""
    supervisor_pid: int | None = None
    """Who looks after it: whoever starts it, until its supervisor has taken over."""
    supervisor_started_at: float | None = None
    boot_id: str = ""
    host: str = ""
    """The machine it runs on: a state directory may be shared by several."""
    pid_namespace: str = ""
    """Where its pids mean anything: containers of one machine have one each."""
    grace: float = 10.0
    """Seconds between asking it to end and killing it."""
    launcher: str = HERE
    """The name of what runs it, a key of ``services.launchers.all_launchers``."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Of a job: recipe, experiment, parameters (JSON), gpu, or attached with its log file,
    its run; ``slurm_job``, its id there; of a gate its stage, model, version; of batch scoring its
    output, model, version. Of a server: model, version, stage, aliases (a JSON list) as resolved at
    start, port."""

    @property
    def queues(self) -> bool:
        """Whether it takes part in the queue of this machine."""
        is_here = self.kind is ProcessKind.JOB and self.launcher == HERE
        return is_here and not self.is_attached and SUBMITS not in self.details

    @property
    def has_slot(self) -> bool:
        """Whether it takes one of the places for running jobs."""
        started = self.started_at is not None and self.ended_at is None
        return self.queues and self.state.is_active and started

    @property
    def counted_since(self) -> int | None:
        """Its start, later by the time in which it was suspended."""
        return None if self.started_at is None else self.started_at + self.suspended

    @property
    def counted_until(self) -> int | None:
        """Up to when its time is counted; None where it runs on."""
        return self.stood_still_at if self.ended_at is None else self.ended_at

    @property
    def is_settling(self) -> bool:
        """Whether the program has ended, but not yet the runs that it left open."""
        return self.settlement is Settlement.PENDING

    @property
    def is_unsettled(self) -> bool:
        """Whether it has ended and may have left runs open, which nobody looks after."""
        is_lost = self.state is ProcessState.LOST and self.started_at is not None
        unseen = is_lost and self.settlement is Settlement.NOT_DUE
        return unseen or self.settlement is Settlement.GIVEN_UP

    @property
    def is_underway(self) -> bool:
        """Whether something of it is still to end: its process, or its runs."""
        return self.state.is_active or self.is_settling

    @property
    def outcome(self) -> str:
        """Why it ended so, with what became of its runs."""
        return " ".join(filter(None, (self.reason, self.settlement_reason)))

    @property
    def slots(self) -> int:
        """How many of those places it takes: a sweep takes one for each GPU that it was given."""
        return max(1, len(self.details.get("gpu", "").split(","))) if self.is_sweep else 1

    @property
    def is_sweep(self) -> bool:
        """Whether it makes the trials of a sweep."""
        return "sweep" in self.details

    @property
    def waits(self) -> bool:
        """Whether it may be given a slot."""
        waits = self.state in (ProcessState.WAITING, ProcessState.STARTING)
        return self.queues and waits and self.started_at is None

    @property
    def is_attached(self) -> bool:
        """Whether it was started elsewhere, and is only watched from here."""
        return self.details.get(ATTACHED, "") != ""

    @property
    def is_unreadable(self) -> bool:
        """Whether its record could not be read, or makes no sense; that may pass."""
        return not self.command and not self.is_attached

    @property
    def has_no_process(self) -> bool:
        """Whether only its run is watched, since no process of it is known here."""
        return self.is_attached and self.pid is None

    @property
    def program(self) -> str:
        """What it runs, in short: a recipe, a program, a sweep of one; else what is watched."""
        if self.has_no_process:
            return f"run {self.details.get(RUN, '')[:7]}"
        if self.is_attached:
            return f"pid {self.pid}"
        if GATE in self.details:
            return f"gate {self.details[GATE]}"
        if BATCH in self.details:
            return f"score {self.details[BATCH].rpartition('/')[2]}"
        if EXPORT in self.details:
            return f"export {self.details[EXPORT].rpartition('/')[2]}"
        told = self.details.get("recipe", "")
        return f"sweep {told}" if self.is_sweep else told
