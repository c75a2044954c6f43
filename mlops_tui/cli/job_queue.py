"""``mlops-tui queue``: lists and changes the queue of training jobs."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.job_data import job_as_dict, state_words, take_over
from mlops_tui.cli.output import print_json, print_table, tell
from mlops_tui.cli.sub_command import Commands, count
from mlops_tui.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_tui.domain.jobs.job_queue import JobQueue
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.settings import Settings

ABOUT = "list running and waiting jobs; hold, release or reorder waiting ones"
DETAILS = """\
list running and waiting jobs, in the order in which they start

  hold JOB ...      keep a waiting job from starting
  release JOB ...   undo hold
  up, down JOB ...  start it one place earlier, or later
  first JOB ...     start it next

mlops-tui stop removes a job from the queue.

As many jobs run at once as there are slots. The default is one slot per GPU (each job gets its own
CUDA_VISIBLE_DEVICES, unless you set one); without GPUs, one slot per two cores. --slots N changes
that; with 0 no waiting job starts, and running jobs go on.
"""

AUTO = "auto"
PLACES = {"up": -1, "down": 1, "first": -999}
"""By how many places each action moves a job; -999 is more than any queue has."""
ACTIONS = ("hold", "release", *PLACES)


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("queue", help=ABOUT, description=DETAILS, **common)
    parser.add_argument(
        "action", metavar="ACTION", nargs="?", choices=ACTIONS, help="one of the actions above"
    )
    parser.add_argument(
        "jobs", metavar="JOB", nargs="*", help="job id, the beginning of it, or last"
    )
    parser.add_argument(
        "--slots",
        metavar="N",
        type=_slots,
        help="number of jobs that run at once; auto: the default for this machine",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Change the queue if an action is given, then list it."""
    from mlops_tui.domain.jobs.job_queue import listed
    from mlops_tui.services.jobs.job_queue import read_jobs

    _change(settings, arguments)
    take_over(settings)
    jobs, queue = read_jobs(settings.state_dir)
    shown = [job for job in listed(jobs, queue) if job.is_underway]
    if arguments["json"]:
        _print_json(shown, queue)
        return FINE
    if shown:
        header = ("place", "job", "state", "name", "age", "time", "gpu")
        print_table(header, [_row(job, queue) for job in shown])
    tell(f"{queue.summary()}.")
    return FINE


def _slots(text: str) -> int | str:
    if text == AUTO:
        return AUTO
    try:
        return count(text)
    except ValueError:
        raise ArgumentTypeError(f"must be a number or {AUTO}, got {text!r}") from None


def _change(settings: Settings, arguments: Mapping[str, Any]) -> None:
    from mlops_tui.services.jobs import job_queue
    from mlops_tui.services.jobs.job_lookup import find_job

    action, slots, state_dir = arguments["action"], arguments["slots"], settings.state_dir
    if action is None and slots is None:
        return
    if settings.read_only:
        raise InvalidInput(
            "The queue cannot be changed in read-only mode.", "--no-read-only allows it."
        )
    if action and not arguments["jobs"]:
        raise InvalidInput(f"{action} needs a job: mlops-tui queue {action} JOB.")
    found = [find_job(state_dir, beginning) for beginning in arguments["jobs"]]
    if slots is not None:
        job_queue.set_slots(state_dir, None if slots == AUTO else slots)
    for job in found:
        if action == "hold":
            job_queue.hold(state_dir, job.process_id)
        elif action == "release":
            job_queue.release(state_dir, job.process_id)
        else:
            job_queue.move(state_dir, job.process_id, PLACES[action])


def _print_json(shown: Sequence[ProcessRecord], queue: JobQueue) -> None:
    def entry(job: ProcessRecord) -> dict[str, Any]:
        place, held = queue.position(job.process_id) or None, job.process_id in queue.held
        return {**job_as_dict(job), "place": place, "held": held, "gpu": job.details.get("gpu", "")}

    print_json(
        {
            "slots": queue.slots,
            "usual_slots": queue.usual_slots,
            "busy": queue.busy,
            "jobs": [entry(job) for job in shown],
        }
    )


def _row(job: ProcessRecord, queue: JobQueue) -> tuple[str, ...]:
    from mlops_tui.tui.kit.formatting import age, job_time

    return (
        str(queue.position(job.process_id) or ""),
        job.process_id,
        "held" if job.process_id in queue.held else state_words(job),
        job.title,
        age(job.created_at),
        job_time(job),
        job.details.get("gpu", ""),
    )
