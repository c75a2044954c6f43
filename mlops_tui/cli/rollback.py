"""``mlops-tui rollback``: brings back what was in a stage, or under an alias, before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.registry_data import add_reason, prepare_write, say
from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.models.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.models.rollback import Rollback
    from mlops_tui.settings import Settings

ABOUT = "bring back what was in a stage, or under an alias, before"
DETAILS = """\
bring back what was in a stage, or under an alias, before

What is there now is archived. Two rollbacks in a row go two steps back. Without --stage or --alias,
it is about Production. The reason is kept: mlops-tui history NAME shows it.
"""
STAGES = {stage.value.lower(): stage for stage in (Stage.STAGING, Stage.PRODUCTION)}


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("rollback", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("name", metavar="NAME", help="registered model")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--stage", type=str.lower, choices=STAGES, help="default: production")
    which.add_argument("--alias", metavar="ALIAS", help="an alias instead of a stage")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done")
    add_reason(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Bring back what was there."""
    from mlops_tui.domain.models.registry_event import Recorded
    from mlops_tui.services.models.rollback import roll_back, rollbacks

    prepare_write(settings)
    subject = _subject(arguments)
    plan = _choose(rollbacks(settings.store, arguments["name"])[1], arguments["name"], subject)
    answer: Recorded[None] = Recorded(None)
    if not arguments["dry_run"]:
        answer = roll_back(settings.store, plan, reason=arguments["reason"])
    data: dict[str, Any] = {"name": plan.model, "subject": subject}
    data |= {"from": plan.now, "to": plan.before}
    data |= {"deleted": plan.gone, "done": not arguments["dry_run"]}
    gone = f" (v{', v'.join(plan.gone)} deleted meanwhile)" if plan.gone else ""
    say(f"{plan.model} {plan.describe()}{gone}", data, answer, as_json=arguments["json"])
    return FINE


def _subject(arguments: Mapping[str, Any]) -> str:
    """Return the stage, or the alias, that is named."""
    from mlops_tui.domain.models.alias import alias_problem

    if arguments["alias"] is None:
        return STAGES[arguments["stage"] or "production"].value
    alias = arguments["alias"].removeprefix("@")
    if problem := alias_problem(alias):
        raise InvalidInput(problem)
    return f"@{alias}"


def _choose(found: Sequence[Rollback], name: str, subject: str) -> Rollback:
    for each in found:
        if each.subject == subject:
            return each
    place = f"under {subject}" if subject.startswith("@") else f"in {subject}"
    raise NotFound(
        f"Nothing that still exists was {place} of {name} before what is there now.",
        f"mlops-tui history {name} shows what is known.",
    )
