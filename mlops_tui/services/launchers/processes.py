"""Detached processes: they outlive whoever starts them."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.processes.process import Launcher, ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.files import small_files, state_directory
from mlops_tui.services.files.regular_file import open_descriptor
from mlops_tui.services.launchers import queue_files, slurm_jobs
from mlops_tui.services.launchers.reconcile import is_elsewhere, is_supervised, observed
from mlops_tui.services.processes import (
    log_file,
    process_identity,
    process_mark,
    records,
    stop_request,
)

SUPERVISOR = "mlops_tui.services.launchers.supervisor"


def start(state_dir: Path, record: ProcessRecord, environ: Mapping[str, str]) -> ProcessRecord:
    """Start the recorded command below a detached supervisor; return what became of it.

    ``environ`` is the whole environment of the command: it is handed on, never written down; the
    record names what of it was set for this process.
    """
    me = os.getpid()
    record = replace(
        record,
        supervisor_pid=me,
        supervisor_started_at=process_identity.started_at(me),
        **process_identity.here(),
    )
    folder = records.create(state_dir, record)
    if not supervise(folder, environ):
        _note_failed_start(folder, record)
        if record.kind is ProcessKind.JOB:
            queue_files.show_change(state_dir)
    return get(state_dir, record.kind, record.process_id)


def _note_failed_start(folder: Path, record: ProcessRecord) -> None:
    reason = f"Its supervisor did not start: {log_file.last_words(folder / log_file.NAME)}"
    failed = replace(record, state=ProcessState.FAILED, reason=reason, ended_at=records.now())
    try:
        records.write(folder, failed)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise records.not_started(record, error) from error


def get(state_dir: Path, kind: ProcessKind, process_id: str) -> ProcessRecord:
    """Return the record as it is true now."""
    folder = records.directory(state_dir, kind, process_id)
    return observed(folder, _read(folder))


def list_processes(state_dir: Path, kind: ProcessKind) -> tuple[ProcessRecord, ...]:
    """Return the records as they are true now, newest first."""
    state_directory.check(state_dir)
    found = [
        observed(state_dir / kind / record.process_id, record)
        for record in records.read_all(state_dir, kind)
    ]
    return tuple(sorted(found, key=lambda r: (r.created_at, r.process_id), reverse=True))


def stop(
    state_dir: Path,
    kind: ProcessKind,
    process_id: str,
    environ: Mapping[str, str] | None = None,
) -> ProcessRecord:
    """Ask the process to end with all it has started; return at once.

    Where its supervisor was killed, a new one does it, in ``environ``.
    """
    folder = records.directory(state_dir, kind, process_id)
    record = observed(folder, _read(folder))
    if not record.is_underway:
        return record
    if record.is_settling:
        if not _has_asked(folder):
            _signal_supervisor(record)
        return get(state_dir, kind, process_id)
    if record.launcher is Launcher.SLURM:
        why_later = slurm_jobs.stop(folder, record)
        asked = get(state_dir, kind, process_id)
        if why_later and asked.state.is_active:
            return replace(asked, state=ProcessState.STOPPING, reason=why_later)
        return asked
    _refuse_out_of_reach(record)
    is_written = _has_asked(folder)
    if is_supervised(record):
        if not is_written:
            _signal_supervisor(record)
    elif not supervise(folder, environ or os.environ, stop_request.WORD):
        raise ServiceError(f"{record.title} cannot be stopped: its supervisor did not start.")
    asked = get(state_dir, kind, process_id)
    return replace(asked, state=ProcessState.STOPPING) if asked.state.is_active else asked


def _has_asked(folder: Path) -> bool:
    """Leave the wish where a supervisor looks for it; return whether there was room."""
    try:
        stop_request.make(folder)
    except OSError:
        return False
    return True


def _signal_supervisor(record: ProcessRecord) -> None:
    """Ask the supervisor directly: there is no room for the file that it looks for."""
    import psutil

    try:
        supervising = psutil.Process(record.supervisor_pid)
        # Until it has taken over, whoever starts it stands in the record.
        if SUPERVISOR in supervising.cmdline():
            supervising.terminate()
            return
        reason = "its supervisor is still being started"
    except psutil.Error as error:
        reason = str(error)
    raise ServiceError(f"{record.title} cannot be stopped now: {reason}.", "Try again.")


def remove(
    state_dir: Path, kind: ProcessKind, process_id: str, *, though_unknown: bool = False
) -> None:
    """Forget a process that is known to have ended, with its log; one that is only watched runs on.

    ``though_unknown`` forgets one elsewhere too, of which a person knows more: its machine or
    container may be gone for good. Raise ``Conflict`` for any other.
    """
    folder = records.directory(state_dir, kind, process_id)
    process_mark.forget()
    record = observed(folder, _read(folder))
    forgettable = record.is_attached and not is_supervised(record)
    is_elsewhere_now = record.state is ProcessState.ELSEWHERE
    if is_elsewhere_now and not record.is_attached and not though_unknown:
        raise Conflict(
            f"Nobody here knows whether {record.title} has ended. {record.reason}",
            f"Remove it there, or delete {folder} once you know.",
        )
    if record.is_settling:
        raise Conflict(f"The runs of {record.title} are still being settled.", "Stop skips that.")
    if record.state.is_active and not forgettable and not is_elsewhere_now:
        raise Conflict(f"{record.title} is still {record.state.value}.", "Stop it first.")
    if record.is_unreadable:
        _refuse_unproven(folder, record)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise ServiceError(f"The record of {record.title} cannot be removed: {error}") from error


def _refuse_unproven(folder: Path, record: ProcessRecord) -> None:
    """Raise ``Conflict`` where a record that makes no sense may be of a process that runs."""
    where = f"Delete {folder} once you know that it has ended."
    if process_mark.bearers(record.process_id):
        raise Conflict(f"Processes of {record.title} still run.", where)
    if record.host and is_elsewhere(record):
        raise Conflict(f"{record.title} was started on {record.host}.", where)
    try:
        small_files.read_bytes(folder / records.NAME, 1)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise Conflict(f"{record.title}: {record.reason}", where) from error


def amend(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    """Write down more about a process that has ended, or is lost."""
    folder = records.directory(state_dir, record.kind, record.process_id)
    try:
        records.write(folder, record)
    except OSError as error:
        raise ServiceError(f"{folder / records.NAME} cannot be written: {error}.") from error
    return record


def supervise(folder: Path, environ: Mapping[str, str], *words: str) -> bool:
    """Start a supervisor that belongs to nobody; True once it has the process in its care."""
    with os.fdopen(_log_descriptor(folder), "ab") as log:
        starter = subprocess.run(  # noqa: S603 - our own interpreter and module
            [
                sys.executable,
                "-P",
                "-m",
                "mlops_tui.services.launchers.supervisor",
                folder.absolute(),
                *words,
            ],
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
        )
    return starter.returncode == 0


def _log_descriptor(folder: Path) -> int:
    """Return where a supervisor complains: the log, unless that cannot be written now."""
    with suppress(OSError):
        return open_descriptor(folder / log_file.NAME, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    return os.open(os.devnull, os.O_WRONLY)


def _read(folder: Path) -> ProcessRecord:
    record = records.read(folder)
    if record is None:
        raise NotFound(f"There is no process {folder.name!r} any more.")
    return record


def _refuse_out_of_reach(record: ProcessRecord) -> None:
    if record.is_run_alone:
        raise Conflict(f"The process of {record.title} is not known here.", "Stop it there.")
    if is_elsewhere(record):
        raise Conflict(f"{record.title} cannot be stopped from here. {record.reason}")
