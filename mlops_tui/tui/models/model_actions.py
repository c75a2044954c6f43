"""What a person does with registered models; what deletes their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.deletion import uses_lines
from mlops_tui.domain.models.model_name import model_name_problem
from mlops_tui.domain.models.registry_event import Recorded
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.tags import parse_tags
from mlops_tui.services.models import model_edits, registry
from mlops_tui.services.serving import servers
from mlops_tui.tui.kit.confirm import ConfirmDialog, which_lines
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.tag_lines import lines_of_all_tags
from mlops_tui.tui.kit.tags_dialog import TagsDialog
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.models.version_actions import unrecorded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
    from mlops_tui.tui.kit.control_screen import ControlScreen

    GoTo = Callable[[str], None]
    """Shows the model of a name."""

LONGEST_TAG = 5_000
"""Characters of a model's tag that MLflow takes."""

STAYS = "MLflow cannot undo this. The runs and the files of the models stay."
RENAMING = "Its versions, stages, aliases and tags stay. Whoever loads it by its old name fails."


async def rename(screen: ControlScreen, model: RegisteredModel, go_to: GoTo) -> None:
    """Ask for another name; give it to the model."""
    dialog = LineDialog(
        f"Rename {model.name}",
        model.name,
        explain=RENAMING,
        problem=model_name_problem,
        equivalent=lambda text: model_equivalents.rename_model(model.name, text),
    )
    name = await screen.shell.push_screen_wait(dialog)
    if name and name.strip() != model.name:
        await screen.write(_rename(screen, model.name, name.strip(), go_to))


def _rename(screen: ControlScreen, before: str, after: str, go_to: GoTo) -> Write[Recorded[None]]:
    store = screen.shell.settings.store
    return Write(
        title=f"{_short(before)} renamed to {_short(after)}",
        topic=Topic.MODELS,
        call=lambda backend: backend.call(model_edits.rename_model, store, before, after),
        remaining=unrecorded,
        confirm=lambda _done: go_to(after),
        undo=lambda _done: _rename(screen, after, before, go_to),
    )


async def edit_tags(screen: ControlScreen, model: RegisteredModel) -> None:
    """Edit the tags of a model, one a line."""
    lines = lines_of_all_tags(model.tags, LONGEST_TAG)
    dialog = TagsDialog(
        f"Tags of {model.name}",
        lines,
        lambda text: model_equivalents.set_model_tags(model.name, *lines.changes(text)),
    )
    text = await screen.shell.push_screen_wait(dialog)
    if text is not None and parse_tags(text) != lines.before:
        await screen.write(_tag(screen, model.name, lines.before, parse_tags(text)))


def _tag(
    screen: ControlScreen, name: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Write[Recorded[None]]:
    store = screen.shell.settings.store
    return Write(
        title=f"Tags of {_short(name)} changed",
        topic=Topic.MODELS,
        call=lambda backend: backend.call(model_edits.set_model_tags, store, name, before, after),
        remaining=unrecorded,
        undo=lambda _answer: _tag(screen, name, after, before),
    )


async def delete_model(screen: ControlScreen, model: RegisteredModel) -> None:
    """Ask, naming what is in use; delete the model with its versions."""
    store = screen.shell.settings.store
    versions = await screen.ask(registry.list_versions, store, model.name)
    count = "its version" if len(versions) == 1 else f"its {len(versions):,} versions"
    went = f"{count[0].upper()}{count[1:]}" if versions else "Nothing else"
    if await _agrees(
        screen,
        f"Delete {model.name}",
        versions,
        f"{went} with stages, aliases, tags and descriptions: deleted for good. {STAYS}",
        model_equivalents.delete_model(model.name),
    ):
        await screen.write(
            Write[Recorded[None]](
                title=f"{_short(model.name)} deleted with {count}",
                topic=Topic.MODELS,
                call=lambda backend: backend.call(
                    model_edits.delete_model, store, model.name, versions
                ),
                remaining=unrecorded,
            )
        )


async def delete_versions(screen: ControlScreen, versions: Sequence[ModelVersion]) -> None:
    """Ask, naming what is in use; delete versions of one model."""
    store, name = screen.shell.settings.store, versions[0].name
    listed = ", ".join(f"v{version.version}" for version in versions)
    it = "its number is" if len(versions) == 1 else "their numbers are"
    if await _agrees(
        screen,
        f"Delete {listed} of {name}",
        versions,
        f"Deleted for good with stage, aliases and tags; {it} never used again. {STAYS}",
        model_equivalents.delete_versions(name, [version.version for version in versions]),
    ):
        await screen.write(
            Write[model_edits.DeletedVersions](
                title=f"{_short(listed)} of {_short(name)} deleted",
                topic=Topic.MODELS,
                call=lambda backend: backend.call(model_edits.delete_versions, store, versions),
                done=lambda answer: (
                    f"{_short(', '.join(f'v{number}' for number in answer.numbers))} deleted."
                ),
                remaining=lambda answer: answer.remaining,
            )
        )


async def _agrees(
    screen: ControlScreen,
    title: str,
    versions: Sequence[ModelVersion],
    sentence: str,
    equivalent: str,
) -> bool:
    """Ask; where a version is in use, the person types the model's name to confirm."""
    lines = uses_lines(versions, await _served(screen, versions))
    if not lines:
        question = ConfirmDialog(title, sentence, equivalent)
        agrees = await screen.shell.push_screen_wait(question)
        return agrees is True
    name = one_line(versions[0].name, 60)
    asked = f"Type the model's name, {name}, to delete all the same."
    dialog = LineDialog(
        title,
        explain=f"In use:\n{which_lines(lines)}\n{sentence}\n{asked}",
        problem=lambda text: "" if text.strip() == versions[0].name.strip() else asked,
        equivalent=lambda _text: equivalent,
    )
    return await screen.shell.push_screen_wait(dialog) is not None


async def _served(
    screen: ControlScreen, versions: Sequence[ModelVersion]
) -> Mapping[str, list[str]]:
    """Return where versions are served from this machine."""
    found: dict[str, list[str]] = {}
    wanted = {(version.name, version.version) for version in versions}
    for server in await screen.ask(servers.list_servers, screen.shell.settings.state_dir):
        if (server.model, server.version) in wanted and server.record.state.is_active:
            found.setdefault(server.version, []).append(server.url)
    return found


def _short(text: str) -> str:
    return one_line(text, 60)
