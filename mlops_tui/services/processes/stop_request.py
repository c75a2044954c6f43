"""The wish that a detached process ends: a file beside its record, which its supervisor sees."""

import os
from contextlib import suppress
from pathlib import Path

from mlops_tui.services.files import small_files

NAME = "stop"
WORD = "--stop"
"""The argument by which a new supervisor learns of it, where there was no room for the file."""

_heard: dict[Path, int] = {}


def make(folder: Path) -> None:
    """Ask the process to end; asked again while its runs are settled, that is skipped.

    Raise ``OSError`` without room.
    """
    small_files.touch(folder / NAME)


def try_to_make(folder: Path) -> bool:
    """Ask the process to end; return whether there was room for the request."""
    try:
        make(folder)
    except OSError:
        return False
    return True


def hear(folder: Path) -> None:
    """Remember in this process that the other was asked to end, whether or not there is room."""
    _heard[folder] = _heard.get(folder, 0) + 1
    with suppress(OSError):
        make(folder)


def is_made(folder: Path) -> bool:
    """Return whether the process was asked to end."""
    return folder in _heard or os.path.lexists(folder / NAME)


def last_made(folder: Path) -> int:
    """Return a number that is another one after each wish; 0 where there was none."""
    try:
        made = (folder / NAME).lstat().st_mtime_ns
    except OSError:
        made = 0
    return made + _heard.get(folder, 0)
