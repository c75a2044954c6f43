"""The wish that a detached process ends: a file beside its record, which its supervisor sees."""

import os
from pathlib import Path

from mlops_tui.services import small_files

NAME = "stop"


def make(folder: Path) -> None:
    """Ask the process to end; asking twice changes nothing."""
    small_files.touch(folder / NAME)


def is_made(folder: Path) -> bool:
    """Return whether the process was asked to end."""
    return os.path.lexists(folder / NAME)
