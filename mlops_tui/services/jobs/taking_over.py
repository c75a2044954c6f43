"""Jobs whose supervisor was killed: another one sees them to their end, or settles their runs."""

import os
from contextlib import suppress
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

_done: set[str] = set()
"""The ids of jobs that have ended, or were taken over; they are not read again at each look."""


def take_over(store: Store, state_dir: Path) -> None:
    """Start supervisors for jobs on this store that have lost theirs. Raise ``ServiceError``."""
    store = child_environment.absolute(store)
    left = AT_ONCE
    for record in records.read_all(state_dir, ProcessKind.JOB, without=_done):
        if record.is_unreadable:
            continue
        if not record.is_underway or record.is_attached:
            _done.add(record.process_id)
        elif left and record.store == store.label and _is_alone(state_dir, record):
            left -= _take_over(store, state_dir, record.process_id)


def _is_alone(state_dir: Path, record: ProcessRecord) -> bool:
    """Return whether something of the job is still to end that nobody looks after."""
    if recorded_process.is_supervised(record):
        return False
    now = processes.observe(state_dir / record.kind / record.process_id, record)
    if record.is_settling or now.is_unsettled:
        return now.is_unsettled
    if now.state not in RUNS or not launcher_of(record).is_local:
        return False
    # What else a job has left running is named, not ended; but nobody waits for a trial any more.
    return recorded_process.is_running(now) or now.is_sweep


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
    if not supervisor_process.start(folder, environ, child.ADOPT):
        _give_back(state_dir, folder, record)
        raise ServiceError(f"{record.title} has lost its supervisor; no other one starts.")
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
