"""``mlops-tui score``: asks a model about all rows of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli import launch_arguments
from mlops_tui.cli.program_outcome import wait_and_print
from mlops_tui.cli.sub_command import count
from mlops_tui.domain.batch.scoring import BAD_SHARE, LOCAL, MASTER, SPARK, ScoringRequest
from mlops_tui.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.settings import Settings

ABOUT = "score files of any size with a model"
DETAILS = """\
score files of any size with a model; wait for the end, print where the output is

INPUT is a CSV, TSV, Parquet or JSON Lines file (.csv .tsv .parquet .jsonl, or packed: .csv.gz), a
folder of such files, or a glob in quotes. The output (.parquet or .csv) has one row for each row
of the input, in the same order. Types of text files come from the model's signature. Rows that
fail have no answer; OUTPUT.bad_rows.parquet says why.

The work is a job: ctrl+c leaves it running, mlops-tui stop ends it. The same command goes on where
a job before it was stopped or killed; the output is the same as if it had not been.

--engine spark takes pyspark in the model's Python, and Java. Output and record are the same, but
the first row that fails ends the job, and a job that was killed begins again. All machines of a
cluster must share the folders of INPUT and OUTPUT, and have that Python at the same path.

--runs-on Slurm, or any of its resources, runs the job on a node, with either engine. The node must
have the folders of INPUT and OUTPUT, the state directory and that Python at the same paths.
"""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("score", help=ABOUT, description=DETAILS, **common)
    parser.add_argument(
        "model_uri", metavar="MODEL_URI", help="for example models:/iris/3 or models:/iris@champion"
    )
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="files, folders or globs")
    parser.add_argument("-o", "--output", metavar="OUTPUT", required=True, help="file to write")
    parser.add_argument(
        "--with-inputs",
        action="store_true",
        help="keep the columns of the input beside the answers",
    )
    parser.add_argument(
        "--max-bad-share",
        metavar="S",
        type=float,
        default=BAD_SHARE,
        help=f"share of rows that may fail before the job ends (default: {BAD_SHARE})",
    )
    parser.add_argument(
        "--batch-rows",
        metavar="N",
        type=count,
        default=0,
        help="rows that the model gets at once (default: 10000, fewer of wide tables)",
    )
    parser.add_argument(
        "--engine",
        choices=(LOCAL, SPARK),
        default=LOCAL,
        help="spark: on all cores or a cluster, for what one machine does not hold",
    )
    parser.add_argument(
        "--master",
        metavar="URL",
        default=MASTER,
        help=f"of Spark: local[4], spark://HOST:PORT (default: {MASTER})",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    launch_arguments.add_resources(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Launch the job, wait for its end, print what came of it."""
    import os

    from mlops_tui.services.batch import batch_job
    from mlops_tui.services.jobs.python_env import find_job_python
    from mlops_tui.services.store.store import prepare_environment

    if settings.read_only:
        raise InvalidInput("Nothing is scored in read-only mode: the run would be recorded.")
    prepare_environment()
    request = request_of(arguments)
    python = find_job_python(settings.python, os.environ).path
    record = batch_job.launch_scoring(settings.store, settings.state_dir, python, request)
    return wait_and_print(
        settings, record, batch_job.outcome, lambda found: found.output, as_json=arguments["json"]
    )


def request_of(arguments: Mapping[str, Any]) -> ScoringRequest:
    """Return what the flags ask for, with paths relative to this folder."""
    resources = launch_arguments.launcher_texts(arguments)
    runs_on = resources.pop("runs_on", None)
    request = ScoringRequest(
        model_uri=arguments["model_uri"],
        inputs=tuple(arguments["inputs"]),
        output=arguments["output"],
        folder=Path.cwd(),
        with_inputs=arguments["with_inputs"],
        batch_rows=arguments["batch_rows"],
        max_bad_share=arguments["max_bad_share"],
        engine=arguments["engine"],
        master=arguments["master"],
    )
    return request.on(runs_on, resources) if runs_on else request
