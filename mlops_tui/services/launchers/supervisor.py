"""The detached supervisor of one process: ``python -m`` this module, with the record's folder.

It starts the recorded command in a session of its own, waits, ends the whole tree when the file
``stop`` appears beside the record (or it is asked to end itself), and records the end. The runs of
a job are then settled in MLflow, for two minutes at most (a store that is away may come back;
``stop`` skips that); how far that is stands in the record. What the process leaves running when it
ends is ended too, as batch schedulers do. Found with a process in its record, or with runs to be
settled (that one's supervisor was killed), it takes over.

A job waits here for its slot: its environment may hold secrets, and is written down nowhere.
"""

import errno
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.services.launchers import job_turn, queue_files, reconcile, settling
from mlops_tui.services.launchers.supervisor_process import FOREGROUND
from mlops_tui.services.processes import (
    end_command,
    log_file,
    process_identity,
    process_mark,
    process_tree,
    records,
    stop_request,
    suspension,
)
from mlops_tui.services.processes.child import ADOPT, Child, adopt, spawn
from mlops_tui.services.processes.ignored_signals import ignore_signals

if TYPE_CHECKING:
    import psutil

PATIENCE = 1.0
"""Seconds between two tries to write where that is not possible now."""
TRIES = 4
"""Times that this is tried before a command is given up that does not run yet."""
POLL = 0.2
"""Seconds between two looks at the child with its stop file."""
STARTED = b"1"
Verdict = tuple[ProcessState, str]
"""What became of a process, with the reason why."""
NEVER_RAN = "It was taken out of the queue: it never ran."


def main(folder: Path, *, is_to_stop: bool = False, is_to_adopt: bool = False) -> None:
    """Leave the starter, which waits until the command runs, waits, or could not be started.

    ``is_to_stop`` where the process shall end, which may be written down nowhere; ``is_to_adopt``
    where it was started before, and is never started again.
    """
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        os._exit(0 if os.read(reader, 1) == STARTED else 1)
    os.close(reader)
    _begin(folder, is_to_stop=is_to_stop)
    job_turn.may_wait_small(-1)
    supervise(folder, report=_report_once(writer), is_to_adopt=is_to_adopt)


def go_on(folder: Path, watch: int, *, is_to_stop: bool) -> None:
    """Be the supervisor again that has waited in less memory (``small_wait``)."""
    _begin(folder, is_to_stop=is_to_stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    if watch >= 0:
        os.set_inheritable(watch, True)  # noqa: FBT003 - it takes no keyword
    job_turn.may_wait_small(watch)
    # A file system that is away may come back.
    while not _has_record(folder) and not records.is_removed(folder):
        time.sleep(PATIENCE)
    supervise(folder, report=lambda: None)


def run_in_foreground(folder: Path) -> None:
    """Be the supervisor for a scheduler that has started this process, and waits for its end."""
    _begin(folder, is_to_stop=False)
    supervise(folder, report=lambda: None, shares_machine=False)


def _has_record(folder: Path) -> bool:
    record = records.read(folder)
    return record is not None and record.command != ()


def _begin(folder: Path, *, is_to_stop: bool) -> None:
    ignore_signals()
    signal.signal(signal.SIGTERM, lambda *_: stop_request.hear(folder))
    if is_to_stop:
        stop_request.hear(folder)


def supervise(
    folder: Path,
    report: Callable[[], None],
    outside: Callable[[ProcessRecord], Verdict | None] = lambda _record: None,
    *,
    is_to_adopt: bool = False,
    shares_machine: bool = True,
) -> None:
    """See the recorded process through to its end; ``report`` once it runs, waits, or never will.

    ``report`` may be called again. ``outside`` is asked at the end for what nobody here can know:
    who else has ended it. Where it ``shares_machine``, few jobs are settled at once.
    """
    import shutil

    record = _take_charge(folder)
    child: Child | None = None
    if is_to_adopt and not record.is_settling:
        child = adopt(record)
    elif not record.is_settling:
        record, child = _child(folder, record, report)
    report()
    if child:
        was_gone = child.has_ended() and child.exit_code() is None
        gone_at = log_file.last_written(folder, record) if was_gone else None
        asked, all_gone = _follow(folder, record, child)
        code = child.exit_code()
        # Who takes over from a supervisor that was killed may find the exit code written down.
        record = replace(record, exit_code=record.exit_code if code is None else code)
        record = replace(record, ended_at=record.ended_at or gone_at or records.now())
        record = replace(record, suspended=record.suspended + suspension.milliseconds())
        write(folder, record)
        _show_end(record, folder)
        verdict = outside(record) or _verdict(folder, record, asked=asked)
        record = _concluded(record, verdict, all_gone=all_gone)
        write(folder, record)
    if record.is_settling:
        write(folder, settling.settled(folder, record, shares_machine=shares_machine))
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    end_command.run(folder)


def _report_once(writer: int) -> Callable[[], None]:
    """Return what tells the starter; after the first time it does nothing."""
    left = [writer]

    def report() -> None:
        with suppress(OSError, IndexError):
            descriptor = left.pop()
            os.write(descriptor, STARTED)
            os.close(descriptor)

    return report


def _take_charge(folder: Path) -> ProcessRecord:
    record = records.read(folder)
    if record is None or not record.command:
        sys.exit(f"{folder} holds no record of a process.")
    me = os.getpid()
    since = process_identity.started_at(me)
    if (record.supervisor_pid, record.supervisor_started_at) == (me, since):
        return record
    record = replace(record, supervisor_pid=me, supervisor_started_at=since)
    # What runs already has to be looked after, whether or not that can be written down.
    for _ in range(TRIES):
        if _has_written(folder, record) or record.pid is not None:
            return record
        time.sleep(PATIENCE)
    sys.exit(f"{folder} takes no record.")


def _child(
    folder: Path, record: ProcessRecord, report: Callable[[], None]
) -> tuple[ProcessRecord, Child | None]:
    """Return the process to look after, with its record; none when it never runs."""
    # A job that has had no slot yet runs nowhere, and is to cost little while it waits.
    may_run = record.started_at is not None or not record.queues
    if record.pid or (may_run and process_mark.bearers(record.process_id)):
        return record, adopt(record)
    return _start_in_turn(folder, record, report)


def _start_in_turn(
    folder: Path, record: ProcessRecord, report: Callable[[], None]
) -> tuple[ProcessRecord, Child | None]:
    """Start the command, that of a job when it has a slot; no child when it never runs."""
    given: ProcessRecord | None = record
    if record.queues:
        given = job_turn.await_slot(folder, record, report)
    child = None
    if given and not stop_request.is_made(folder):
        record, child = _start(folder, given, report)
    elif now := records.read(folder):
        report()
        reason = NEVER_RAN if now.state is ProcessState.WAITING else ""
        write(folder, _ended(replace(now, started_at=None), ProcessState.STOPPED, reason))
    if child is None:
        _show_end(record, folder)
    return record, child


def _show_end(record: ProcessRecord, folder: Path) -> None:
    """Let the jobs that wait know that a slot may be free."""
    if record.queues:
        queue_files.show_change(folder.parent.parent)


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
        failed = _ended(record, ProcessState.FAILED, reason)
        if not _has_written(folder, failed):
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
    _has_written(folder, running)
    return running, child


def _follow(folder: Path, record: ProcessRecord, child: Child) -> tuple[bool, bool]:
    """Wait for the end; return whether it was asked for, then whether nothing is left."""
    leader = _leader(child.pid)
    asked = False
    written = records.read(folder)
    is_written = written is not None and written.pid == record.pid
    before = record.suspended
    while not child.has_ended() and not asked:
        suspension.beat()
        asked = stop_request.is_made(folder)
        if (suspended := before + suspension.milliseconds()) != record.suspended:
            record, is_written = replace(record, suspended=suspended), False
        is_written = is_written or _has_written(folder, record)
        if not asked:
            child.watch(POLL)
    return asked, process_tree.end(leader, record.grace, child.has_ended, record.process_id)


def _leader(pid: int) -> "psutil.Process | None":
    import psutil

    try:
        return psutil.Process(pid)
    except (psutil.Error, OSError):
        return None


def _concluded(record: ProcessRecord, verdict: Verdict, *, all_gone: bool) -> ProcessRecord:
    """Return the record with its end; the runs of a job are still to be settled."""
    state, reason = verdict
    if not all_gone:
        reason = f"{reason} Some of its processes could not be ended.".strip()
    is_job = record.kind is ProcessKind.JOB and not record.is_attached
    settlement = Settlement.PENDING if is_job else Settlement.NOT_DUE
    return replace(_ended(record, state, reason), settlement=settlement)


def _verdict(folder: Path, record: ProcessRecord, *, asked: bool) -> Verdict:
    if asked or (record.exit_code is None and stop_request.is_made(folder)):
        return ProcessState.STOPPED, ""
    if record.exit_code is None:
        return ProcessState.LOST, reconcile.why_lost(record)
    if record.exit_code == 0:
        return ProcessState.FINISHED, ""
    return ProcessState.FAILED, _why(record.exit_code, folder)


def _why(exit_code: int, folder: Path) -> str:
    words = log_file.last_words(folder / log_file.NAME)
    if exit_code < 0:
        with suppress(ValueError):
            name = signal.Signals(-exit_code).name
            return f"Ended by {name}; it said last: {words}" if words else f"Ended by {name}."
    return f"Exit code {exit_code}: {words}" if words else f"Exit code {exit_code}."


def write(folder: Path, record: ProcessRecord) -> None:
    """Write the record down, trying again as long as that is not possible: nothing is lost then."""
    while not _has_written(folder, record) and not records.is_removed(folder):
        time.sleep(PATIENCE)


def _has_written(folder: Path, record: ProcessRecord) -> bool:
    """Try to write the record down; return whether that was possible."""
    try:
        records.write(folder, record)
    except OSError:
        return False
    return True


def _ended(record: ProcessRecord, state: ProcessState, reason: str = "") -> ProcessRecord:
    return replace(record, state=state, reason=reason, ended_at=record.ended_at or records.now())


if __name__ == "__main__":
    own, words = Path(sys.argv[1]), sys.argv[2:]
    ends = stop_request.WORD in words
    waited = [word.partition("=")[2] for word in words if word.startswith("--waited=")]
    if FOREGROUND in words:
        run_in_foreground(own)
    elif waited:
        go_on(own, int(waited[0]), is_to_stop=ends)
    else:
        main(own, is_to_stop=ends, is_to_adopt=ADOPT in words)
