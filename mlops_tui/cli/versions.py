"""``mlops-tui versions``: lists the versions of a registered model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_csv, print_json, print_table, tell
from mlops_tui.cli.registry_data import version_as_dict
from mlops_tui.cli.sub_command import add_formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.models.stage import Stage
    from mlops_tui.domain.versions.version_row import VersionRow
    from mlops_tui.settings import Settings

ABOUT = "list the versions of a registered model, newest first"

COLUMNS = ("version", "stage", "aliases", "gate", "age", "by", "run", "status", "description")


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("versions", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("name", metavar="NAME", help="registered model")
    parser.add_argument(
        "words",
        metavar="WORD",
        nargs="*",
        help="only versions that match, as with / in the interface: stage:staging accuracy>0.9",
    )
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """List the versions."""
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    known = _rows(settings, arguments["name"])
    found = _matching(known, " ".join(arguments["words"]))
    if arguments["json"]:
        print_json([_as_dict(each) for each in found])
    elif arguments["csv"]:
        print_csv(COLUMNS, [_cells(each) for each in found])
    elif found:
        print_table(COLUMNS, [_cells(each) for each in found])
    if not found:
        tell("No version matches the filter." if known else f"{arguments['name']} has no versions.")
    return FINE if found else NOTHING


def _rows(settings: Settings, name: str) -> list[VersionRow]:
    """Return the versions with the metrics and params of their runs."""
    from mlops_tui.domain.gate.standing import standing
    from mlops_tui.domain.versions.version_row import VersionRow
    from mlops_tui.services.models.registry import versions_with_tags
    from mlops_tui.services.versions.version_runs import read_runs_of_versions

    versions, tags = versions_with_tags(settings.store, name)
    ids = [each.run_id for each in versions if each.run_id]
    runs = {run.run_id: run for run in read_runs_of_versions(settings.store, ids)}
    newest: dict[Stage, str] = {}
    for each in versions:
        newest.setdefault(each.stage, each.version)
    return [
        VersionRow(each, runs.get(each.run_id), gate=standing(each, tags, newest))
        for each in versions
    ]


def _matching(rows: list[VersionRow], words: str) -> list[VersionRow]:
    from time import time

    from mlops_tui.domain.runs.run_filter import parse, passes
    from mlops_tui.domain.versions.version_row import arranged

    return arranged(rows, (), time(), passes(parse(words)) if words else None)


def _as_dict(row: VersionRow) -> dict[str, Any]:
    return {
        **version_as_dict(row.version),
        "gate": row.gate,
        "metrics": dict(row.run.metrics) if row.run else {},
        "params": dict(row.run.params) if row.run else {},
    }


def _cells(row: VersionRow) -> tuple[str, ...]:
    from mlops_tui.tui.kit.formatting import age

    version = row.version
    return (
        f"v{version.version}",
        version.stage.value,
        " ".join(f"@{alias}" for alias in version.aliases),
        row.gate,
        age(version.created_at),
        version.user,
        version.run_id,
        version.trouble or version.status.lower(),
        version.description,
    )
