"""Opening files that others may have replaced: no wait for a FIFO, no link followed."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

SAFE = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
PRIVATE = 0o600
KINDS = {
    stat.S_IFDIR: "it is a folder",
    stat.S_IFIFO: "it is a FIFO",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFLNK: "it is a link",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
}


def open_descriptor(path: Path, flags: int) -> int:
    """Open a regular file without waiting. Raise ``OSError`` for anything else.

    A file made by this is for its owner alone.
    """
    try:
        descriptor = os.open(path, flags | SAFE, PRIVATE)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _refused(path) or error from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _refused(path) or OSError(errno.EINVAL, "it is no regular file", str(path))
    return descriptor


def open_to_read(path: Path) -> BinaryIO:
    """Open a regular file to read its bytes. Raise ``OSError`` for anything else."""
    return os.fdopen(open_descriptor(path, os.O_RDONLY), "rb")


def _refused(path: Path) -> OSError | None:
    """Return the error that names what stands there instead of a file."""
    try:
        kind = KINDS.get(stat.S_IFMT(path.lstat().st_mode))
    except OSError:
        return None
    return OSError(errno.EINVAL, f"{kind}, not a file", str(path)) if kind else None
