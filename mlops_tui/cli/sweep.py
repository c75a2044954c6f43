"""``mlops-tui sweep``: launches a sweep."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlops_tui.cli import launch_arguments, launch_target
from mlops_tui.cli.sub_command import Commands, count
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.settings import Settings

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.launchable import Launchable
    from mlops_tui.domain.sweeps.sweep_plan import SweepPlan

ABOUT = "launch a sweep: trials of a program with different parameters"

DETAILS = """\
launch a sweep: trials of a program with different parameters; print the id of its job

The sweep keeps running after this command has ended. TARGET is the same as for `mlops-tui train`.
A parameter takes

  a value    -P depth=5           -P 'columns="a,b"' (quotes around a value with a comma)
  a list     -P depth=2,5,9
  a range    -P depth=2..10       -P lr=1e-4..1e-1:log
  for a grid, a range with the number of points: -P lr=1e-4..1e-1:log:4

Each trial is a run below the sweep's run. Trials are compared by the last value of the metric.
--continue RUN resumes a sweep that was stopped.
"""

METHODS = ("grid", "random", "tpe")


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("sweep", help=ABOUT, description=DETAILS, **common)
    launch_arguments.add_target(parser, "a value, list or range for a parameter")
    parser.add_argument(
        "--metric", metavar="NAME", default="", help="metric that trials are compared by"
    )
    parser.add_argument(
        "--direction",
        choices=("min", "max"),
        help="whether lower or higher is better (default: from the metric's name)",
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        default="random",
        help="search method (default: random); tpe needs mlops-tui[sweep]",
    )
    _add_number(
        parser, "--trials", 0, "number of trials (default: 20; a grid runs every combination)"
    )
    _add_number(parser, "--jobs", 1, "number of trials that run at once (default: 1)")
    _add_number(parser, "--seed", 0, "random seed (default: 0)")
    _add_number(parser, "--prune-after", 0, "end bad trials early after N complete ones")
    parser.add_argument(
        "--continue",
        dest="goes_on",
        metavar="RUN",
        default="",
        help="resume the stopped sweep of this run",
    )
    launch_arguments.add_waiting(parser)
    parser.set_defaults(run=run)


def _add_number(parser: argparse.ArgumentParser, flag: str, usual: int, text: str) -> None:
    parser.add_argument(flag, metavar="N", type=count, default=usual, help=text)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Launch or resume a sweep; with ``--wait`` follow it to its end."""
    from mlops_tui.services.experiments import run_lookup
    from mlops_tui.services.store.store import prepare_environment
    from mlops_tui.services.sweeps import sweeps

    if arguments["goes_on"]:
        if settings.read_only:
            raise InvalidInput("Sweeps cannot be launched in read-only mode.")
        prepare_environment()
        (parent,) = run_lookup.find_runs(settings.store, [arguments["goes_on"]])
        record = sweeps.continue_sweep(settings.store, settings.state_dir, parent.run_id)
        return launch_arguments.finish(settings, record, arguments)
    launchable = launch_target.launchable_of(settings, arguments)
    options = launch_arguments.options_of(launchable, arguments)
    fields = launch_arguments.given_texts(launchable, arguments, options)
    plan = _plan(launchable, arguments, fields)
    where = (settings.store, settings.state_dir)
    record = sweeps.launch_sweep(*where, launchable, plan, options)
    return launch_arguments.finish(settings, record, arguments)


def _plan(
    launchable: "Launchable", arguments: Mapping[str, Any], fields: Mapping[str, str]
) -> "SweepPlan":
    from mlops_tui.domain.metrics.direction import Direction, guess_direction
    from mlops_tui.domain.sweeps.sweep_plan import Method, SweepPlan

    metric, told = arguments["metric"], arguments["direction"]
    return SweepPlan(
        target=launchable.target,
        fields=fields,
        metric=metric,
        direction=Direction(told) if told else guess_direction(metric),
        method=Method(arguments["method"]),
        trials=arguments["trials"],
        at_once=arguments["jobs"],
        seed=arguments["seed"],
        prune_after=arguments["prune_after"],
    )
