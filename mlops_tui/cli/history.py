"""``mlops-tui history``: shows who changed a registered model, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_csv, print_json, print_table, tell
from mlops_tui.cli.registry_data import event_as_dict
from mlops_tui.cli.sub_command import add_formats, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.models.registry_event import RegistryEvent
    from mlops_tui.settings import Settings

ABOUT = "show who changed a registered model, when and why, newest first"

COLUMNS = ("when", "who", "what", "why")


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("history", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("name", metavar="NAME", help="registered model; also a deleted one")
    parser.add_argument(
        "--limit", metavar="N", type=count, default=100, help="changes shown (default: 100; 0: all)"
    )
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Show the history."""
    from mlops_tui.services.models.history_reading import read_history
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    name = arguments["name"]
    told = read_history(settings.store, name, may_record=not settings.read_only)
    found = told.events[: arguments["limit"] or None]
    if arguments["json"]:
        print_json([event_as_dict(each) for each in found])
    elif arguments["csv"]:
        print_csv(COLUMNS, [_row(each) for each in found])
    elif found:
        print_table(COLUMNS, [_row(each) for each in found])
    if told.remark:
        tell(told.remark)
    if len(found) < len(told.events):
        tell(f"The newest {len(found):,} of {len(told.events):,} changes; --limit 0 shows all.")
    return FINE if found else NOTHING


def _row(event: RegistryEvent) -> tuple[str, str, str, str]:
    from mlops_tui.domain.models.registry_event import why
    from mlops_tui.tui.kit.formatting import timestamp

    when = timestamp(event.at)
    if event.since is not None:
        when = f"seen between {timestamp(event.since)} and {when}"
    return when, event.by, event.describe(), why(event)
