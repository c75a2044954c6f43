"""``mlops-tui stop``: stops a training job."""

import time
from collections.abc import Mapping
from typing import Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.job_data import job_as_dict, state_words
from mlops_tui.cli.output import print_json, tell
from mlops_tui.cli.sub_command import Commands
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.settings import Settings

ABOUT = "stop a training job and all its processes; its open runs become KILLED"

PAUSE = 0.2
"""Seconds between two polls."""
PATIENCE = 5.0
"""Seconds to wait for the record of the end, once all processes of the job are gone."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("stop", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("job", metavar="JOB", help="job id, the beginning of it, or last")
    parser.add_argument("--no-wait", action="store_true", help="do not wait until it has ended")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Stop the job, and wait for its end unless told not to."""
    from mlops_tui.services.jobs.job_lookup import find_job
    from mlops_tui.services.jobs.jobs import stop_job

    if settings.read_only:
        raise InvalidInput("Jobs cannot be stopped in read-only mode.", "--no-read-only allows it.")
    job = find_job(settings.state_dir, arguments["job"])
    if not job.is_underway:
        tell(f"{job.title} has already ended: {job.state.value}.")
    else:
        job = stop_job(settings.store, settings.state_dir, job.process_id)
    if not arguments["no_wait"]:
        job = _ended(settings, job)
    if arguments["json"]:
        print_json(job_as_dict(job))
    else:
        print(f"{job.process_id} {state_words(job)}")
    return FINE


def _ended(settings: Settings, job: ProcessRecord) -> ProcessRecord:
    """Wait for the end of the job; give up when a full disk keeps it from being recorded."""
    from mlops_tui.services.launchers import processes, reconcile
    from mlops_tui.services.launchers.all_launchers import launcher_of

    begun = last_alive = time.monotonic()
    while job.is_underway:
        time.sleep(PAUSE)
        job = processes.get(settings.state_dir, job.kind, job.process_id)
        if not (launcher_of(job).is_local and reconcile.is_end_unwritten(job)):
            last_alive = time.monotonic()
            if _is_beyond_reach(job) and time.monotonic() > begun + PATIENCE:
                tell(f"{job.title} was asked to end. {job.reason}")
                break
        elif time.monotonic() > last_alive + 2 * job.grace + PATIENCE:
            tell(
                f"{job.title} has ended, but {settings.state_dir} cannot be written to record that."
            )
            break
    return job


def _is_beyond_reach(job: ProcessRecord) -> bool:
    """Return whether a job still waits in a cluster's queue, which only the cluster empties."""
    from mlops_tui.services.launchers.all_launchers import launcher_of

    return not launcher_of(job).is_local and job.started_at is None
