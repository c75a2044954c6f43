"""The request to end a detached process: a file beside its record, which its supervisor sees."""

import os
from contextlib import suppress
from pathlib import Path

from mlops_tui.services.files import small_files

NAME = "stop"
WORD = "--stop"
"""The argument by which a new supervisor learns of it, where there was no room for the file."""

_remembered: dict[Path, int] = {}


def create(folder: Path) -> None:
    """Ask the process to end; asked again while its runs are settled, that is skipped.

    Raise ``OSError`` without room.
    """
    small_files.touch(folder / NAME)


def try_to_create(folder: Path) -> bool:
    """Ask the process to end; return whether there was room for the request."""
    try:
        create(folder)
    except OSError:
        return False
    return True


def create_or_remember(folder: Path) -> None:
    """Ask the process to end; remember it in this process too, where there may be no room."""
    _remembered[folder] = _remembered.get(folder, 0) + 1
    with suppress(OSError):
        create(folder)


def is_requested(folder: Path) -> bool:
    """Return whether the process was asked to end."""
    return folder in _remembered or os.path.lexists(folder / NAME)


def request_number(folder: Path) -> int:
    """Return a number that is different after each request; 0 without one."""
    try:
        at = (folder / NAME).lstat().st_mtime_ns
    except OSError:
        at = 0
    return at + _remembered.get(folder, 0)
