"""The wish that a detached process ends: a file beside its record, which its supervisor sees."""

import os
from pathlib import Path

from mlops_tui.services import small_files

NAME = "stop"


def make(folder: Path) -> None:
    """Ask the process to end; asked again while its runs are settled, that is skipped."""
    small_files.touch(folder / NAME)


def is_made(folder: Path) -> bool:
    """Return whether the process was asked to end."""
    return os.path.lexists(folder / NAME)


def last_made(folder: Path) -> int:
    """Return a number that is another one after each wish; 0 where there was none."""
    try:
        return (folder / NAME).lstat().st_mtime_ns
    except OSError:
        return 0
