"""Finds everything that a process of ours has started, by a variable in its environment."""

import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

NAME = "MLOPS_TUI_JOB"
"""The variable that holds the id of the record; a process that leaves its parent keeps it."""
FRESH = 0.05
"""Seconds for which all processes are not read again, so that a list of records reads them once."""
ABSENT = 10.0
"""Seconds for which a mark that no process has is not looked for again: it is only inherited."""

_cache: dict[str, list["psutil.Process"]] = {}
_cached_at: list[float] = []
_absent_until: dict[str, float] = {}
_lock = threading.Lock()
"""Held while the cache is read or replaced: services answer in many threads."""


def marked_processes(process_id: str) -> set["psutil.Process"]:
    """Return the processes, ours aside, that have the mark of a record; none without an id."""
    return set(_all().get(process_id, ())) if process_id else set()


def has_marked_process(process_id: str) -> bool:
    """Return whether a process has the mark of a record that has no supervisor."""
    with _lock:
        return _has_marked_process(process_id)


def _has_marked_process(process_id: str) -> bool:
    now = time.monotonic()
    if now < _absent_until.get(process_id, 0.0):
        return False
    if not _cached_at or now > _cached_at[-1] + FRESH:
        found = _all()
        _cache.clear()
        _cache.update(found)
        _cached_at[:] = [time.monotonic()]
    if any(process.is_running() for process in _cache.get(process_id, ())):
        return True
    _absent_until[process_id] = now + ABSENT
    return False


def clear_cache() -> None:
    """Let the next question look at the processes again."""
    with _lock:
        _cached_at.clear()
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
