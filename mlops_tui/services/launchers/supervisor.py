"""Supervises one detached process: ``python -m`` this module, with the record's folder.

It starts the recorded command in a session of its own, waits, ends the whole tree when the file
``stop`` appears beside the record (or it is asked to end itself), and records the end. The runs of
a job are then settled in MLflow, for two minutes at most (a store that is away may come back;
``stop`` skips that); how far that is stands in the record. What the process leaves running when it
ends is ended too, as batch schedulers do. Found with a process in its record, or with runs to be
settled (that one's supervisor was killed), it takes over.

A job waits here for its slot: its environment may hold secrets, and is written down nowhere.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.launchers import queue_files, settlement_process, slot_claim
from mlops_tui.services.launchers.command_start import child_of
from mlops_tui.services.launchers.process_end import Verdict, concluded, verdict
from mlops_tui.services.launchers.supervisor_process import FOREGROUND
from mlops_tui.services.processes import (
    end_command,
    log_file,
    process_identity,
    process_tree,
    recorded_process,
    records,
    stop_request,
    suspension,
)
from mlops_tui.services.processes.child import ADOPT, Child, adopt
from mlops_tui.services.processes.ignored_signals import ignore_signals
from mlops_tui.services.processes.patient_write import PATIENCE, try_to_write, write

TRIES = 4
"""Times that this is tried before a command is given up that does not run yet."""
POLL = 0.2
"""Seconds between two looks at the child with its stop file."""
STARTED = b"1"


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
    slot_claim.allow_small_wait(-1)
    supervise(folder, report=_report_once(writer), is_to_adopt=is_to_adopt)


def go_on(folder: Path, watch: int, *, is_to_stop: bool) -> None:
    """Be the supervisor again that has waited in less memory (``small_wait``)."""
    _begin(folder, is_to_stop=is_to_stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    if watch >= 0:
        os.set_inheritable(watch, True)  # noqa: FBT003 - it takes no keyword
    slot_claim.allow_small_wait(watch)
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
    signal.signal(signal.SIGTERM, lambda *_: stop_request.create_or_remember(folder))
    if is_to_stop:
        stop_request.create_or_remember(folder)


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
        record, child = child_of(folder, record, report)
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
        queue_files.announce_end(folder, record)
        words = log_file.last_words(folder / log_file.NAME, ends_in_error=child.wrote_error_last())
        found = outside(record) or verdict(folder, record, words, asked=asked)
        record = concluded(record, found, all_gone=all_gone)
        write(folder, record)
    if record.is_settling:
        wait = settlement_process.await_settlement
        write(folder, wait(folder, record, shares_machine=shares_machine))
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
    mine = replace(record, supervisor_pid=me, supervisor_started_at=process_identity.started_at(me))
    if record.pid is None or record.is_settling:
        # Nothing else of it runs: where we are is where it is.
        mine = replace(mine, **process_identity.here())
    if mine == record:
        return record
    record = mine
    # What runs already has to be looked after, whether or not that can be written down.
    for _ in range(TRIES):
        if try_to_write(folder, record) or record.pid is not None:
            return record
        time.sleep(PATIENCE)
    sys.exit(f"{folder} takes no record.")


def _follow(folder: Path, record: ProcessRecord, child: Child) -> tuple[bool, bool]:
    """Wait for the end; return whether it was asked for, then whether nothing is left."""
    leader = recorded_process.leader(record)
    asked = False
    written = records.read(folder)
    is_written = written is not None and written.pid == record.pid
    before = record.suspended
    while not child.has_ended() and not asked:
        suspension.beat()
        asked = stop_request.is_requested(folder)
        if (suspended := before + suspension.milliseconds()) != record.suspended:
            record, is_written = replace(record, suspended=suspended), False
        is_written = is_written or try_to_write(folder, record)
        if not asked:
            time.sleep(POLL)
    return asked, process_tree.end(leader, record.grace, child.has_ended, record.process_id)


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
