"""``mlops-tui models``: lists the registered models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_csv, print_json, print_table, tell
from mlops_tui.cli.sub_command import add_formats
from mlops_tui.domain.gate.standing import standing_of_newest
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.moment import local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.models.model import RegisteredModel
    from mlops_tui.settings import Settings

ABOUT = "list registered models with stages, aliases, gate"

STAGES = {stage.value.lower(): stage for stage in Stage}

ANY = ""
"""Stands for any alias."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("models", help=ABOUT, description=ABOUT, **common)
    parser.add_argument(
        "words",
        metavar="WORD",
        nargs="*",
        help="only models that match all words, as with / in the interface",
    )
    parser.add_argument(
        "--stage", type=str.lower, choices=STAGES, help="only models with a version in this stage"
    )
    parser.add_argument(
        "--alias",
        metavar="ALIAS",
        nargs="?",
        const=ANY,
        help="only models with this alias; without ALIAS, with any alias",
    )
    add_formats(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """List the models."""
    from mlops_tui.domain.matching import matches
    from mlops_tui.domain.versions.model_strings import model_strings
    from mlops_tui.services.models.registry import list_models
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    words = " ".join(arguments["words"])
    known = list_models(settings.store)
    found = [m for m in known if _has(m, arguments) and matches(words, model_strings(m))]
    if arguments["json"]:
        print_json([_as_dict(model) for model in found])
    elif arguments["csv"]:
        print_csv(COLUMNS, [_row(model) for model in found])
    elif found:
        print_table(COLUMNS, [_row(model) for model in found])
    if not found:
        tell("No model matches the filter." if known else "There are no registered models.")
    return FINE if found else NOTHING


def _has(model: RegisteredModel, arguments: Mapping[str, Any]) -> bool:
    stage, alias = arguments["stage"], arguments["alias"]
    if stage and STAGES[stage].value not in model.latest:
        return False
    return alias is None or (alias in model.aliases if alias != ANY else bool(model.aliases))


COLUMNS = ("model", "newest", "production", "staging", "gate", "aliases", "changed", "description")


def _row(model: RegisteredModel) -> tuple[str, ...]:
    in_use = (model.latest.get(stage.value, "") for stage in (Stage.PRODUCTION, Stage.STAGING))
    versions = (f"v{number}" if number else "" for number in (model.newest, *in_use))
    gate = standing_of_newest(model)
    aliases = " ".join(f"@{alias}=v{number}" for alias, number in sorted(model.aliases.items()))
    changed = local(model.updated_at) if model.updated_at else None
    moment = f"{changed:%Y-%m-%d %H:%M}" if changed else ""
    return (model.name, *versions, gate, aliases, moment, model.description)


def _as_dict(model: RegisteredModel) -> dict[str, object]:
    return {
        "name": model.name,
        "description": model.description,
        "newest_version": model.newest,
        "newest_version_in_stage": dict(model.latest),
        "gate_of_newest_version": standing_of_newest(model),
        "version_of_alias": dict(model.aliases),
        "tags": dict(model.tags),
        "created_at": model.created_at,
        "updated_at": model.updated_at,
    }
