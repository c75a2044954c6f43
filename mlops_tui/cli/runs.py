"""``mlops-tui runs``: lists the runs of one or all experiments."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_csv, print_json, print_table, tell
from mlops_tui.cli.run_data import ATTRIBUTES, attributes, run_as_dict
from mlops_tui.cli.sub_command import Commands, add_formats, count
from mlops_tui.domain.compare.comparison import traits
from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.experiments.experiment import Experiment
from mlops_tui.domain.runs.run import Run
from mlops_tui.settings import Settings

ABOUT = "list runs, newest first"

DETAILS = """\
list runs, newest first

A filter has the syntax of / in the interface:
  forest                     a word in any field of a run
  accuracy>0.9 lr=1e-*       a metric, param or tag; * and ? are wildcards
  optimizer=adam,sgd         one of these
  status:failed | -tag:old   or; not
  name~^rf_ has:f1 age<2h    a regular expression; a key; a time
  started>-7d ended<today    a time; also yesterday, 2026-11-30
  metric: param: tag:        prefixes that say where to look for a key
or is an MLflow filter expression, such as "params.name LIKE 'rf%'".
"""

PAGE = 1_000
"""Runs read at once."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("runs", help=ABOUT, description=DETAILS, **common)
    parser.add_argument(
        "experiment", metavar="EXPERIMENT", nargs="?", help="name or id (default: all experiments)"
    )
    parser.add_argument("--filter", metavar="EXPR", default="", help="only runs that match")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=count,
        default=100,
        help="maximum number of runs (default: 100); 0 for all",
    )
    parser.add_argument(
        "--sort",
        metavar="COLUMN",
        default="",
        help="sort by a metric, param or attribute, greatest first",
    )
    parser.add_argument("--ascending", action="store_true", help="with --sort: smallest first")
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """List the runs."""
    from mlops_tui.services.experiments.experiments import list_experiments
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    known = list_experiments(settings.store)
    wanted = arguments["experiment"]
    chosen = [_choose(known, wanted)] if wanted else list(known)
    found, more = _read(settings, [each.experiment_id for each in chosen], arguments)
    names = {each.experiment_id: each.name for each in chosen}
    if arguments["json"]:
        print_json([run_as_dict(each, names[each.experiment_id]) for each in found])
    elif arguments["csv"]:
        _print_csv(found, names)
    elif found:
        _print_table(found, names)
    if more:
        tell(f"{more}; --limit N shows more, --limit 0 all.")
    if not found:
        tell("No run matches the filter." if arguments["filter"] else "There are no runs.")
    return FINE if found else NOTHING


def _choose(known: Sequence[Experiment], wanted: str) -> Experiment:
    for each in known:
        if each.name == wanted:
            return each
    for each in known:
        if each.experiment_id == wanted:
            return each
    from difflib import get_close_matches

    near = get_close_matches(wanted, [each.name for each in known], n=3, cutoff=0.4)
    raise NotFound(
        f"There is no experiment {wanted}.", f"Similar names: {', '.join(near)}." if near else ""
    )


def _read(
    settings: Settings, experiment_ids: Sequence[str], arguments: Mapping[str, Any]
) -> tuple[list[Run], str]:
    """Return the runs to list, and a sentence about those left out, if any."""
    from mlops_tui.domain.experiments.run_order import in_order
    from mlops_tui.services.experiments.run_query import query_runs

    limit, column = arguments["limit"], arguments["sort"]
    found: list[Run] = []
    token, begun = "", False
    # To sort by a key, all runs are needed: the greatest may be the last.
    while not begun or (token and (column or not limit or len(found) < limit)):
        size = PAGE if column or not limit else min(PAGE, limit - len(found))
        page = query_runs(
            settings.store, experiment_ids, arguments["filter"], page_token=token, limit=size
        )
        found += page.runs
        token, begun = page.next_token, True
    if column:
        found = in_order(found, column, greatest_first=not arguments["ascending"])
    kept = found[:limit] if limit else found
    if len(kept) < len(found):
        return kept, f"{len(kept):,} of {len(found):,} runs"
    return kept, f"Only the newest {len(kept):,} runs are listed" if token else ""


def _print_csv(found: Sequence[Run], names: Mapping[str, str]) -> None:
    columns = traits(found)
    rows = [
        [*attributes(each, names[each.experiment_id]).values(), *(of.of(each) for of in columns)]
        for each in found
    ]
    print_csv([*ATTRIBUTES, *map(str, columns)], rows)


def _print_table(found: Sequence[Run], names: Mapping[str, str]) -> None:
    from mlops_tui.tui.kit.formatting import age, number, took

    metrics = sorted({key for run in found for key in run.metrics})
    params = sorted({key for run in found for key in run.params})
    several = len(set(names)) > 1
    rows = [
        [
            each.run_id[:SHORT],
            each.status.lower(),
            *([names[each.experiment_id]] if several else []),
            each.name,
            age(each.started_at),
            took(each),
            *(number(each.metrics[key]) if key in each.metrics else "" for key in metrics),
            *(each.params.get(key, "") for key in params),
        ]
        for each in found
    ]
    experiment = ["experiment"] if several else []
    print_table(["run", "status", *experiment, "name", "age", "time", *metrics, *params], rows)


SHORT = 12
"""Characters of an id that tell a run from a million others."""
