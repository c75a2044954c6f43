"""The model registry."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.store import Store
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.models.mlflow_model import model_of, version_of
from mlops_tui.services.paging import every_page, token_text
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import registry_client

if TYPE_CHECKING:
    from mlflow import MlflowClient

PAGE = 1000
FIRST_PAGE = 100
"""Models that are read first, so that there are some to look at: MLflow's own page."""

PAGE_OF_CHANGES = 100


@dataclass(frozen=True, slots=True)
class ModelPage:
    """A page of registered models by name; ``next_token`` is empty on the last one."""

    models: tuple[RegisteredModel, ...]
    next_token: str = ""


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
def models_page(store: Store, token: str = "") -> ModelPage:
    """Return the first registered models by name, or those of a later page; no prompts."""
    mlflow_client = registry_client(store)
    if mlflow_client is None:
        return ModelPage(())
    with gc_paused():
        found = mlflow_client.search_registered_models(
            max_results=PAGE if token else FIRST_PAGE, page_token=token or None
        )
        return ModelPage(tuple(map(model_of, found)), token_text(found))


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


def list_versions(store: Store, name: str) -> tuple[ModelVersion, ...]:
    """Return the versions of a model, newest first."""
    return versions_with_tags(store, name)[0]


@translated()
def versions_with_tags(
    store: Store, name: str
) -> tuple[tuple[ModelVersion, ...], Mapping[str, str]]:
    """Return the versions of a model, newest first, with the tags of the model."""
    mlflow_client = registry_client(store)
    if mlflow_client is None:
        return (), {}
    model, versions = read_model(mlflow_client, name)
    return versions, model.tags


@translated()
def read_model(
    mlflow_client: "MlflowClient", name: str
) -> tuple[RegisteredModel, tuple[ModelVersion, ...]]:
    """Return a model with its versions, newest first."""
    model = mlflow_client.get_registered_model(name)
    found = every_page(
        lambda token: mlflow_client.search_model_versions(
            _name_filter(name), max_results=PAGE, page_token=token
        )
    )
    # A search for versions leaves their aliases out.
    versions = [version_of(one, model.aliases) for one in found if one.name == name]
    versions.sort(key=lambda one: int(one.version), reverse=True)
    return model_of(model), tuple(versions)


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


def _name_filter(name: str) -> str:
    """Return the filter for a name; MLflow's language cannot quote one with both quotes in it."""
    for quote in ("'", '"'):
        if quote not in name:
            return f"name = {quote}{name}{quote}"
    return ""
