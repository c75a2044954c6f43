"""Waiting until a file is written to."""

import os
import select
import sys
import time
from contextlib import suppress
from pathlib import Path

IN_MODIFY = 2
"""From ``linux/inotify.h``."""
ROOM = 4096
"""Bytes of events read at once: each takes 16."""


class FileWatch:
    """Tells when a file is written to. Where the kernel does not tell, only time passes."""

    def __init__(self, path: Path) -> None:
        self._poll = select.poll()
        self._events = _events_of(path)
        if self._events >= 0:
            self._poll.register(self._events, select.POLLIN)

    def wait(self, seconds: float) -> bool:
        """Return as soon as the file is written to, or so late; whether it may have been."""
        if self._events < 0:
            time.sleep(seconds)
            return True
        is_written = bool(self._poll.poll(seconds * 1000))
        with suppress(BlockingIOError):
            os.read(self._events, ROOM)
        return is_written


def _events_of(path: Path) -> int:
    """Return the descriptor that tells of the file, below 0 where there is none."""
    if sys.platform != "linux":
        return -1
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    events: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if events >= 0 and libc.inotify_add_watch(events, os.fsencode(path), IN_MODIFY) < 0:
        os.close(events)
        return -1
    return events
