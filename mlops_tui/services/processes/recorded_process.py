"""The processes that a record names, given only where they are proven to be those.

A pid proves nothing: the system uses it again, a restart of the machine forgets it, and on another
machine or in another container it means another process. Whoever signals a process of a record
gets it from here.
"""

from typing import TYPE_CHECKING

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.processes import process_identity

if TYPE_CHECKING:
    import psutil


def leader(record: ProcessRecord) -> "psutil.Process | None":
    """Return the process that the command became; None unless it is proven to run here."""
    return _proven(record, record.pid, record.pid_started_at)


def supervisor(record: ProcessRecord) -> "psutil.Process | None":
    """Return the process that looks after it; None unless that is proven to run here."""
    return _proven(record, record.supervisor_pid, record.supervisor_started_at)


def is_running(record: ProcessRecord) -> bool:
    """Return whether the process that the command became is proven to run here."""
    return _is_proven(record, record.pid, record.pid_started_at)


def is_supervised(record: ProcessRecord) -> bool:
    """Return whether somebody here is proven to look after the process."""
    return _is_proven(record, record.supervisor_pid, record.supervisor_started_at)


def is_of_this_boot(record: ProcessRecord) -> bool:
    """Return whether it was written since this machine was started; pids are forgotten then."""
    return record.boot_id == process_identity.boot_id()


def is_elsewhere(record: ProcessRecord) -> bool:
    """Return whether it runs where our pids mean nothing: on another machine, in a container.

    A container shares the boot id of its host, but has pids of its own.
    """
    if not is_of_this_boot(record):
        return record.host != process_identity.host()
    ours = process_identity.pid_namespace()
    return bool(ours and record.pid_namespace) and record.pid_namespace != ours


def _is_proven(record: ProcessRecord, pid: int | None, since: float | None) -> bool:
    # Most records name a process that is gone; that is the cheapest to find out.
    is_there = process_identity.is_alive(pid, since)
    return is_there and is_of_this_boot(record) and not is_elsewhere(record)


def _proven(record: ProcessRecord, pid: int | None, since: float | None) -> "psutil.Process | None":
    import psutil

    if not pid:
        return None
    try:
        found = psutil.Process(pid)
    except (psutil.Error, OSError):
        return None
    # Compared after the handle was made, which itself refuses a pid that is used again.
    return found if _is_proven(record, pid, since) else None
