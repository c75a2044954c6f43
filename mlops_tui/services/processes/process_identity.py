"""Identifies a process by pid, start and boot: pids are reused, and a restart forgets them."""

import os
import sys
from pathlib import Path
from typing import TypedDict

PID_NAMESPACE = Path("/proc/self/ns/pid")
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def host() -> str:
    """Return the name of this machine."""
    return os.uname().nodename


def boot_id() -> str:
    """Return what changes with every start of the machine."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        import psutil

        return f"{psutil.boot_time():.0f}"


def pid_namespace() -> str:
    """Return what our pids count in; empty where the system does not tell."""
    try:
        return str(PID_NAMESPACE.readlink())
    except OSError:
        return ""


class Location(TypedDict):
    """Where a process runs, as the fields of its record."""

    boot_id: str
    host: str
    pid_namespace: str


def here() -> Location:
    """Return where a process runs that is started by us."""
    return Location(boot_id=boot_id(), host=host(), pid_namespace=pid_namespace())


def started_at(pid: int) -> float | None:
    """Return when the process started, in seconds; None when there is none, or its remains.

    On Linux that is the time since boot: the one since the epoch moves with the clock.
    """
    if sys.platform == "linux":
        return _since_boot(pid)
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def is_alive(pid: int | None, since: float | None) -> bool:
    """Return whether the process that had this pid since then is still there."""
    return pid is not None and since is not None and started_at(pid) == since


def _since_boot(pid: int) -> float | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    state, *fields = text.rpartition(")")[2].split()
    return None if state in "ZX" else int(fields[18]) / os.sysconf("SC_CLK_TCK")
