"""``mlops-tui alias``: points an alias at a version, or removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.registry_data import add_reason, find_version, prepare_write, say
from mlops_tui.domain.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.settings import Settings

ABOUT = "point an alias at a version, or remove it"


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("alias", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("name", metavar="NAME", help="registered model")
    parser.add_argument("alias", metavar="ALIAS", help="alias, with or without @")
    parser.add_argument(
        "version", metavar="VERSION", nargs="?", default="", help="number, or @ALIAS"
    )
    parser.add_argument("--remove", action="store_true", help="remove the alias")
    add_reason(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Point the alias, or remove it."""
    from mlops_tui.domain.models.transition import AliasChange
    from mlops_tui.services.models.registry import list_versions
    from mlops_tui.services.models.registry_changes import delete_alias, set_alias

    prepare_write(settings)
    name, alias = arguments["name"], arguments["alias"].removeprefix("@")
    reason = arguments["reason"]
    if arguments["remove"] == bool(arguments["version"]):
        raise InvalidInput("alias needs either a VERSION or --remove.")
    versions = list_versions(settings.store, name)
    before = next((each.version for each in versions if alias in each.aliases), "")
    if arguments["remove"]:
        if not before:
            raise NotFound(f"{name} has no alias {alias}.")
        after = ""
        answer = delete_alias(settings.store, name, alias, before, reason=reason)
    else:
        after = find_version(versions, name, arguments["version"]).version
        answer = set_alias(settings.store, name, alias, after, before, reason=reason)
    data = {"name": name, "alias": alias, "from": before or None, "to": after or None}
    sentence = f"{name} {AliasChange(alias, before, after).describe()}"
    say(sentence, data, answer, as_json=arguments["json"])
    return FINE
