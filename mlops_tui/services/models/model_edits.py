"""Renaming, tagging, deleting registered models and their versions, each compared and recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.models.deletion import changed_since, uses_lines
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.model_name import model_name_problem
from mlops_tui.domain.models.registry_event import EventKind, Recorded, RegistryEvent, shortened
from mlops_tui.domain.store import Store
from mlops_tui.services.models.recorded_change import change
from mlops_tui.services.models.recorder import Present
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.models.registry_changes import tag_text
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    from mlflow import MlflowClient

LOOK_AGAIN = "Nothing was deleted; look again."


@dataclass(frozen=True, slots=True)
class DeletedVersions:
    """The numbers of versions that were deleted, with what is left to say."""

    numbers: tuple[str, ...]
    remaining: str = ""
    """Why others were not deleted, or what the history does not tell."""


def rename_model(store: Store, name: str, after: str) -> Recorded[None]:
    """Give a model another name, which no other has; its versions and aliases stay with it."""
    if problem := model_name_problem(after):
        raise InvalidInput(problem)

    def write(mlflow_client: "MlflowClient") -> None:
        try:
            with translated():
                mlflow_client.rename_registered_model(name, after)
        except Conflict:
            raise Conflict(f"The name {after!r} is taken.", "Choose another name.") from None

    event = RegistryEvent(name, EventKind.RENAMED, before=name, after=after)
    return change(store, event, check=lambda _present: None, write=write)


def set_model_tags(
    store: Store, name: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Recorded[None]:
    """Set some tags of a model, remove others.

    Raises ``Conflict`` before anything is written where one of these is no longer as it was.
    """
    touched = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    event = RegistryEvent(
        name,
        EventKind.TAGS,
        before=shortened(tag_text({key: before[key] for key in touched if key in before})),
        after=shortened(tag_text({key: after[key] for key in touched if key in after})),
    )

    def check(present: Present) -> None:
        for key in touched:
            if present[0].tags.get(key) != before.get(key):
                raise Conflict(f"The tag {key} of {name} was changed meanwhile.", "Look again.")

    def write(mlflow_client: "MlflowClient") -> None:
        for key in touched:
            if key in after:
                mlflow_client.set_registered_model_tag(name, key, after[key])
            else:
                mlflow_client.delete_registered_model_tag(name, key)

    return change(store, event, check=check, write=write)


def delete_model(store: Store, name: str, shown: Sequence[ModelVersion]) -> Recorded[None]:
    """Delete a model with its versions.

    Raises ``Conflict`` where these are no longer those that were shown, or are used otherwise.
    """
    known = {version.version for version in shown}
    event = RegistryEvent(name, EventKind.DELETED, before=shortened(_in_use(shown)))

    def check(present: Present) -> None:
        added = [each.version for each in present[1] if each.version not in known]
        if added:
            raise Conflict(f"v{added[0]} of {name} was registered meanwhile.", LOOK_AGAIN)
        _check_unchanged(shown, present[1])

    return change(
        store,
        event,
        check=check,
        write=lambda mlflow_client: mlflow_client.delete_registered_model(name),
    )


def delete_versions(store: Store, shown: Sequence[ModelVersion]) -> DeletedVersions:
    """Delete versions of one model.

    Raises ``Conflict`` before anything is deleted where one is used otherwise than was shown.
    """
    _check_unchanged(shown, list_versions(store, shown[0].name))
    done: list[str] = []
    remaining = ""
    for version in shown:
        try:
            recorded = _delete_version(store, version)
        except ServiceError as error:
            if not done:
                raise
            return DeletedVersions(tuple(done), f"v{version.version} stays: {error.message}")
        done.append(version.version)
        remaining = recorded.unrecorded or remaining
    return DeletedVersions(tuple(done), remaining)


def _delete_version(store: Store, version: ModelVersion) -> Recorded[None]:
    name, number = version.name, version.version
    return change(
        store,
        RegistryEvent(name, EventKind.DELETED, number, before=shortened(_in_use([version]))),
        check=lambda present: _check_unchanged([version], present[1]),
        write=lambda mlflow_client: mlflow_client.delete_model_version(name, number),
    )


def _in_use(versions: Sequence[ModelVersion]) -> str:
    return "; ".join(uses_lines(versions, {}))


def _check_unchanged(shown: Sequence[ModelVersion], now: Sequence[ModelVersion]) -> None:
    present = {version.version: version for version in now}
    for version in shown:
        if difference := changed_since(version, present.get(version.version)):
            kind = Conflict if version.version in present else NotFound
            raise kind(difference, LOOK_AGAIN)
