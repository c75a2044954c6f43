"""The mark by which everything that a process of ours has started is found again."""

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

NAME = "MLOPS_TUI_JOB"
"""The variable that holds the id of the record; who leaves his parents behind keeps it."""
FRESH = 2.0
"""Seconds for which all processes of the machine are not looked at again."""

_seen: dict[str, list["psutil.Process"]] = {}
_seen_at: list[float] = []


def bearers(process_id: str) -> set["psutil.Process"]:
    """Return the processes, ours aside, that carry the mark now."""
    return set(_all().get(process_id, ()))


def is_borne(process_id: str) -> bool:
    """Return whether a process carries the mark, as far as it was there at a recent look."""
    if not _seen_at or time.monotonic() > _seen_at[-1] + FRESH:
        found = _all()
        _seen.clear()
        _seen.update(found)
        _seen_at[:] = [time.monotonic()]
    return any(process.is_running() for process in _seen.get(process_id, ()))


def forget() -> None:
    """Look anew at the next question."""
    _seen_at.clear()


def _all() -> dict[str, list["psutil.Process"]]:
    import psutil

    me = os.getpid()
    found: dict[str, list[psutil.Process]] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != me and (mark := process.environ().get(NAME)):
                found.setdefault(mark, []).append(process)
    return found
