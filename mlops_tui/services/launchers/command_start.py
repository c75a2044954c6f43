"""How a supervisor comes to its child: it starts the command, of a job once that has a slot."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.services.launchers import queue_files, slot_claim
from mlops_tui.services.launchers.process_end import ended
from mlops_tui.services.processes import (
    process_identity,
    process_mark,
    process_tree,
    records,
    stop_request,
)
from mlops_tui.services.processes.child import Child, adopt, spawn
from mlops_tui.services.processes.patient_write import try_to_write, write

NEVER_RAN = "It was taken out of the queue: it never ran."


def child_of(
    folder: Path, record: ProcessRecord, report: Callable[[], None]
) -> tuple[ProcessRecord, Child | None]:
    """Return the process to look after, with its record; none when it never runs."""
    # A job that has had no slot yet runs nowhere, and is to cost little while it waits.
    may_run = record.started_at is not None or not record.queues
    if record.pid or (may_run and process_mark.marked_processes(record.process_id)):
        return record, adopt(record)
    return _start_in_turn(folder, record, report)


def _start_in_turn(
    folder: Path, record: ProcessRecord, report: Callable[[], None]
) -> tuple[ProcessRecord, Child | None]:
    """Start the command, that of a job when it has a slot; no child when it never runs."""
    given: ProcessRecord | None = record
    if record.queues:
        given = slot_claim.await_slot(folder, record, report)
    child = None
    if given and not stop_request.is_requested(folder):
        record, child = _start(folder, given, report)
    elif now := records.read(folder):
        report()
        reason = NEVER_RAN if now.state is ProcessState.WAITING else ""
        write(folder, ended(replace(now, started_at=None), ProcessState.STOPPED, reason))
    if child is None:
        queue_files.announce_end(folder, record)
    return record, child


def _start(
    folder: Path, record: ProcessRecord, report: Callable[[], None]
) -> tuple[ProcessRecord, Child | None]:
    """Start the command; no child when it could not be."""
    process_tree.adopt_orphans()
    try:
        (folder / "tmp").mkdir(mode=0o700, exist_ok=True)
        child = spawn(folder, record)
    except (OSError, ValueError) as error:
        is_foreign = isinstance(error, OSError) and error.errno == errno.ENOEXEC
        why = "it is no program for this kind of machine." if is_foreign else error
        reason = f"{record.command[0]} could not be started: {why}"
        failed = ended(record, ProcessState.FAILED, reason)
        if not try_to_write(folder, failed):
            report()
            write(folder, failed)
        return failed, None
    since = process_identity.started_at(child.pid)
    running = replace(
        record,
        state=ProcessState.RUNNING,
        started_at=records.now(),
        pid=child.pid,
        pid_started_at=since,
    )
    # Where this is not possible now, it is tried again while the child is looked after.
    try_to_write(folder, running)
    return running, child
