"""What a person does with the history of a registered model."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.stage import Stage
from mlops_tui.services.models import history_reading
from mlops_tui.services.models import rollback as rollbacks
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.models.history_dialog import HistoryDialog
from mlops_tui.tui.models.rollback_dialog import RollbackDialog
from mlops_tui.tui.models.version_actions import alias_write, move_write, unrecorded

if TYPE_CHECKING:
    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.domain.models.registry_event import Recorded
    from mlops_tui.domain.models.rollback import Rollback
    from mlops_tui.tui.kit.control_screen import ControlScreen
    from mlops_tui.tui.models.version_list import VersionList


async def notice(screen: ControlScreen, name: str) -> None:
    """Let the history of a model tell what was changed elsewhere."""
    with suppress(ServiceError):  # the history itself tells it
        await screen.ask(history_reading.notice, screen.shell.settings.store, name)


async def show_history(screen: ControlScreen, model: str) -> None:
    """Show the history of a model."""
    settings = screen.shell.settings
    told = await screen.ask(
        history_reading.read_history, settings.store, model, may_record=not settings.read_only
    )
    await screen.shell.push_screen_wait(HistoryDialog(model, told))


async def roll_back(
    screen: ControlScreen, model: str, current: ModelVersion | None, versions: VersionList
) -> None:
    """Ask what is brought back, and why; the version under the cursor says what comes first."""
    known, plans = await screen.ask(rollbacks.rollbacks, screen.shell.settings.store, model)
    if not plans:
        screen.why_not(
            f"Nothing that still exists was in a stage, or under an alias, of {model} before."
        )
        return
    dialog = RollbackDialog(known, plans, _first(current))
    choice = await screen.shell.push_screen_wait(dialog)
    if choice is not None:
        await screen.write(_write(screen, choice.plan, choice.reason, versions))


def _first(current: ModelVersion | None) -> str:
    """Return what a rollback is about first: the stage of a version, else its alias."""
    if current and current.stage.archives_existing:
        return current.stage
    return f"@{current.aliases[0]}" if current and current.aliases else Stage.PRODUCTION


def _write(
    screen: ControlScreen, plan: Rollback, reason: str, versions: VersionList
) -> Write[Recorded[None]]:
    """Return the write of a rollback; its undo is the reverse move."""

    def undo(_answer: Recorded[None]) -> Write[Any]:
        if plan.transition is not None:
            return move_write(screen, versions, plan.transition.undone(), is_undo=True)
        change = plan.alias
        assert change is not None  # noqa: S101 - a rollback is one of the two
        before = change.before or None
        return alias_write(screen, plan.model, change.alias, before, change.after)

    return Write(
        title=f"{plan.model} {plan.describe()}",
        topic=Topic.MODELS,
        call=lambda backend: backend.call(
            rollbacks.roll_back, screen.shell.settings.store, plan, reason=reason
        ),
        remaining=unrecorded,
        undo=undo,
    )
