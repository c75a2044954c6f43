"""Training jobs as JSON and as table cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.output import tell
from mlops_tui.cli.run_data import moment

if TYPE_CHECKING:
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.settings import Settings


def job_as_dict(job: ProcessRecord) -> dict[str, Any]:
    """Return a job as JSON data; of its environment only the names of the variables."""
    return {
        "job_id": job.process_id,
        "name": job.title,
        "state": job.state.value,
        "reason": job.reason,
        "settlement": job.settlement.value,
        "settlement_reason": job.settlement_reason,
        "exit_code": job.exit_code,
        "created_at": moment(job.created_at),
        "started_at": moment(job.started_at),
        "ended_at": moment(job.ended_at),
        "recipe": job.details.get("recipe", ""),
        "experiment": job.details.get("experiment", ""),
        "pid": job.pid,
        "host": job.host,
        "store": job.store,
        "command": list(job.command),
        "cwd": job.cwd,
        "environment": list(job.environment),
    }


def take_over(settings: Settings) -> None:
    """Start a new supervisor for each job whose supervisor was killed."""
    from mlops_tui.domain.errors import ServiceError
    from mlops_tui.services.jobs import taking_over

    if not settings.read_only:
        try:
            taking_over.take_over(settings.store, settings.state_dir)
        except ServiceError as error:
            tell(str(error))


def state_words(job: ProcessRecord) -> str:
    """Return the state of a job, with "settling" while its runs are being closed."""
    return f"{job.state.value}, settling" if job.is_settling else job.state.value
