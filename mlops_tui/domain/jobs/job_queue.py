"""Which jobs wait for a slot, in what order, whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlops_tui.domain.processes.process import ProcessRecord

MOST_SLOTS = 999


@dataclass(frozen=True, slots=True)
class QueuePreferences:
    """What the user wants of the queue; ids of jobs that no longer wait are ignored."""

    slots: int | None = None
    """How many jobs may run at once; None for what the machine suggests, 0 starts none."""
    order: tuple[str, ...] = ()
    """Jobs in a wanted order; those launched later come after them."""
    held: frozenset[str] = frozenset()
    """Jobs that do not start, and keep their place."""


@dataclass(frozen=True, slots=True)
class JobQueue:
    """The jobs of one machine that have not ended."""

    slots: int
    usual_slots: int
    """How many there are if nobody wants another number."""
    running: tuple[str, ...] = ()
    """Ids of the jobs that have a slot."""
    waiting: tuple[str, ...] = ()
    """Ids of the others, the next one first, held ones in their place."""
    held: frozenset[str] = frozenset()
    further: int = 0
    """How many slots those that run take beyond one each."""
    settling: int = 0
    """How many have ended, but not yet the runs that they left open; they take no slot."""

    @property
    def busy(self) -> int:
        """How many slots are taken."""
        return len(self.running) + self.further

    @property
    def free(self) -> int:
        """How many slots nobody takes."""
        return max(0, self.slots - self.busy)

    def turns(self) -> tuple[str, ...]:
        """Return the ids of the jobs that may start now."""
        return tuple(each for each in self.waiting if each not in self.held)[: self.free]

    def position(self, job_id: str) -> int:
        """Return the position of a job among those that wait, 1 for the first; 0 if it does not."""
        return self.waiting.index(job_id) + 1 if job_id in self.waiting else 0

    def moved(self, job_id: str, places: int) -> tuple[str, ...]:
        """Return the order in which a waiting job is so many places further back."""
        others = [each for each in self.waiting if each != job_id]
        others.insert(max(0, self.position(job_id) - 1 + places), job_id)
        return tuple(others)

    def summary(self) -> str:
        """Return the queue in a few words."""
        busy = f"{self.busy} of {self.slots} slots busy"
        waiting = len(self.waiting) - len(self.held)
        counts = ((waiting, "waiting"), (len(self.held), "held"), (self.settling, "settling"))
        return ", ".join([busy, *(f"{count} {what}" for count, what in counts if count)])


def queue_of(
    jobs: Iterable[ProcessRecord], preferences: QueuePreferences, usual_slots: int
) -> JobQueue:
    """Return the queue that these jobs of one machine make."""
    jobs = list(jobs)
    chosen = {job_id: position for position, job_id in enumerate(preferences.order)}
    last = len(chosen)

    def turn(job: ProcessRecord) -> tuple[int, int, str]:
        return chosen.get(job.process_id, last), job.created_at, job.process_id

    waiting = tuple(job.process_id for job in sorted(filter(_waits, jobs), key=turn))
    running = [job for job in jobs if job.has_slot]
    return JobQueue(
        slots=usual_slots if preferences.slots is None else preferences.slots,
        usual_slots=usual_slots,
        running=tuple(job.process_id for job in running),
        waiting=waiting,
        held=preferences.held.intersection(waiting),
        further=sum(job.slots - 1 for job in running),
        settling=sum(job.is_settling for job in jobs),
    )


def listed(jobs: Iterable[ProcessRecord], queue: JobQueue) -> list[ProcessRecord]:
    """Return those that run, those that wait in their order, those that have ended."""
    last = len(queue.waiting) + 1

    def row(job: ProcessRecord) -> int:
        if job.state.is_active:
            return queue.position(job.process_id)
        return last + (not job.is_settling)

    return sorted(jobs, key=row)


def _waits(job: ProcessRecord) -> bool:
    return job.waits
