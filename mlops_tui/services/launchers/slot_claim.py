"""How the supervisor of a job waits for a slot of the machine, and claims it."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.gpu_shares import free_gpus
from mlops_tui.domain.jobs.job_queue import JobQueue, queue_of
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import (
    gpus,
    queue_files,
    reconcile,
    small_wait,
    supervisor_process,
)
from mlops_tui.services.processes import recorded_process, records, stop_request

POLL = 0.5
"""Seconds between two looks for an announced change, or a request to stop."""
MANY = 300
"""Records of ended jobs that may be read again at each look."""
LOOK = 10.0
"""Seconds after which it looks without an announced change: what was killed announces none."""


def await_slot(
    folder: Path, record: ProcessRecord, report: Callable[[], None]
) -> ProcessRecord | None:
    """Return the record once it has a slot; None when it was stopped before, or is no more.

    A job that has to wait becomes ``WAITING``, and ``report`` is called.
    """
    claim = SlotClaim(folder, record)
    try:
        while not stop_request.is_requested(folder):
            seen = queue_files.last_change(claim.state_dir)
            with suppress(OSError):  # whoever calls again makes it again
                (folder / small_wait.CALL).unlink()
            if started := claim.take():
                return started
            if record.state is not ProcessState.WAITING:
                record = claim.record = claim.wait()
                report()
            if records.is_removed(folder):
                return None
            claim.wake_next()
            if _watch is not None and not claim.is_slow:
                _become_small_wait(folder, seen)
            _await_change(folder, claim.state_dir, seen)
    finally:
        _release_watch()
    return None


def allow_small_wait(watch: int) -> None:
    """Allow this process to be replaced by ``small_wait``; ``watch`` is its lock, -1 for none."""
    global _watch  # noqa: PLW0603 - a process is one supervisor
    _watch = watch


_watch: int | None = None
"""The descriptor of the lock of who watches the queue, -1 for none; None where this process
supervises nothing else, or is none of ours."""


def _release_watch() -> None:
    if _watch is not None and _watch >= 0:
        os.close(_watch)
        allow_small_wait(-1)


def _become_small_wait(folder: Path, seen: int) -> None:
    """Replace this process by ``small_wait`` until the next look; return where that fails."""
    script = [sys.executable, "-I", "-S", small_wait.__file__, str(folder), str(seen), str(_watch)]
    again = supervisor_process.command(folder)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with suppress(OSError):
        if not stop_request.is_requested(folder):
            os.execv(script[0], [*script, *again])  # noqa: S606 - our own interpreter
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _await_change(folder: Path, state_dir: Path, seen: int) -> None:
    """Return after an announced change, a request to stop, or some time."""
    end = time.monotonic() + LOOK
    while time.monotonic() < end and queue_files.last_change(state_dir) == seen:
        if stop_request.is_requested(folder):
            return
        time.sleep(POLL)


class SlotClaim:
    """One job's claim among all the others; records of jobs that have ended are read once."""

    def __init__(self, folder: Path, record: ProcessRecord) -> None:
        self.record = record
        self.state_dir = folder.parent.parent
        self._folder = folder
        self._ended: set[str] = set()
        self._gpus = gpus.usable_gpus(self.state_dir, os.environ)

    def take(self) -> ProcessRecord | None:
        """Return the record with a slot, checked again under the lock; None without one."""
        try:
            if not self._is_next(list(self._active())):
                return None
            with queue_files.locked(self.state_dir):
                others = list(self._active())
                if not self._is_next(others):
                    return None
                started, variables = self._with_gpu(others)
                records.write(self._folder, started)
        except (ServiceError, OSError):
            # A suspended process, a full disk: at the next look they may be gone.
            return None
        os.environ.update(variables)
        return started

    @property
    def is_slow(self) -> bool:
        """Whether it takes long to read all records anew, as another process has to."""
        return len(self._ended) > MANY

    def wake_next(self) -> None:
        """Wake the jobs that may start: most of those that wait do not watch the queue."""
        # One that cannot be woken looks by itself, later.
        with suppress(ServiceError, OSError):
            for job_id in self._queue(list(self._active())).turns():
                small_files.touch(self._folder.parent / job_id / small_wait.CALL)

    def wait(self) -> ProcessRecord:
        """Return the record as one that waits, if that can be written down now."""
        waiting = replace(self.record, state=ProcessState.WAITING)
        try:
            records.write(self._folder, waiting)
        except OSError:
            return self.record
        return waiting

    def _is_next(self, jobs: list[ProcessRecord]) -> bool:
        return self.record.process_id in self._queue(jobs).turns()

    def _queue(self, jobs: list[ProcessRecord]) -> JobQueue:
        wishes = queue_files.read_preferences(self.state_dir)
        return queue_of(jobs, wishes, gpus.usual_slots(self._gpus))

    def _active(self) -> Iterator[ProcessRecord]:
        for record in records.read_all(self.state_dir, ProcessKind.JOB, without=self._ended):
            if record.is_unreadable:
                continue
            if not record.queues:
                self._ended.add(record.process_id)
                continue
            now = reconcile.reconcile(self._folder.parent / record.process_id, record)
            if not now.state.is_active:
                self._ended.add(record.process_id)
            elif not recorded_process.is_elsewhere(now):
                yield now

    def _with_gpu(self, jobs: list[ProcessRecord]) -> tuple[ProcessRecord, dict[str, str]]:
        """Return the record as the job starts, with the variables that name its GPUs.

        A sweep is given one for each of its trials at once, as far as there are free ones.
        """
        given = replace(self.record, state=ProcessState.STARTING, started_at=records.now())
        if gpus.VISIBLE in given.environment:
            own = gpus.gpus_named(os.environ.get(gpus.VISIBLE, ""))
            return replace(given, details={**given.details, "gpu": ",".join(own)}), {}
        taken = [each for job in jobs if job.has_slot for each in gpus_of(job)]
        plan = plan_of(given)
        wanted = min(plan.at_once, self._queue(jobs).free) if plan else 1
        own = free_gpus(self._gpus, taken, wanted)
        if not own:
            return given, {}
        variables = gpus.cuda_env(own, os.environ)
        names = tuple(sorted({*given.environment, *variables}))
        details = {**given.details, "gpu": ",".join(own)}
        return replace(given, environment=names, details=details), variables


def gpus_of(job: ProcessRecord) -> tuple[str, ...]:
    """Return the GPUs that a job was given."""
    return gpus.gpus_named(job.details.get("gpu", ""))
