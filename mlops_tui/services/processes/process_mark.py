"""The mark by which everything that a process of ours has started is found again."""

import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

NAME = "MLOPS_TUI_JOB"
"""The variable that holds the id of the record; who leaves his parents behind keeps it."""
FRESH = 0.05
"""Seconds for which one look at all processes holds, so that a list of records needs few."""
ABSENT = 10.0
"""Seconds for which a mark that nobody carries is not looked for again: it is only inherited."""

_seen: dict[str, list["psutil.Process"]] = {}
_seen_at: list[float] = []
_absent_until: dict[str, float] = {}
_looking = threading.Lock()
"""Held while the last look is read or replaced: services answer in many threads."""


def bearers(process_id: str) -> set["psutil.Process"]:
    """Return the processes, ours aside, that carry the mark now."""
    return set(_all().get(process_id, ()))


def is_borne(process_id: str) -> bool:
    """Return whether a process carries the mark, of a record that nobody looks after."""
    with _looking:
        return _is_borne(process_id)


def _is_borne(process_id: str) -> bool:
    now = time.monotonic()
    if now < _absent_until.get(process_id, 0.0):
        return False
    if not _seen_at or now > _seen_at[-1] + FRESH:
        found = _all()
        _seen.clear()
        _seen.update(found)
        _seen_at[:] = [time.monotonic()]
    if any(process.is_running() for process in _seen.get(process_id, ())):
        return True
    _absent_until[process_id] = now + ABSENT
    return False


def forget() -> None:
    """Look anew at the next question."""
    with _looking:
        _seen_at.clear()
        _absent_until.clear()


def _all() -> dict[str, list["psutil.Process"]]:
    import psutil

    me = os.getpid()
    found: dict[str, list[psutil.Process]] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != me and (mark := process.environ().get(NAME)):
                found.setdefault(mark, []).append(process)
    return found
