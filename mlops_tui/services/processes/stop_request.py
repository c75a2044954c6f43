"""The wish that a detached process ends: a file beside its record, which its supervisor sees."""

from pathlib import Path

NAME = "stop"


def make(folder: Path) -> None:
    """Ask the process to end; asking twice changes nothing."""
    (folder / NAME).touch(mode=0o600)


def is_made(folder: Path) -> bool:
    """Return whether the process was asked to end."""
    return (folder / NAME).exists()
