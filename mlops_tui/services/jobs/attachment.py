"""Jobs that were not launched here: processes of the person's own, watched from here."""

import os
import re
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, NotFound
from mlops_tui.domain.processes.process import (
    ATTACHED,
    LOG,
    RUN,
    ProcessKind,
    ProcessRecord,
    ProcessState,
)
from mlops_tui.domain.processes.running_process import (
    RunningProcess,
    is_service,
    looks_like_training,
    without_secrets,
)
from mlops_tui.domain.store import Store
from mlops_tui.services.processes import (
    child_environment,
    process_identity,
    process_output,
    recorded_process,
    records,
)

if TYPE_CHECKING:
    import psutil

OURS = re.compile(r"mlops_tui\.|(^|/)mlops-tui$")
"""In a word of the command of the processes that we consist of."""


def find_processes(state_dir: Path) -> tuple[RunningProcess, ...]:
    """Return what looks like training of the person's own, newest first, servers last.

    What is listed as a job or a server is left out, with all that such a process has started.
    """
    import psutil

    known = _known(state_dir)
    found: dict[int, RunningProcess] = {}
    parents: dict[int, int] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            parents[process.pid] = process.ppid()
            if is_own(process) and looks_like_training(process.cmdline()):
                running = described(process)
                if running and not any(map(OURS.search, running.command)):
                    found[process.pid] = running
    kept = [each for each in found.values() if not _is_below(each, parents, known, found)]
    kept.sort(key=lambda each: (each.started_at, each.pid), reverse=True)
    return tuple(sorted(kept, key=lambda each: is_service(each.command)))


def attach(
    store: Store, state_dir: Path, pid: int, since: float | None = None, run_id: str = ""
) -> ProcessRecord:
    """Record a process as a job, with the run it makes where that is known.

    ``since`` is its start where that is known, against reused pids.

    Raises ``NotFound`` when it is gone, ``Conflict`` when it is another person's or listed.
    """
    import psutil

    try:
        process = psutil.Process(pid)
        running = described(process)
        own = is_own(process)
        cwd = process.cwd() if own else ""
    except (psutil.Error, ValueError, OverflowError):
        running = None
    if running is None or since not in (None, running.since):
        raise NotFound(f"There is no process {pid} any more.")
    if not own:
        raise Conflict(f"Process {pid} belongs to somebody else.", "Attach to one of your own.")
    if pid == os.getpid() or pid in _known(state_dir):
        raise Conflict(f"Process {pid} is listed here already.")
    record = _record(store, running, cwd, run_id)
    records.create(state_dir, record)
    return record


def _record(store: Store, running: RunningProcess, cwd: str, run_id: str) -> ProcessRecord:
    log, why_not = process_output.find_log(running.pid)
    seen = f"Process {running.pid}, not launched here: nobody will know its exit code."
    return ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title=running.title,
        command=running.command,
        cwd=cwd,
        environment=(),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        state=ProcessState.RUNNING,
        started_at=running.started_at,
        reason=f"{seen} {why_not}".strip(),
        pid=running.pid,
        pid_started_at=running.since,
        **process_identity.here(),
        details={ATTACHED: "yes", LOG: log, **({RUN: run_id} if run_id else {})},
    )


def described(process: "psutil.Process") -> RunningProcess | None:
    """Return what is shown of a process; None where only its remains are left."""
    since = process_identity.started_at(process.pid)
    if since is None:
        return None
    return RunningProcess(
        pid=process.pid,
        since=since,
        started_at=round(process.create_time() * 1000),
        command=without_secrets(process.cmdline()) or (process.name(),),
        memory=process.memory_info().rss,
    )


def is_own(process: "psutil.Process") -> bool:
    """Return whether the process belongs to whoever runs us."""
    return process.uids().real == os.getuid()


def _known(state_dir: Path) -> set[int]:
    """Return the pids of what our records say is alive, its supervisors included."""
    known = set()
    for kind in ProcessKind:
        for record in records.read_all(state_dir, kind):
            if record.state.is_active and record.pid and recorded_process.is_running(record):
                known.add(record.pid)
            supervisor = record.supervisor_pid if record.state.is_active else None
            if supervisor and recorded_process.is_supervised(record):
                known.add(supervisor)
    return known


def _is_below(
    process: RunningProcess,
    parents: dict[int, int],
    known: set[int],
    found: dict[int, RunningProcess],
) -> bool:
    """Return whether it is known, below one that is, or a copy of one that started it."""
    for pid in _line(process.pid, parents):
        above = found.get(pid)
        if pid in known or (pid != process.pid and above and above.command == process.command):
            return True
    return False


def is_below(pid: int, parents: Mapping[int, int], others: Container[int]) -> bool:
    """Return whether one of the other processes has started it, be it through others."""
    return any(above in others for above in _line(pid, parents))


def _line(pid: int, parents: Mapping[int, int]) -> Iterator[int]:
    """Return the process with those above it; a table that was read slowly may hold a circle."""
    seen: set[int] = set()
    while pid and pid not in seen:
        seen.add(pid)
        yield pid
        pid = parents.get(pid, 0)
