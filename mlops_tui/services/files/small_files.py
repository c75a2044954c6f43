"""Small files of the state directory: replaced as a whole, changed by one process at a time."""

import errno
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.files import state_directory
from mlops_tui.services.files.regular_file import PRIVATE, SAFE, open_descriptor, open_to_read

MAX_BYTES = 4_000_000
LOCK_LIMIT = 5.0
"""Seconds after which a lock is given up: it is held for milliseconds."""
LOCK_PAUSE = 0.02
"""Seconds between two tries to take a lock."""
TRIES = 4
RETRY_PAUSE = 0.05
"""Seconds between two tries to write."""
MOMENTARY = {errno.EAGAIN, errno.EBUSY, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE}
"""Reasons that may pass within an instant."""
NO_LOCKS = {errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
"""Answers of a file system that knows no locks."""
FULL = {errno.ENOSPC, errno.EDQUOT}
BLOCK = 512
"""Bytes in which ``st_blocks`` counts."""
DRAFT = ".draft"


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the beginning of a regular file. Raise ``OSError`` for anything else."""
    with open_to_read(path) as file:
        return file.read(most)


def read_json(path: Path) -> dict[str, Any]:
    """Return what a file holds; one that is missing or makes no sense holds nothing.

    Raise ``OSError`` for one that is too large: read in part it would seem to make no sense.
    """
    try:
        data = read_bytes(path, MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        found = json.loads(data)
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_preference(path: Path) -> dict[str, Any]:
    """Return what a file holds that decides only how things look; nothing if it cannot be read.

    That is told by ``change_json``, which then leaves the file as it is.
    """
    with suppress(OSError):
        return read_json(path)
    return {}


def write(path: Path, data: bytes) -> None:
    """Replace a file as a whole, readable for its owner alone; a failure leaves nothing behind.

    Raise ``OSError`` when the reason does not pass within an instant.
    """
    for left in reversed(range(TRIES)):
        try:
            _replace(path, data)
        except OSError as error:
            if error.errno not in MOMENTARY or not left:
                raise
            time.sleep(RETRY_PAUSE)
        else:
            return


def overwrite(path: Path, text: bytes) -> None:
    """Write over a file in the room that it has, where a full disk has none for a draft.

    What is left of that room becomes spaces. Raise ``OSError`` where it does not suffice.
    """
    descriptor = open_descriptor(path, os.O_WRONLY)
    try:
        status = os.fstat(descriptor)
        if len(text) > max(status.st_size, status.st_blocks * BLOCK):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        # In one go, so that no reader sees half of it.
        os.pwrite(descriptor, text.ljust(status.st_size), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def change_json(path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Let ``change`` make new contents of the present ones; nobody else writes meanwhile.

    What it returns unchanged is not written. Raise ``OSError``, or ``ServiceError`` when another
    process keeps the lock.
    """
    state_directory.make(path.parent)
    with locked(path):
        present = read_json(path)
        changed = change(present.copy())
        if changed != present or not path.exists():
            write_json(path, changed)
        return changed


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Replace a file that nobody else can have changed since it was read."""
    write(path, json.dumps(data, indent=1, sort_keys=True).encode())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes and threads out while a file is changed.

    The lock is a file beside it, since the file itself is replaced. The system takes the lock from
    who dies. Raise ``OSError``, or ``ServiceError`` when another one keeps it.
    """
    descriptor = open_descriptor(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR)
    try:
        _take(descriptor, path)
        for abandoned in path.parent.glob(f"{path.name}.*{DRAFT}"):
            abandoned.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)


def touch(path: Path, *, is_new: bool = False) -> None:
    """Make an empty file, or mark it as changed now. Raise ``FileExistsError`` if ``is_new``."""
    exclusive = os.O_EXCL if is_new else 0
    descriptor = open_descriptor(path, os.O_CREAT | os.O_WRONLY | exclusive)
    try:
        # A file system's own clock may tick too slowly to tell two changes apart.
        now = time.time_ns()
        os.utime(descriptor, ns=(now, now))
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    end = time.monotonic() + LOCK_LIMIT
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise ServiceError(
                    f"Another process keeps {path} locked.", "Is one suspended? Try again."
                ) from None
            time.sleep(LOCK_PAUSE)
        except OSError as error:
            if error.errno in NO_LOCKS:
                return
            raise
        else:
            return


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}{DRAFT}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | SAFE, PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            # After a power failure the name must not stand for an empty file.
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
