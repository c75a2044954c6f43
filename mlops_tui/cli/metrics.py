"""``mlops-tui metrics``: prints the history of a metric."""

from collections.abc import Mapping
from typing import Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.output import print_csv, print_json, print_table, tell
from mlops_tui.cli.run_data import moment
from mlops_tui.cli.sub_command import Commands, add_formats, count
from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.runs.run import Run
from mlops_tui.settings import Settings

ABOUT = "print the history of a metric"

FEWEST = 4
"""The smallest number of points a history is reduced to: both ends, minimum, maximum."""

DETAILS = """\
print the history of a metric

A history with more points than the limit is sampled: first and last point, and the minimum and
maximum of each interval.
"""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("metrics", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("run_id", metavar="ID", help="run id, or the beginning of it")
    parser.add_argument("key", metavar="KEY", help="name of the metric")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=count,
        default=1_000,
        help=f"maximum number of points (default: 1000, minimum: {FEWEST}); 0 for all",
    )
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Print the history."""
    from mlops_tui.services.experiments.run_lookup import find_runs
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    (found,) = find_runs(settings.store, [arguments["run_id"]])
    history = _read(settings, found, arguments["key"], arguments["limit"])
    points = list(zip(history.steps, map(moment, history.timestamps), history.values, strict=True))
    if arguments["json"]:
        names = ("step", "time", "value")
        data = [dict(zip(names, point, strict=True)) for point in points]
        print_json({"run_id": found.run_id, "key": history.key, "points": data})
    elif arguments["csv"]:
        print_csv(("step", "time", "value"), points)
    else:
        _print(history)
    if history.is_reduced or not history.total_is_exact:
        total = f"{history.total:,}" if history.total_is_exact else "more"
        tell(f"{len(points):,} of {total} points; --limit N shows more, --limit 0 all.")
    return FINE


def _read(settings: Settings, found: Run, key: str, limit: int) -> MetricHistory:
    from mlops_tui.services.metrics.metrics import read_history, read_whole_history

    if key not in found.metrics:
        there = f"It has {', '.join(sorted(found.metrics))}." if found.metrics else "It has none."
        raise NotFound(f"The run {found.run_id} has no metric {key}.", there)
    if limit:
        return read_history(settings.store, found.run_id, key, limit=max(limit, FEWEST))
    return read_whole_history(settings.store, found.run_id, key)


def _print(history: MetricHistory) -> None:
    from mlops_tui.tui.kit.formatting import number, timestamp

    rows = [
        (f"{step}", timestamp(ms), number(value))
        for step, ms, value in zip(history.steps, history.timestamps, history.values, strict=True)
    ]
    print_table(("step", "time", history.key), rows)
