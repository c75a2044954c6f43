"""Compares the record of a process on this machine with the processes that run."""

import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.processes.process import (
    ProcessKind,
    ProcessRecord,
    ProcessState,
    Settlement,
)
from mlops_tui.services.processes import (
    log_file,
    process_mark,
    recorded_process,
    records,
    stop_request,
)

SEEN = "seen"
"""A file whose date says when an attached process was last seen alive."""
ENDED = "It has ended; as it was not launched here, nobody knows its exit code."
GONE = "Its supervisor is gone, without leaving an exit code."
LEFT_RUNNING = (
    "Its supervisor is gone, but processes that it has started still run. Stop it to end them."
)
UNSEEN = "Its runs could not be settled: its supervisor was gone."
RESTARTED = "The machine was restarted while it ran."
NEVER_RAN = "Its supervisor is gone: it never ran."
RESTARTED_BEFORE = "The machine was restarted while it waited: it never ran."


def reconcile(folder: Path, record: ProcessRecord) -> ProcessRecord:
    """Return the record as it is true now."""
    if not record.is_underway or record.has_no_process:
        return record
    if record.is_settling:
        return _reconcile_settling(folder, record)
    return _reconcile_active(folder, record)


def _reconcile_active(folder: Path, record: ProcessRecord) -> ProcessRecord:
    if recorded_process.is_elsewhere(record):
        return replace(record, state=ProcessState.ELSEWHERE, reason=_where(record))
    if not recorded_process.is_of_this_boot(record):
        return _gone(folder, record, RESTARTED_BEFORE if _waited(record) else RESTARTED)
    if recorded_process.is_supervised(record) or recorded_process.is_running(record):
        _keep_sign_of_life(folder, record)
        stopping = stop_request.is_requested(folder)
        return replace(record, state=ProcessState.STOPPING) if stopping else record
    written_meanwhile = records.read(folder)
    if written_meanwhile and written_meanwhile != record:
        return reconcile(folder, written_meanwhile)
    return _unsupervised(folder, record)


def _unsupervised(folder: Path, record: ProcessRecord) -> ProcessRecord:
    """Return what is left of a process that is gone, as its supervisor is."""
    if record.is_attached:
        return _unseen(folder, record, ProcessState.ENDED, ENDED)
    if process_mark.has_marked_process(record.process_id):
        stopping = stop_request.is_requested(folder)
        state = ProcessState.STOPPING if stopping else ProcessState.RUNNING
        return replace(record, state=state, reason=LEFT_RUNNING)
    return _gone(folder, record, NEVER_RAN if _waited(record) else GONE)


def _reconcile_settling(folder: Path, record: ProcessRecord) -> ProcessRecord:
    """Return the record of a job whose runs are settled, unless nobody does it any more."""
    if recorded_process.is_elsewhere(record) or recorded_process.is_supervised(record):
        return record
    return unsettled(records.read(folder) or record)


def unsettled(record: ProcessRecord) -> ProcessRecord:
    """Return the record of a job whose supervisor is gone before its runs had their end."""
    if not record.is_settling:
        return record
    return replace(record, settlement=Settlement.GIVEN_UP, settlement_reason=UNSEEN)


def _gone(folder: Path, record: ProcessRecord, reason: str) -> ProcessRecord:
    """Return the record of a process whose supervisor has not recorded its end."""
    if record.exit_code is None:
        return _unseen(folder, record, ProcessState.LOST, reason)
    state = ProcessState.FAILED if record.exit_code else ProcessState.FINISHED
    if stop_request.is_requested(folder) or is_stopped_monitor(record):
        state = ProcessState.STOPPED
    if record.kind is not ProcessKind.JOB:
        return replace(record, state=state)
    return unsettled(replace(record, state=state, settlement=Settlement.PENDING))


def is_stopped_monitor(record: ProcessRecord) -> bool:
    """Return whether it is a monitor that SIGTERM ended: a person or a shutdown sends that."""
    return record.kind is ProcessKind.MONITOR and record.exit_code == -signal.SIGTERM


def _unseen(folder: Path, record: ProcessRecord, state: ProcessState, reason: str) -> ProcessRecord:
    """Return the record of a process that nobody saw end; its last sign may tell when."""
    ended_at = _last_sign(folder, record) if record.started_at else None
    return replace(record, state=state, reason=reason, ended_at=ended_at)


def _keep_sign_of_life(folder: Path, record: ProcessRecord) -> None:
    """Note that a process lives whose log may not tell that: it was started elsewhere."""
    if record.is_attached:
        with suppress(OSError):
            (folder / SEEN).touch(mode=0o600)


def _last_sign(folder: Path, record: ProcessRecord) -> int | None:
    """Return when a process last wrote to its log, else when it was last seen alive."""
    written = log_file.last_written(folder, record)
    if written is not None or not record.is_attached:
        return written
    try:
        return (folder / SEEN).stat().st_mtime_ns // 1_000_000
    except OSError:
        return None


def why_lost(record: ProcessRecord) -> str:
    """Return why nobody knows how a process ended that had been started."""
    return GONE if recorded_process.is_of_this_boot(record) else RESTARTED


def is_end_unwritten(record: ProcessRecord) -> bool:
    """Return whether a process is gone whose supervisor has still to record that."""
    is_active = record.state.is_active and record.state is not ProcessState.ELSEWHERE
    if not is_active or record.pid is None:
        return False
    return recorded_process.is_supervised(record) and not recorded_process.is_running(record)


def _where(record: ProcessRecord) -> str:
    """Say where a process is that was started elsewhere."""
    is_near = recorded_process.is_of_this_boot(record)
    host = record.host or "another machine"
    place = f"in another container of this machine ({host})" if is_near else f"on {host}"
    return f"It was started {place}: stop it there."


def _waited(record: ProcessRecord) -> bool:
    return record.state is ProcessState.WAITING
