"""Runs ``settlement`` in a process of its own, few of them at once on a machine."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.processes.process import ProcessRecord, Settlement
from mlops_tui.domain.secrets import without_named
from mlops_tui.services.files.regular_file import open_descriptor
from mlops_tui.services.launchers.settlement import LIMIT
from mlops_tui.services.processes import stop_request
from mlops_tui.services.processes.ignored_signals import restore_signals

MODULE = "mlops_tui.services.launchers.settlement"
AT_ONCE = 2
"""Jobs of a machine that are settled at the same time: each may import MLflow."""
POLL = 0.2
TRIES = 3
"""Times that it is begun: Slurm may end all processes of a job before they can refuse that."""
FAILED = "Its runs could not be settled:"
SKIPPED = f"{FAILED} that was skipped."
TOO_LATE = f"{FAILED} the store did not answer within {LIMIT} s."


def await_settlement(folder: Path, record: ProcessRecord, *, shares_machine: bool) -> ProcessRecord:
    """Return the record of an ended job once its runs have their end, or were given up.

    A request to stop that comes meanwhile skips the rest. Where it ``shares_machine`` with
    other jobs, it waits for its turn.
    """
    request = stop_request.request_number(folder)
    with _turn(folder, request) if shares_machine else nullcontext(enter_result=True) as is_mine:
        try:
            reason = _failure(folder, request) if is_mine else SKIPPED
        except OSError as error:
            reason = f"{FAILED} {error}."
    settlement = Settlement.GIVEN_UP if reason else Settlement.DONE
    return replace(record, settlement=settlement, settlement_reason=reason)


@contextmanager
def _turn(folder: Path, request: int) -> Iterator[bool]:
    """Wait until few others settle; give False when that is skipped."""
    descriptors: list[int] = []
    try:
        while not _take_turn(folder.parent.parent, descriptors):
            if stop_request.request_number(folder) != request:
                yield False
                return
            time.sleep(POLL)
        yield True
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _take_turn(state_dir: Path, descriptors: list[int]) -> bool:
    """Take one of the locks, of which the system gives back that of whoever dies."""
    for number in range(AT_ONCE):
        try:
            lock = open_descriptor(state_dir / f"settling.{number}", os.O_CREAT | os.O_RDWR)
        except OSError:
            return True  # a full disk keeps nobody from settling
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        except OSError:
            os.close(lock)
            return True  # a file system without locks
        else:
            descriptors.append(lock)
            return True
    return False


def _failure(folder: Path, request: int) -> str:
    """Let the runs be settled; return why they are not, empty when they are."""
    end = time.monotonic() + LIMIT + 1
    for _ in range(TRIES):
        with _settlement(folder) as child:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    answer, errors = child.communicate(timeout=POLL)
                    break
                if stop_request.request_number(folder) != request:
                    return SKIPPED
                if time.monotonic() > end:
                    return TOO_LATE
        if child.returncode == -signal.SIGALRM:
            return TOO_LATE
        if child.returncode == 0:
            return f"{FAILED} {answer}" if answer else ""
    lines = errors.strip().splitlines() or [f"exit code {child.returncode}"]
    return f"{FAILED} {without_named(lines[-1])}"


@contextmanager
def _settlement(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start the process that settles; whatever holds it, it is gone afterwards."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", MODULE, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        # Its alarm is what limits it.
        preexec_fn=restore_signals,  # noqa: PLW1509 - there is one thread
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdout, child.stderr):
            if stream:
                stream.close()
