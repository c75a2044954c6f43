"""Finds the file to which a process writes that was started elsewhere."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

STREAMS = (1, 2)
"""Standard output, standard error."""


def find_log(pid: int) -> tuple[str, str]:
    """Return the file that its output goes to, empty when there is none to read; then why.

    Output goes before errors, where they go to two files.
    """
    if sys.platform != "linux":
        return "", "Where its output goes cannot be seen on this system."
    reasons = []
    for found, reason in _streams(pid):
        if found:
            return found, ""
        reasons.append(reason)
    return "", reasons[0]


def _streams(pid: int) -> Iterator[tuple[str, str]]:
    for number in STREAMS:
        link = Path(f"/proc/{pid}/fd/{number}")
        try:
            name, mode = str(link.readlink()), link.stat().st_mode
        except OSError:
            yield "", "Where its output goes cannot be seen."
            continue
        if stat.S_ISREG(mode) and _is_readable(name, link):
            yield name, ""
        else:
            yield "", f"Its output cannot be read: {_why_not(name, mode)}."


def _is_readable(name: str, link: Path) -> bool:
    """Return whether the name means this file here: it may be gone, or a container's."""
    try:
        return Path(name).samefile(link) and os.access(name, os.R_OK)
    except OSError:
        return False


def _why_not(name: str, mode: int) -> str:
    if stat.S_ISREG(mode):
        return "the file that it goes to was deleted, or is out of reach"
    if stat.S_ISFIFO(mode):
        return "it goes through a pipe to another program"
    if stat.S_ISSOCK(mode):
        return "it goes to another program"
    if name == os.devnull:
        return f"it goes nowhere ({os.devnull})"
    return f"it goes to a terminal ({name})"
