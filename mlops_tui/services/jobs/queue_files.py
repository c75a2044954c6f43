"""The files of the queue: the wishes of a person, a lock, a sign that something has changed."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.job_queue import MOST_SLOTS, QueueWishes
from mlops_tui.services.json_file import read_json, write_json

WISHES = "queue.json"
LOCK = "queue.lock"
SIGN = "queue.changed"
PATIENCE = 10.0
"""Seconds after which the lock is given up: it is held for milliseconds."""
PAUSE = 0.02
"""Seconds between two tries."""


def read_wishes(state_dir: Path) -> QueueWishes:
    """Return what a person wants of the queue; what makes no sense is not wanted.

    Raises ``ServiceError``.
    """
    try:
        data = read_json(state_dir / WISHES)
    except OSError as error:
        raise ServiceError(f"The wishes for the queue cannot be read: {error}") from error
    return QueueWishes(
        slots=_slots(data.get("slots")),
        order=tuple(_texts(data.get("order"))),
        held=frozenset(_texts(data.get("held"))),
    )


def write_wishes(state_dir: Path, wishes: QueueWishes) -> None:
    """Keep what a person wants, then tell the waiting jobs; for who holds the lock."""
    data = {"slots": wishes.slots, "order": list(wishes.order), "held": sorted(wishes.held)}
    write_json(state_dir / WISHES, data)
    show_change(state_dir)


@contextmanager
def locked(state_dir: Path) -> Iterator[None]:
    """Let nobody else decide meanwhile; the system takes the lock from who dies.

    Raises ``ServiceError``.
    """
    try:
        descriptor = os.open(state_dir / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise ServiceError(f"The queue cannot be locked: {error}") from error
    try:
        _take(descriptor)
        yield
    finally:
        os.close(descriptor)


def show_change(state_dir: Path) -> None:
    """Make every waiting job look whether it is its turn."""
    # A file system's own clock may tick too slowly to tell two changes apart.
    now = time.time_ns()
    # Without the sign they find out by themselves, later.
    with suppress(OSError):
        (state_dir / SIGN).touch(mode=0o600)
        os.utime(state_dir / SIGN, ns=(now, now))


def last_change(state_dir: Path) -> int:
    """Return a number that is another one after each change."""
    try:
        return (state_dir / SIGN).stat().st_mtime_ns
    except OSError:
        return 0


def _take(descriptor: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise ServiceError(
                    "The queue is locked by another process.", "Is one suspended? Try again."
                ) from None
            time.sleep(PAUSE)
        except OSError as error:
            raise ServiceError(f"The queue cannot be locked: {error}") from error
        else:
            return


def _slots(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MOST_SLOTS else None


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
