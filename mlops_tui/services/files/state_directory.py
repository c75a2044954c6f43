"""The state directory: it must be ours alone to write, since its records name commands to run."""

import os
import stat
from pathlib import Path

from mlops_tui.domain.errors import ServiceError

ROOT = 0


def make(path: Path) -> None:
    """Make the directory where it is missing. Raise ``ServiceError`` when it cannot be used."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceError(
            f"The state directory {path} cannot be used: {error.strerror}.",
            "Choose another with --state-dir.",
        ) from error
    check(path)


def holds(path: Path, folder: str) -> bool:
    """Return whether it has a folder of that name, False where that cannot be told."""
    try:
        return (path / folder).is_dir()
    except OSError:
        return False


def check(path: Path) -> None:
    """Raise ``ServiceError`` when others may write there; one that is missing is fine."""
    if reason := problem(path):
        raise ServiceError(
            f"The state directory {path} is not used: {reason}.",
            f"Run chmod go-w {path}, or choose another with --state-dir.",
        )


def problem(path: Path) -> str:
    """Return why the directory is not safe, empty when it is, or is missing."""
    try:
        status = path.stat()
    except OSError:
        return ""
    me = os.geteuid()
    if status.st_uid not in (ROOT, me) and me != ROOT:
        return f"it belongs to {_owner(status.st_uid)}"
    if status.st_mode & stat.S_IWOTH:
        return "every user of this machine may write there"
    return ""


def _owner(uid: int) -> str:
    import pwd

    try:
        return f"the user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"another user, number {uid}"
