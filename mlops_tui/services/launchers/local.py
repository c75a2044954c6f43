"""The launcher of this machine: a detached supervisor for each process."""

import errno
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, ServiceError
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import queue_files, reconcile, supervisor_process
from mlops_tui.services.processes import (
    log_file,
    process_identity,
    process_mark,
    recorded_process,
    records,
    removal,
    stop_request,
)


class LocalLauncher:
    """Runs processes on this machine, which nothing has to be asked for."""

    form = None
    is_local = True
    arrays = None

    def is_available(self) -> bool:
        """Return that it is: every machine has one."""
        return True

    def start(
        self,
        state_dir: Path,
        record: ProcessRecord,
        environ: Mapping[str, str],
        resources: Mapping[str, str],  # noqa: ARG002 - it has no fields
        plan: str,
    ) -> ProcessRecord:
        """Start the command below a supervisor; a job may have to wait for a slot."""
        me = os.getpid()
        record = replace(
            record,
            supervisor_pid=me,
            supervisor_started_at=process_identity.started_at(me),
            **process_identity.here(),
        )
        folder = records.create(state_dir, record, plan)
        try:
            supervisor_process.start(folder, environ)
        except ServiceError as error:
            _write_failed_start(folder, record, error.message)
            if record.kind is ProcessKind.JOB:
                queue_files.announce_change(state_dir)
        return reconcile.reconcile(folder, records.read_existing(folder))

    def observe(self, folder: Path, record: ProcessRecord) -> ProcessRecord:
        """Look for the process and its supervisor among those of this machine."""
        return reconcile.reconcile(folder, record)

    def stop(self, folder: Path, record: ProcessRecord, environ: Mapping[str, str]) -> str:
        """Ask the supervisor; where it was killed, a new one ends the process."""
        _refuse_out_of_reach(record)
        is_written = stop_request.try_to_create(folder)
        if recorded_process.is_supervised(record):
            if not is_written:
                supervisor_process.terminate(record)
            return ""
        try:
            supervisor_process.start(folder, environ, stop_request.WORD)
        except ServiceError as error:
            raise ServiceError(f"{record.title} cannot be stopped. {error.message}") from error
        return ""

    def remove(self, folder: Path, record: ProcessRecord) -> None:
        """Delete the record of a process that has ended; one that is only watched runs on."""
        if not record.is_attached or recorded_process.is_supervised(record):
            removal.refuse_underway(record)
        if record.is_unreadable:
            _refuse_unproven(folder, record)
        removal.remove(folder, record)

    def log(self, folder: Path, record: ProcessRecord) -> Path:
        """Return our log of it, or the file of a process that was started elsewhere."""
        return log_file.path_of(folder, record)

    def stop_command(self, record: ProcessRecord) -> str:
        """Return the ``kill`` for the process; its supervisor then settles its runs."""
        return f"kill -TERM {record.pid}" if recorded_process.is_running(record) else ""


def _write_failed_start(folder: Path, record: ProcessRecord, reason: str) -> None:
    failed = replace(record, state=ProcessState.FAILED, reason=reason, ended_at=records.now())
    try:
        records.write(folder, failed)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise records.not_started(record, error) from error


def _refuse_out_of_reach(record: ProcessRecord) -> None:
    if record.has_no_process:
        raise Conflict(f"The process of {record.title} is not known here.", "Stop it there.")
    if recorded_process.is_elsewhere(record):
        raise Conflict(f"{record.title} cannot be stopped from here. {record.reason}")


def _refuse_unproven(folder: Path, record: ProcessRecord) -> None:
    """Raise ``Conflict`` where a record that makes no sense may be of a process that runs."""
    where = f"Delete {folder} once you know that it has ended."
    if process_mark.marked_processes(record.process_id):
        raise Conflict(f"Processes of {record.title} still run.", where)
    if record.host and recorded_process.is_elsewhere(record):
        raise Conflict(f"{record.title} was started on {record.host}.", where)
    try:
        small_files.read_bytes(folder / records.NAME, 1)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise Conflict(f"{record.title}: {record.reason}", where) from error
