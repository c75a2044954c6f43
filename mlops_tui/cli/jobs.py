"""``mlops-tui jobs``: lists the training jobs launched here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.job_data import job_as_dict, state_words, take_over
from mlops_tui.cli.output import print_json, print_table, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.settings import Settings

ABOUT = "list the training jobs launched here, newest first"


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("jobs", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """List the jobs."""
    from mlops_tui.domain.jobs.job_differences import differences
    from mlops_tui.services.jobs.jobs import list_jobs

    take_over(settings)
    found = list_jobs(settings.state_dir)
    if arguments["json"]:
        print_json([job_as_dict(job) for job in found])
    elif found:
        header = ("job", "state", "name", "age", "time", "program", "reason")
        told = differences(found)
        print_table(header, [_row(job, told.get(job.process_id, "")) for job in found])
    if not found:
        tell("There are no training jobs.")
    return FINE if found else NOTHING


def _row(job: ProcessRecord, difference: str) -> tuple[str, ...]:
    from mlops_tui.tui.kit.formatting import age, job_time

    return (
        job.process_id,
        state_words(job),
        f"{job.title} {difference}".strip(),
        age(job.created_at),
        job_time(job),
        job.program,
        job.outcome,
    )
