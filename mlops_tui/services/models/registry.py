"""The model registry."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.models.alias import alias_problem
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.model_name import model_name_problem
from mlops_tui.domain.models.transition import Transition
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import stages
from mlops_tui.services.models.mlflow_model import model_of, version_of
from mlops_tui.services.paging import every_page
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure, registry_client
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow import MlflowClient

PAGE = 1000
PAGE_OF_CHANGES = 100


@translated()
def list_models(store: Store) -> tuple[RegisteredModel, ...]:
    """Return all registered models by name, prompts left out."""
    mlflow_client = registry_client(store)
    if mlflow_client is None:
        return ()
    found = every_page(
        lambda token: mlflow_client.search_registered_models(max_results=PAGE, page_token=token)
    )
    return tuple(map(model_of, found))


@translated()
def models_changed(store: Store, since: int) -> tuple[RegisteredModel, ...]:
    """Return the models that were changed after ``since`` (ms), the latest first.

    It costs one model where there are none. MLflow dates no change of an alias or a tag, and tells
    nothing of a deleted model: what is listed is to be listed anew from time to time.
    """
    mlflow_client = registry_client(store)
    if mlflow_client is None:
        return ()
    latest_first = ["last_updated_timestamp DESC"]
    found = every_page(
        lambda token: mlflow_client.search_registered_models(
            max_results=PAGE_OF_CHANGES if token else 1, order_by=latest_first, page_token=token
        )
    )
    return tuple(takewhile(lambda model: (model.updated_at or 0) > since, map(model_of, found)))


@translated()
def list_versions(store: Store, name: str) -> tuple[ModelVersion, ...]:
    """Return the versions of a model, newest first."""
    mlflow_client = registry_client(store)
    if mlflow_client is None:
        return ()
    # A search for versions leaves their aliases out.
    aliases = mlflow_client.get_registered_model(name).aliases
    found = every_page(
        lambda token: mlflow_client.search_model_versions(
            _name_filter(name), max_results=PAGE, page_token=token
        )
    )
    versions = [version_of(one, aliases) for one in found if one.name == name]
    return tuple(sorted(versions, key=lambda one: int(one.version), reverse=True))


@translated()
def versions_now(
    store: Store, wanted: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], ModelVersion | None]:
    """Return versions by model and number as they are now, None for those that are gone."""
    mlflow_client = registry_client(store)
    found: dict[tuple[str, str], ModelVersion | None] = dict.fromkeys(wanted)
    for name, number in found if mlflow_client else ():
        with suppress(NotFound), translated():
            # The version itself knows its aliases, which a search leaves out.
            one = mlflow_client.get_model_version(name, number)  # type: ignore[union-attr]
            found[name, number] = version_of(one, dict.fromkeys(one.aliases, number))
    return found


@may_take(LONG)
@translated()
def register(
    store: Store,
    *,
    name: str,
    model: LoggedModel,
    run_id: str,
    description: str = "",
    tags: Mapping[str, str] | None = None,
) -> ModelVersion:
    """Make a new version of a registered model, which is created if there is none of that name.

    Either both come to be or neither: a model created for a version that fails goes again.
    """
    problem = model_name_problem(name)
    if problem:
        raise InvalidInput(problem)
    mlflow_client = _writer(store)
    is_new = _create_model(mlflow_client, name)
    try:
        with translated():
            made = mlflow_client.create_model_version(
                name,
                _source(mlflow_client, model),
                run_id=run_id or None,
                tags=dict(tags or {}),
                description=description or None,
                await_creation_for=0,
                model_id=model.model_id or None,
            )
    except ServiceError:
        if is_new:
            with suppress(ServiceError), translated():
                mlflow_client.delete_registered_model(name)
        raise
    return version_of(made, {})


def move(store: Store, transition: Transition) -> tuple[ModelVersion, ...]:
    """Move versions from stage to stage, return all versions of the model as they are then.

    Raises ``Conflict`` before anything is written when a version is no longer where it was.
    """
    stages.check_unmoved(transition, list_versions(store, transition.model))
    stages.apply(store, transition)
    return list_versions(store, transition.model)


@translated()
def set_alias(store: Store, name: str, alias: str, version: str) -> None:
    """Point an alias at a version, away from the one it pointed at."""
    problem = alias_problem(alias)
    if problem:
        raise InvalidInput(problem)
    _writer(store).set_registered_model_alias(name, alias, version)


@translated()
def delete_alias(store: Store, name: str, alias: str) -> None:
    """Remove an alias; one that is not there is no failure."""
    _writer(store).delete_registered_model_alias(name, alias)


@translated()
def describe_version(store: Store, name: str, version: str, text: str) -> None:
    """Replace the description of a version."""
    _writer(store).update_model_version(name, version, text)


@translated()
def describe_model(store: Store, name: str, text: str) -> None:
    """Replace the description of a registered model."""
    _writer(store).update_registered_model(name, text)


@translated()
def set_version_tags(
    store: Store, name: str, version: str, changed: Mapping[str, str], removed: Sequence[str]
) -> None:
    """Set some tags of a version, remove others."""
    mlflow_client = _writer(store)
    for key, value in changed.items():
        mlflow_client.set_model_version_tag(name, version, key, value)
    for key in removed:
        mlflow_client.delete_model_version_tag(name, version, key)


def _writer(store: Store) -> "MlflowClient":
    ensure(store)
    return client(store)


def _create_model(mlflow_client: "MlflowClient", name: str) -> bool:
    """Create the registered model unless it is there; return whether it was created."""
    try:
        with translated():
            mlflow_client.create_registered_model(name)
    except Conflict:
        # Taken by a model, which is fine, or by a prompt, which is found under no model's name.
        try:
            with translated():
                mlflow_client.get_registered_model(name)
        except NotFound:
            raise Conflict(
                f"The name {name!r} is taken by a prompt.", "Choose another name."
            ) from None
        return False
    return True


def _source(mlflow_client: "MlflowClient", model: LoggedModel) -> str:
    """Return where the model lies; a server refuses ``runs:/`` where it wants the very folder."""
    if not model.uri.startswith("runs:/"):
        return model.uri
    run_id, _, path = model.uri.removeprefix("runs:/").partition("/")
    return f"{mlflow_client.get_run(run_id).info.artifact_uri}/{path}"


def _name_filter(name: str) -> str:
    """Return the filter for a name; MLflow's language cannot quote one with both quotes in it."""
    for quote in ("'", '"'):
        if quote not in name:
            return f"name = {quote}{name}{quote}"
    return ""
