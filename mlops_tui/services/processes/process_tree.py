"""Finds and ends a process with all that it has started."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from mlops_tui.services.processes import process_mark

if TYPE_CHECKING:
    import psutil

PR_SET_CHILD_SUBREAPER = 36
"""From ``linux/prctl.h``."""
PAUSE = 0.1
"""Seconds between two looks at who is left."""
PATIENCE = 60.0
"""Seconds for which a machine may be out of files, where nobody can look at any process."""


def adopt_orphans() -> None:
    """Make this process the parent of what its descendants leave behind (Linux only)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(leader: "psutil.Process | None", process_id: str = "") -> set["psutil.Process"]:
    """Return the live processes below us, with the leader, those below it or in its session.

    What was started in a session of its own is found below us, since we adopt orphans; below a
    supervisor that took over, by the mark in its environment.
    """
    import psutil

    found = set(psutil.Process().children(recursive=True))
    found |= process_mark.marked_processes(process_id)
    if leader and leader.is_running():
        with suppress(psutil.Error):
            found |= {leader, *leader.children(recursive=True)}
        found |= {p for p in psutil.process_iter() if _session(p.pid) == leader.pid}
    return set(living(found))


def living(processes: Iterable["psutil.Process"]) -> list["psutil.Process"]:
    """Return those that still run; one that has only not been waited for does not."""
    return [process for process in processes if _runs(process)]


def end(
    leader: "psutil.Process | None", grace: float, reap: Callable[[], object], process_id: str = ""
) -> bool:
    """Ask the whole tree to end, kill what is left after ``grace`` seconds; True when none is.

    ``reap`` collects the exit codes of our own children meanwhile. What even a kill does not end
    (a disk that hangs) is given up after another ``grace``, and so is what cannot be looked at.
    """
    start = time.monotonic()
    asked: set[psutil.Process] = set()
    try:
        while left := _remaining(asked, partial(descendants, leader, process_id), reap):
            waited = time.monotonic() - start
            if waited > 2 * grace + 1:
                return False
            for process in left:
                if waited >= grace:
                    _send(process, signal.SIGKILL)
                elif process not in asked:
                    _send(process, signal.SIGTERM)
            asked |= set(left)
            time.sleep(PAUSE)
    except OSError:
        return False
    return True


def _remaining(
    asked: set["psutil.Process"],
    find: Callable[[], set["psutil.Process"]],
    reap: Callable[[], object],
) -> list["psutil.Process"]:
    """Return the processes that still run, with the exit codes of the others collected.

    Raise ``OSError`` where that cannot be told for long.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            left = living(asked | find())
            reap()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE)
        else:
            return left


def _send(process: "psutil.Process", number: signal.Signals) -> None:
    import psutil

    with suppress(psutil.Error):
        process.send_signal(number)


def _runs(process: "psutil.Process") -> bool:
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _session(pid: int) -> int | None:
    with suppress(OSError):
        return os.getsid(pid)
    return None
