"""Tells which jobs and servers are still running when the interface closes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.cli.output import tell

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_tui.domain.processes.process import ProcessRecord


def tell_what_runs_on(state_dir: Path) -> None:
    """Print how many jobs and servers are still running, if any, and how to see them."""
    from mlops_tui.domain.errors import ServiceError

    with suppress(ServiceError):
        if found := _counted(state_dir):
            tell(f"Still running: {found}. `mlops-tui` shows them, `mlops-tui jobs` lists jobs.")


def _counted(state_dir: Path) -> str:
    from mlops_tui.domain.processes.process import ProcessKind, ProcessState
    from mlops_tui.services.processes import records

    jobs = [job for job in records.read_all(state_dir, ProcessKind.JOB) if _is_ours(state_dir, job)]
    servers = [
        server
        for server in records.read_all(state_dir, ProcessKind.SERVER)
        if _is_ours(state_dir, server)
    ]
    waiting = sum(job.state is ProcessState.WAITING for job in jobs)
    counts = (
        (len(jobs) - waiting, "job", "jobs"),
        (waiting, "waiting job", "waiting jobs"),
        (len(servers), "model server", "model servers"),
    )
    return ", ".join(
        f"{count} {one if count == 1 else more}" for count, one, more in counts if count
    )


def _is_ours(state_dir: Path, record: ProcessRecord) -> bool:
    """Return whether a process was launched from here and has not ended.

    A cluster is not asked: its answer may take seconds.
    """
    from mlops_tui.domain.processes.process import TRIAL_OF, ProcessState
    from mlops_tui.services.launchers import processes
    from mlops_tui.services.launchers.all_launchers import LAUNCHERS

    if not record.state.is_active or record.is_attached or TRIAL_OF in record.details:
        return False
    launcher = LAUNCHERS.get(record.launcher)
    if launcher and not launcher.is_local:
        return True
    now = processes.observe(state_dir / record.kind / record.process_id, record)
    return now.state.is_active and now.state is not ProcessState.ELSEWHERE
