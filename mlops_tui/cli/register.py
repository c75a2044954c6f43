"""``mlops-tui register``: makes a model of a run a version of a registered model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.registry_data import prepare_write, say, version_as_dict
from mlops_tui.domain.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.runs.run import LoggedModel
    from mlops_tui.settings import Settings

ABOUT = "register a model of a run as a new version"


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("register", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("run_id", metavar="RUN_ID", help="run id, or the beginning of it")
    parser.add_argument("name", metavar="NAME", help="registered model; created if there is none")
    parser.add_argument(
        "--model", metavar="MODEL", default="", help="which model of the run, if it has several"
    )
    parser.add_argument("--description", metavar="TEXT", default="", help="of the version")
    parser.add_argument(
        "--tag", metavar="KEY=VALUE", action="append", default=[], help="of the version"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Register the model."""
    from mlops_tui.domain.tags import parse_tags
    from mlops_tui.services.experiments.run_lookup import find_runs
    from mlops_tui.services.models.registration import register
    from mlops_tui.services.runs.runs import get_run

    prepare_write(settings)
    try:
        tags = parse_tags("\n".join(arguments["tag"]))
    except ValueError as error:
        raise InvalidInput(str(error)) from None
    (found,) = find_runs(settings.store, [arguments["run_id"]])
    detail = get_run(settings.store, found.run_id)
    answer = register(
        settings.store,
        name=arguments["name"],
        model=_choose(detail.models, arguments["model"], detail.run.name),
        run_id=found.run_id,
        description=arguments["description"],
        tags=tags,
    )
    made = answer.value
    sentence = f"{made.name} v{made.version} registered"
    say(sentence, version_as_dict(made), answer, as_json=arguments["json"])
    return FINE


def _choose(models: Sequence[LoggedModel], wanted: str, run_name: str) -> LoggedModel:
    if not models:
        raise NotFound(f"{run_name} has logged no model.")
    found = [each for each in models if wanted in ("", each.name, each.model_id, each.uri)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.name for each in models)
    if found:
        raise InvalidInput(f"{run_name} has {len(found)} models: {names}.", "Choose by --model.")
    raise NotFound(f"{run_name} has no model {wanted}.", f"It has {names}.")
