"""Jobs whose supervisor was killed: another one sees them to their end, or settles their runs."""

import os
import time
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes, queue_files, reconcile, supervisor_process
from mlops_tui.services.launchers.all_launchers import launcher_of
from mlops_tui.services.processes import (
    child,
    child_environment,
    process_identity,
    recorded_process,
    records,
)

AT_ONCE = 2
"""Jobs that are taken over at one look: after a restart of the machine there may be many."""
AGAIN = 60.0
"""Seconds after which it is tried again where no supervisor started."""

_failed_at: dict[str, float] = {}
"""When a supervisor of a job did not start, by the job's id."""
_done: set[str] = set()
"""The ids of jobs that have ended, or were taken over; they are not read again at each look."""


def take_over(store: Store, state_dir: Path) -> None:
    """Start supervisors for jobs on this store that have lost theirs.

    Raise the first ``ServiceError`` when all that can be taken over now was tried.
    """
    store = child_environment.absolute(store)
    left = AT_ONCE
    failures: list[ServiceError] = []
    for record in records.read_all(state_dir, ProcessKind.JOB, without=_done):
        if record.is_unreadable:
            continue
        if not record.is_underway or record.is_attached:
            _done.add(record.process_id)
        elif left and record.store == store.label and _is_alone(state_dir, record):
            try:
                left -= _take_over(store, state_dir, record.process_id)
            except ServiceError as error:
                failures.append(error)
                left -= 1
    if failures:
        raise failures[0]


def _is_alone(state_dir: Path, record: ProcessRecord) -> bool:
    """Return whether something of the job is still to end that nobody looks after."""
    if recorded_process.is_supervised(record) or not _is_time(record):
        return False
    now = processes.observe(state_dir / record.kind / record.process_id, record)
    if record.is_settling or now.is_unsettled:
        return now.is_unsettled
    if now.state not in RUNS or not launcher_of(record).is_local:
        return False
    # What else a job has left running is named, not ended; but nobody waits for a trial any more.
    return recorded_process.is_running(now) or now.is_sweep


def _is_time(record: ProcessRecord) -> bool:
    """Return whether no supervisor of the job has failed to start a moment ago."""
    failed_at = _failed_at.get(record.process_id)
    return failed_at is None or time.monotonic() > failed_at + AGAIN


RUNS = (ProcessState.RUNNING, ProcessState.STOPPING)


def _take_over(store: Store, state_dir: Path, job_id: str) -> bool:
    """Do so, unless another interface was faster; return whether it was tried.

    The lock is held only while that is noted: a supervisor may take long to start.
    """
    folder = state_dir / ProcessKind.JOB / job_id
    record = _claimed(state_dir, folder)
    if record is None:
        return False
    environ = child_environment.inherited() | child_environment.store_variables(store)
    with ExitStack() as undo:
        undo.callback(_give_back, state_dir, folder, record)
        try:
            supervisor_process.start(folder, environ, child.ADOPT)
        except ServiceError as error:
            _failed_at[job_id] = time.monotonic()
            lost = f"{record.title} has lost its supervisor; no other one starts."
            raise ServiceError(f"{lost} {error.message}") from error
        undo.pop_all()
    _done.add(job_id)
    return True


def _claimed(state_dir: Path, folder: Path) -> ProcessRecord | None:
    """Write us down as who looks after the job, until its supervisor does; return what stood there.

    None where somebody else looks after it, or nothing can be written now.
    """
    with queue_files.locked(state_dir), suppress(OSError):
        record = records.read(folder)
        if record is None or not record.is_underway or recorded_process.is_supervised(record):
            return None
        now = _after_restart(folder, record)
        if now is None:
            return None
        me = os.getpid()
        since = process_identity.started_at(me)
        ours = replace(now, supervisor_pid=me, supervisor_started_at=since)
        records.write(folder, replace(ours, **process_identity.here()))
        return record
    return None


def _after_restart(folder: Path, record: ProcessRecord) -> ProcessRecord | None:
    """Return the record without what a restart of the machine has ended; None where that is open.

    The pids in it now belong to others, so that nobody may adopt them.
    """
    if recorded_process.is_of_this_boot(record) or not record.state.is_active:
        return record
    now = reconcile.reconcile(folder, record)
    if now.state.is_active:
        return None
    return replace(now, settlement=Settlement.PENDING, settlement_reason="")


def _give_back(state_dir: Path, folder: Path, record: ProcessRecord) -> None:
    """Let the next look try again, unless a supervisor has come after all."""
    with queue_files.locked(state_dir), suppress(OSError):
        now = records.read(folder)
        if now and now.supervisor_pid == os.getpid():
            records.write(folder, record)
