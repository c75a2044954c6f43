"""``mlops-tui train``: launch a training job."""

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_json, tell
from mlops_tui.cli.sub_command import Commands
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.settings import Settings

if TYPE_CHECKING:
    from mlops_tui.domain.job_options import JobOptions
    from mlops_tui.domain.launchable import Launchable
    from mlops_tui.domain.process import ProcessRecord
    from mlops_tui.domain.recipe import Value

ABOUT = "launch a training job, which outlives this command"

DETAILS = """\
launch a training job, which outlives this command; prints its id

TARGET is a recipe (synthetic_forest), a script (train.py), a module (--module pkg.train), or a
folder with an MLproject file. Its parameters are checked before it starts. Words after -- go to
the program as they are. The value of a variable reaches the job alone; no record holds it.
"""

SLURM_FLAGS = (
    ("partition", "NAME", "queue it on the Slurm cluster, in this partition"),
    ("gpus", "N", "the same, with GPUs: 2, or a100:2"),
    ("cpus", "N", "the same, with cores"),
    ("memory", "SIZE", "the same, with memory: 16G"),
    ("time_limit", "TIME", "the same, with a limit: 2:30:00"),
    ("account", "NAME", "the same, charged to it"),
)
"""Any of them sends the job to the cluster."""

POLL = 0.3
"""Seconds between two looks at a job that is waited for."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("train", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("target", metavar="TARGET", nargs="?", default="", help="what to launch")
    parser.add_argument("-m", "--module", metavar="MODULE", default="", help="a module, as TARGET")
    parser.add_argument(
        "-P", dest="params", metavar="NAME=VALUE", action="append", default=[], help="a parameter"
    )
    parser.add_argument("--experiment", metavar="NAME", default="", help="made if missing")
    parser.add_argument("--run-name", metavar="NAME", default="", help="of runs without their own")
    parser.add_argument(
        "--tag", dest="tags", metavar="KEY=VALUE", action="append", default=[], help="of its runs"
    )
    parser.add_argument("--entry", metavar="NAME", default="", help="entry point of an MLproject")
    parser.add_argument("--cwd", metavar="DIR", default="", help="where it works")
    parser.add_argument(
        "--env",
        dest="variables",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a variable; NAME alone has the value that it has here",
    )
    for name, metavar, about in SLURM_FLAGS:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar=metavar, default="", help=about)
    parser.add_argument("--wait", action="store_true", help="until it ends; exit with its code")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.add_argument("free", metavar="-- WORDS", nargs="*", help="for the program")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Launch the job; with ``--wait`` follow it to its end."""
    from mlops_tui.domain.job_spec import job_spec
    from mlops_tui.services import jobs
    from mlops_tui.services.launchables import find_target, read_launchable
    from mlops_tui.services.store import prepare_environment

    if settings.read_only:
        raise InvalidInput("Nothing is launched in read-only mode.")
    prepare_environment()
    here = Path.cwd()
    target, free = _target(arguments)
    found = find_target(target, here, arguments["entry"])
    launchable = read_launchable(found, settings.store, here, settings.python)
    options = _options(arguments, free)
    values = _values(launchable, arguments, options)
    spec = job_spec(launchable, values, options)
    record = jobs.launch(settings.store, settings.state_dir, spec, options.variables)
    if arguments["wait"]:
        record = _follow(settings, record, quiet=arguments["json"])
    _print(record, as_json=arguments["json"])
    return _code(record, waited=arguments["wait"])


def _target(arguments: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the target with the free words: with a module, argparse takes the first for it."""
    free = list(arguments["free"])
    if not arguments["module"]:
        return arguments["target"], free
    first = [arguments["target"]] if arguments["target"] else []
    return f"-m {arguments['module']}", first + free


def _options(arguments: Mapping[str, Any], free: Sequence[str]) -> "JobOptions":
    import shlex

    from mlops_tui.domain.job_options import SLURM, options_of

    directory = str(Path(arguments["cwd"]).absolute()) if arguments["cwd"] else ""
    texts = {
        "experiment": arguments["experiment"],
        "run_name": arguments["run_name"],
        "arguments": shlex.join(free),
        "variables": shlex.join(arguments["variables"]),
        "directory": directory,
        "tags": ", ".join(arguments["tags"]),
    }
    resources = {name: arguments[name] for name, _, _ in SLURM_FLAGS}
    where = {"runs_on": SLURM} if any(resources.values()) else {}
    options, reasons = options_of({**texts, **resources, **where})
    _refuse(reasons)
    return options


def _values(
    launchable: "Launchable", arguments: Mapping[str, Any], options: "JobOptions"
) -> "dict[str, Value | None]":
    from mlops_tui import recipes
    from mlops_tui.domain.filled_form import default_texts
    from mlops_tui.domain.launchable import TargetKind
    from mlops_tui.domain.recipe import parse_all, parse_fields

    texts = default_texts(launchable)
    given = dict(_pair(text) for text in arguments["params"])
    recipe = None
    if launchable.target.kind is TargetKind.RECIPE:
        recipe = recipes.find(launchable.target.name)
        told = {"experiment": options.experiment, "run_name": options.run_name}
        given = {name: text for name, text in told.items() if text} | given
    if unknown := sorted(given.keys() - texts.keys()):
        known = f"It has {', '.join(texts)}." if texts else "None were found in it."
        raise InvalidInput(
            f"{launchable.title} has no parameter {unknown[0]!r}.", f"{known} Others go after --."
        )
    texts |= given
    if recipe is not None:
        values, reasons = parse_all(recipe, texts)
    else:
        values, reasons = parse_fields(launchable.line.parameters, texts)
    _refuse(reasons)
    return values


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidInput(f"-P takes NAME=VALUE, not {text!r}.")
    return name, value


def _refuse(reasons: Mapping[str, str]) -> None:
    if reasons:
        raise InvalidInput("; ".join(f"{name}: {why}" for name, why in reasons.items()) + ".")


def _follow(settings: Settings, record: "ProcessRecord", *, quiet: bool) -> "ProcessRecord":
    """Show the log as it grows, on stderr, until the job has ended; ctrl+c leaves it running."""
    from mlops_tui.domain.plain_text import lines
    from mlops_tui.services import processes

    place = (settings.state_dir, record.kind, record.process_id)
    offset = 0
    while True:
        now = processes.get(*place)
        chunk = processes.read_log(*place, offset=offset)
        if chunk.text and not quiet:
            print("\n".join(lines(chunk.text)), end="", file=sys.stderr, flush=True)
        offset = chunk.end
        if not now.state.is_active and chunk.end >= chunk.size:
            return now
        if chunk.end >= chunk.size:
            time.sleep(POLL)


def _print(record: "ProcessRecord", *, as_json: bool) -> None:
    from dataclasses import asdict

    if not as_json:
        print(record.process_id)
    else:
        shown = asdict(record)
        kept = ("process_id", "title", "state", "command", "cwd", "environment", "exit_code")
        print_json({name: shown[name] for name in (*kept, "reason", "details")})
    if record.reason:
        tell(record.reason)
    elif record.waits:
        tell("It waits for a slot; mlops-tui queue shows its place.")


def _code(record: "ProcessRecord", *, waited: bool) -> int:
    """Return how the command ends: as the job did where that was waited for."""
    from mlops_tui.domain.process import ProcessState

    if not waited:
        return NOTHING if record.state is ProcessState.FAILED else FINE
    code = record.exit_code
    if code is None:
        return NOTHING
    return 128 - code if code < 0 else code
