"""``mlops-tui logs``: prints the log of a training job."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.job_data import job_as_dict
from mlops_tui.cli.log_following import LogReader, follow
from mlops_tui.cli.log_printer import LogPrinter
from mlops_tui.cli.output import print_json, tell
from mlops_tui.cli.sub_command import Commands, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.settings import Settings

ABOUT = "print the log of a training job"
DETAILS = """\
print the log of a training job

A progress bar is printed once, in its last state. --follow prints new lines until the job ends;
ctrl+c ends the command, not the job. --json prints the job with its lines; with --follow, one
object per line.
"""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("logs", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("job", metavar="JOB", help="job id, the beginning of it, or last")
    parser.add_argument("--follow", action="store_true", help="print new lines until the job ends")
    parser.add_argument(
        "--lines",
        metavar="N",
        type=count,
        default=100,
        help="number of lines from the end (default: 100); 0 for all",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Print the log."""
    from mlops_tui.services.jobs.job_lookup import find_job

    job = find_job(settings.state_dir, arguments["job"])
    reader = LogReader(settings.state_dir, job, arguments["lines"])
    if arguments["follow"]:
        job = follow(reader, LogPrinter(sys.stdout, as_json=arguments["json"]))
        tell(f"{job.title} {job.state.value}. {job.reason}".strip())
    elif arguments["json"]:
        lines = [line.text for page in iter(reader.rest, []) for line in page]
        print_json({**job_as_dict(job), "first_line": reader.begin + 1, "lines": lines})
    else:
        printer = LogPrinter(sys.stdout)
        for page in iter(reader.rest, []):
            printer.put(reader.line - len(page), page)
    return FINE
