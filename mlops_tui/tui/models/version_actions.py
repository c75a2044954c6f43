"""What a person does with a model version."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.alias import alias_problem
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.registry_event import reason_problem
from mlops_tui.domain.tags import parse_tags, tag_changes
from mlops_tui.services.models import registry, registry_changes
from mlops_tui.tui.gate import gating
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.tag_lines import lines_of_all_tags
from mlops_tui.tui.kit.tags_dialog import TagsDialog
from mlops_tui.tui.kit.text_dialog import LineDialog, TextDialog
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.models.transition_dialog import TransitionDialog, Way

if TYPE_CHECKING:
    from mlops_tui.domain.gate.gate_view import GateView
    from mlops_tui.domain.models.registry_event import Recorded
    from mlops_tui.domain.models.stage import Stage
    from mlops_tui.domain.models.transition import Transition
    from mlops_tui.tui.models.version_list import VersionList
    from mlops_tui.tui.shell import ServiceCalls

T = TypeVar("T")

LONGEST_TAG = 100_000
"""Characters of a version's tag that MLflow takes."""

VersionAction = Callable[[ControlScreen, ModelVersion], Coroutine[Any, Any, None]]


async def transition(screen: ControlScreen, version: ModelVersion, versions: VersionList) -> None:
    """Ask for the stage, show the plan, move."""
    store = screen.shell.settings.store

    async def read() -> tuple[ModelVersion, ...]:
        return await screen.ask(registry.list_versions, store, version.name)

    async def read_gate(stage: Stage) -> GateView:
        return await gating.read_gate_of(screen, version, stage, names=False)

    dialog = TransitionDialog(version, versions.all(), read, read_gate)
    decision = await screen.shell.push_screen_wait(dialog)
    if decision is None:
        return
    plan, reason = decision.plan, decision.reason
    if decision.way is Way.BY_CHECK:
        if not await gating.pass_gate(screen, version, plan.target.after):
            return
    elif decision.way is Way.BY_REASON:
        reason = await _override_reason(screen, plan, reason) or ""
        if not reason:
            return
    overrides = decision.way is Way.BY_REASON
    await screen.write(move_write(screen, versions, plan, reason=reason, override=overrides))


async def _override_reason(screen: ControlScreen, plan: Transition, reason: str) -> str | None:
    """Ask why a version is to be moved in spite of the gate."""
    dialog = LineDialog(
        f"Override the gate of {plan.model} for {plan.target.after}",
        reason,
        explain=f"{plan.describe()}. Why? The history keeps the reason.",
        problem=lambda text: reason_problem(text) or ("" if text.strip() else "Give a reason."),
    )
    return await screen.shell.push_screen_wait(dialog)


def move_write(
    screen: ControlScreen,
    versions: VersionList,
    plan: Transition,
    *,
    reason: str = "",
    override: bool = False,
    is_undo: bool = False,
) -> Write[Recorded[tuple[ModelVersion, ...]]]:
    """Return the write of a transition; its undo is the write of the transition undone."""

    def expect() -> None:
        if versions.model == plan.model:
            moved = ((versions.get(change.version), change.after) for change in plan.changes)
            versions.expect(*(replace(version, stage=stage) for version, stage in moved if version))

    def confirm(answer: Recorded[tuple[ModelVersion, ...]]) -> None:
        versions.expect()
        if versions.model == plan.model:
            versions.confirm(answer.value)

    return Write(
        title=f"{plan.model} {plan.describe()}",
        topic=Topic.MODELS,
        call=lambda backend: backend.call(
            registry_changes.move,
            screen.shell.settings.store,
            plan,
            reason=reason,
            override=override,
            is_undo=is_undo,
        ),
        optimistic=expect,
        revert=versions.expect,
        confirm=confirm,
        remaining=unrecorded,
        undo=lambda _answer: move_write(screen, versions, plan.undone(), is_undo=True),
    )


def unrecorded(answer: Recorded[Any]) -> str:
    """Return why the history does not tell of a change, if so."""
    return answer.unrecorded


async def set_alias(screen: ControlScreen, version: ModelVersion, versions: VersionList) -> None:
    """Ask for the alias; it moves here when another version has it."""
    dialog = LineDialog(
        f"Set an alias on {version.name} v{version.version}",
        explain="Letters, digits, - and _. If another version has this alias, it moves here.",
        problem=alias_problem,
        equivalent=lambda text: model_equivalents.set_alias(version.name, text, version.version),
    )
    alias = await screen.shell.push_screen_wait(dialog)
    if not alias:
        return
    before = versions.holder(alias)
    await screen.write(alias_write(screen, version.name, alias, version.version, before))


async def remove_alias(screen: ControlScreen, version: ModelVersion) -> None:
    """Remove the version's alias, asking which when it has several."""
    title = f"Remove an alias of {version.name} v{version.version}"
    dialog = PickDialog(
        title,
        version.aliases,
        "Alias",
        lambda alias: model_equivalents.delete_alias(version.name, alias),
    )
    alias = await screen.shell.push_screen_wait(dialog)
    if alias:
        await screen.write(alias_write(screen, version.name, alias, None, version.version))


def alias_write(
    screen: ControlScreen, name: str, alias: str, after: str | None, before: str | None
) -> Write[Recorded[None]]:
    """Return the write that points an alias elsewhere; ``None`` means nowhere."""
    store = screen.shell.settings.store

    async def call(backend: ServiceCalls) -> Recorded[None]:
        if after is None:
            return await backend.call(
                registry_changes.delete_alias, store, name, alias, before or ""
            )
        return await backend.call(
            registry_changes.set_alias, store, name, alias, after, before or ""
        )

    return Write(
        title=f"@{alias} → v{after}" if after else f"@{alias} removed",
        topic=Topic.MODELS,
        call=call,
        remaining=unrecorded,
        undo=lambda _answer: alias_write(screen, name, alias, before, after),
    )


async def describe(screen: ControlScreen, version: ModelVersion) -> None:
    """Edit the version's description."""
    title = f"Description of {version.name} v{version.version}"
    dialog = TextDialog(
        title,
        version.description,
        lambda text: model_equivalents.describe_version(version.name, version.version, text),
    )
    text = await screen.shell.push_screen_wait(dialog)
    if text is None or text == version.description:
        return
    store, name, number = screen.shell.settings.store, version.name, version.version

    async def save(backend: ServiceCalls, after: str, before: str) -> Recorded[None]:
        return await backend.call(
            registry_changes.describe_version, store, name, number, after, before
        )

    title = f"Description of v{number} changed"
    await screen.write(_change(title, save, text, version.description))


async def describe_model(screen: ControlScreen, model: RegisteredModel) -> None:
    """Edit the registered model's description."""
    dialog = TextDialog(
        f"Description of {model.name}",
        model.description,
        lambda text: model_equivalents.describe_model(model.name, text),
    )
    text = await screen.shell.push_screen_wait(dialog)
    if text is None or text == model.description:
        return
    store = screen.shell.settings.store

    async def save(backend: ServiceCalls, after: str, before: str) -> Recorded[None]:
        return await backend.call(registry_changes.describe_model, store, model.name, after, before)

    title = f"Description of {model.name} changed"
    await screen.write(_change(title, save, text, model.description))


async def edit_tags(screen: ControlScreen, version: ModelVersion) -> None:
    """Edit the version's tags, one a line."""
    lines = lines_of_all_tags(version.tags, LONGEST_TAG)
    store, name, number = screen.shell.settings.store, version.name, version.version
    dialog = TagsDialog(
        f"Tags of {name} v{number}",
        lines,
        lambda text: model_equivalents.set_version_tags(name, number, *lines.changes(text)),
    )
    text = await screen.shell.push_screen_wait(dialog)
    if text is None:
        return

    async def save(
        backend: ServiceCalls, after: dict[str, str], before: dict[str, str]
    ) -> Recorded[None]:
        changed, removed = tag_changes(before, after)
        return await backend.call(
            registry_changes.set_version_tags, store, name, number, changed, removed, before
        )

    if parse_tags(text) != lines.before:
        title = f"Tags of v{number} changed"
        await screen.write(_change(title, save, parse_tags(text), lines.before))


def _change(
    title: str,
    save: Callable[[ServiceCalls, T, T], Coroutine[Any, Any, Recorded[None]]],
    after: T,
    before: T,
) -> Write[Recorded[None]]:
    """Return the write that saves what is after in place of what was before."""
    return Write(
        title=title,
        topic=Topic.MODELS,
        call=lambda backend: save(backend, after, before),
        remaining=unrecorded,
        undo=lambda _answer: _change(title, save, before, after),
    )
