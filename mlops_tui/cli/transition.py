"""``mlops-tui transition``: moves a version to another stage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.output import tell
from mlops_tui.cli.registry_data import add_reason, find_version, prepare_write, say
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.registry_event import Recorded
from mlops_tui.domain.models.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.settings import Settings

ABOUT = "move a version to another stage"

STAGES = {stage.value.lower(): stage for stage in Stage}


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("transition", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("name", metavar="NAME", help="registered model")
    parser.add_argument("version", metavar="VERSION", help="its number, or @ALIAS")
    parser.add_argument(
        "stage", metavar="STAGE", type=str.lower, choices=STAGES, help=", ".join(STAGES)
    )
    parser.add_argument(
        "--keep", action="store_true", help="do not archive the versions already in that stage"
    )
    parser.add_argument(
        "--override",
        action="store_true",
        help="move it though its gate has failed or was not run; needs --reason",
    )
    add_reason(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Move the version, archiving those already there."""
    from mlops_tui.domain.models.transition import plan_transition
    from mlops_tui.services.models.registry import list_versions
    from mlops_tui.services.models.registry_changes import move

    if arguments["override"] and not arguments["reason"].strip():
        raise InvalidInput("--override needs --reason: the history keeps why.")
    prepare_write(settings)
    name, stage, keep = arguments["name"], STAGES[arguments["stage"]], arguments["keep"]
    versions = list_versions(settings.store, name)
    version = find_version(versions, name, arguments["version"])
    plan = plan_transition(versions, version.version, stage, archive_existing=not keep)
    if version.stage == stage:
        tell(f"{name} v{version.version} is in {stage} already.")
        plan = replace(plan, changes=plan.changes[:1], aliases=())  # nothing else is changed
        answer: Recorded[Any] = Recorded(None)
    else:
        reason, override = arguments["reason"], arguments["override"]
        answer = move(settings.store, plan, reason=reason, override=override)
    data = {"name": name, "version": version.version, "from": version.stage.value}
    data |= {"to": stage.value, "also": plan.along()}
    say(f"{name} {plan.describe()}", data, answer, as_json=arguments["json"])
    return FINE
