"""``mlops-tui compare``: runs side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_csv, print_json, print_table, tell
from mlops_tui.cli.sub_command import Commands, add_formats
from mlops_tui.domain.compare.comparison import Trait, Value, differs, traits
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.runs.run import Run
from mlops_tui.settings import Settings

ABOUT = "compare params, metrics and tags of runs"


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("compare", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("run_ids", metavar="ID", nargs="+", help="run id, or the beginning of it")
    parser.add_argument("--diff", action="store_true", help="show only rows that differ")
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Compare the runs."""
    from mlops_tui.services.experiments.run_lookup import find_runs
    from mlops_tui.services.store.store import prepare_environment

    if len(arguments["run_ids"]) < 2:  # noqa: PLR2004 - it takes two
        raise InvalidInput("A comparison needs at least two runs.", "`mlops-tui run ID` shows one.")
    prepare_environment()
    found = find_runs(settings.store, arguments["run_ids"])
    compared = [trait for trait in traits(found) if not arguments["diff"] or differs(trait, found)]
    if arguments["json"]:
        print_json(_as_dict(found, compared))
    elif arguments["csv"]:
        header = ("kind", "key", *(each.run_id for each in found))
        print_csv(header, [(trait.kind, trait.key, *_values(trait, found)) for trait in compared])
    elif compared:
        _print(found, compared)
    if not compared:
        tell(
            "The runs do not differ."
            if arguments["diff"]
            else "The runs have no params, metrics or tags."
        )
    return FINE if compared else NOTHING


def _values(trait: Trait, runs: Sequence[Run]) -> list[Value | None]:
    return [trait.of(run) for run in runs]


def _as_dict(runs: Sequence[Run], compared: Sequence[Trait]) -> dict[str, Any]:
    return {
        "runs": [{"run_id": run.run_id, "name": run.name, "status": run.status} for run in runs],
        "rows": [
            {
                "kind": trait.kind,
                "key": trait.key,
                "differs": differs(trait, runs),
                "values": _values(trait, runs),
            }
            for trait in compared
        ],
    }


def _print(runs: Sequence[Run], compared: Sequence[Trait]) -> None:
    from mlops_tui.tui.kit.formatting import number

    rows: list[list[str]] = [["", *(run.name for run in runs)]]
    for trait in compared:
        values = _values(trait, runs)
        shown = [number(value) if isinstance(value, float) else value or "" for value in values]
        mark = "≠ " if differs(trait, runs) else "  "
        rows.append([f"{mark}{trait}", *shown])
    print_table(["", *(run.run_id[:SHORT] for run in runs)], rows)


SHORT = 12
"""Characters of an id."""
