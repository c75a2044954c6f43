"""The changes of registered models and their versions, each compared and recorded."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.models.alias import alias_problem
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import (
    EventKind,
    Recorded,
    RegistryEvent,
    shortened,
)
from mlops_tui.domain.models.transition import AliasChange, Transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import stages
from mlops_tui.services.models.gated_entry import GatedEntry
from mlops_tui.services.models.recorded_change import change
from mlops_tui.services.models.recorder import Present
from mlops_tui.services.models.registry import list_versions, read_model
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    from mlflow import MlflowClient


def move(
    store: Store,
    transition: Transition,
    *,
    reason: str = "",
    told_as: RegistryEvent | None = None,
    override: bool = False,
    is_undo: bool = False,
) -> Recorded[tuple[ModelVersion, ...]]:
    """Move versions from stage to stage, return all versions of the model as they are then.

    ``told_as`` is the event of a rollback, which the history tells instead of that of a plain move.
    Raises ``Conflict`` before anything is written when a version is no longer where it was,
    ``GateRefused`` when the gate of the stage lets it in neither by its verdict nor by the reason
    to ``override`` it.
    """
    target, also = transition.target, transition.along()
    event = told_as or RegistryEvent(
        transition.model,
        EventKind.STAGE,
        target.version,
        before=target.before,
        after=target.after,
        also=shortened(also),
        reason=reason,
        overridden=override,
    )

    entry = GatedEntry(transition, event.reason if override or told_as else "")

    def check(present: Present) -> None:
        stages.check_unmoved(transition, present[1])
        entry.check(present, comes_back=is_undo or told_as is not None)

    def write(mlflow_client: "MlflowClient") -> Present:
        stages.apply(mlflow_client, transition)
        try:
            with translated():
                entry.note(mlflow_client)
                return read_model(mlflow_client, transition.model)
        except ServiceError as failure:
            said = f"{transition.describe()} was done, but: {failure.message}"
            raise type(failure)(said, failure.hint) from None

    answer = change(
        store,
        event,
        check=check,
        write=write,
        describe=lambda _: entry.told(event),
        after=lambda present: present,
    )
    return Recorded(answer.value[1], answer.unrecorded)


def set_alias(  # noqa: PLR0913 - what moves from where to where, and why
    store: Store,
    name: str,
    alias: str,
    version: str,
    before: str = "",
    *,
    reason: str = "",
    told_as: RegistryEvent | None = None,
) -> Recorded[None]:
    """Point an alias at a version, away from the one it pointed at before (if any)."""
    if problem := alias_problem(alias):
        raise InvalidInput(problem)
    event = RegistryEvent(name, EventKind.ALIAS, version, alias, before, version, reason=reason)
    return change(
        store,
        told_as or event,
        check=lambda now: stages.check_alias(AliasChange(alias, before, version), now[1]),
        write=lambda mlflow_client: mlflow_client.set_registered_model_alias(name, alias, version),
    )


def delete_alias(
    store: Store, name: str, alias: str, before: str = "", *, reason: str = ""
) -> Recorded[None]:
    """Remove an alias from the version it pointed at; one that is not there is no failure."""
    removed = AliasChange(alias, before, "")
    event = RegistryEvent(name, EventKind.ALIAS, before, alias, before, reason=reason)
    if not before:
        stages.check_alias(removed, list_versions(store, name))
        return Recorded(None)
    return change(
        store,
        event,
        check=lambda present: stages.check_alias(removed, present[1]),
        write=lambda mlflow_client: mlflow_client.delete_registered_model_alias(name, alias),
    )


def describe_version(
    store: Store, name: str, version: str, text: str, before: str = ""
) -> Recorded[None]:
    """Replace the description of a version, which was another one before."""

    def write(mlflow_client: "MlflowClient") -> None:
        mlflow_client.update_model_version(name, version, text)

    def check(present: Present) -> None:
        _check_text(
            f"The description of v{version}", before, _version(present, version).description
        )

    return change(store, _described(name, version, text, before), check=check, write=write)


def describe_model(store: Store, name: str, text: str, before: str = "") -> Recorded[None]:
    """Replace the description of a registered model, which was another one before."""

    def write(mlflow_client: "MlflowClient") -> None:
        mlflow_client.update_registered_model(name, text)

    def check(present: Present) -> None:
        _check_text(f"The description of {name}", before, present[0].description)

    return change(store, _described(name, "", text, before), check=check, write=write)


def set_version_tags(
    store: Store,
    name: str,
    version: str,
    changed: Mapping[str, str],
    removed: Sequence[str],
    before: Mapping[str, str] | None = None,
) -> Recorded[None]:
    """Set some tags of a version, remove others; ``before`` holds what these were, if anything."""
    was = before or {}
    event = RegistryEvent(
        name,
        EventKind.TAGS,
        version,
        before=shortened(tag_text({k: was[k] for k in (*changed, *removed) if k in was})),
        after=shortened(tag_text(changed)),
    )

    def check(present: Present) -> None:
        now = _version(present, version).tags
        for key in (*changed, *removed):
            _check_text(f"The tag {key} of v{version}", was.get(key, ""), now.get(key, ""))

    def write(mlflow_client: "MlflowClient") -> None:
        for key, value in changed.items():
            mlflow_client.set_model_version_tag(name, version, key, value)
        for key in removed:
            mlflow_client.delete_model_version_tag(name, version, key)

    return change(store, event, check=check, write=write)


def tag_text(tags: Mapping[str, str]) -> str:
    """Return tags as the history tells them."""
    return ", ".join(f"{key}={value}" for key, value in tags.items())


def _described(name: str, version: str, text: str, before: str) -> RegistryEvent:
    return RegistryEvent(
        name, EventKind.DESCRIPTION, version, before=shortened(before), after=shortened(text)
    )


def _version(present: Present, version: str) -> ModelVersion:
    found = next((one for one in present[1] if one.version == version), None)
    if found is None:
        raise Conflict(f"v{version} is gone: somebody deleted it meanwhile.")
    return found


def _check_text(what: str, before: str, now: str) -> None:
    if before != now:
        raise Conflict(f"{what} is another one now: somebody changed it meanwhile.")
