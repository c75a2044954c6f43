"""The history of registered models: one small run in an experiment of its own for each change.

A run outlives what it tells of. MLflow's own records of a version are gone with the version.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from getpass import getuser
from time import time
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.experiments.experiment import HISTORY
from mlops_tui.domain.models.registry_event import RegistryEvent
from mlops_tui.domain.models.registry_state import ModelState, state_from
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.runs.run_filter.spelling import like
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.models.event_runs import (
    CHANGED,
    CREATED,
    MODEL,
    STATE,
    event_of,
    event_tags,
    is_look,
    run_name,
)
from mlops_tui.services.store import own_experiments
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.server_login import login_name
from mlops_tui.services.store.store import client, ensure, exists, registry_client

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

PAGE = 1_000
"""Changes of a model that are told: the newest."""


@translated()
def record(store: Store, *events: RegistryEvent) -> None:
    """Add changes to the history of their models: those that change neither stage nor alias."""
    ensure(store)
    mlflow_client = client(store)
    keys = [created(mlflow_client.get_registered_model(event.model)) for event in events]
    experiment = begin(store, mlflow_client)
    for event, key in zip(events, keys, strict=True):
        add(mlflow_client, experiment, event_tags(event, key, who(store)), event, now())


@translated()
def events(store: Store, model: str) -> tuple[RegistryEvent, ...]:
    """Return the newest changes of a model, newest first; also of one that was deleted."""
    return tuple(event for event, _state in with_states(store, model))


@translated()
def with_states(store: Store, model: str) -> list[tuple[RegistryEvent, ModelState | None]]:
    """Return the same, each with what the model was like afterwards where that was recorded."""
    if not exists(store):
        return []
    mlflow_client = client(store)
    experiment = find(mlflow_client)
    if experiment is None:
        return []
    key = _key_of(store, model)
    with gc_paused():
        runs = mlflow_client.search_runs([experiment], _filter(key, model), max_results=PAGE)
        found = [
            (event_of(run), state_from(run.data.tags.get(STATE, "")))
            for run in runs
            if run.info.status != RunStatus.KILLED and not is_look(run)
        ]
    found.sort(key=lambda pair: -pair[0].at)
    others = _other_models(store, key, {event.model for event, _ in found} - {model})
    return [pair for pair in found if pair[0].model not in others and (key or _is_of(pair, model))]


def newest_state(
    mlflow_client: "MlflowClient", experiment: str, key: str
) -> tuple[ModelState, int] | None:
    """Return what a model was like after its newest recorded change, and when that was."""
    (run,) = mlflow_client.search_runs(
        [experiment],
        f"tags.`{CHANGED}` = '{key}'",
        max_results=1,
        order_by=["attributes.end_time DESC"],
    ) or (None,)
    state = state_from(run.data.tags.get(STATE, "")) if run else None
    return (state, run.info.end_time or run.info.start_time) if run and state else None


def find(mlflow_client: "MlflowClient") -> str | None:
    """Return the experiment of the history, None where nothing was ever recorded.

    Raises ``Conflict`` when somebody has deleted it.
    """
    return own_experiments.find(mlflow_client, HISTORY)


def begin(store: Store, mlflow_client: "MlflowClient") -> str:
    """Return the experiment of the history; create it where there is none."""
    return own_experiments.begin(store, mlflow_client, HISTORY)


def add(
    mlflow_client: "MlflowClient",
    experiment: str,
    tags: Mapping[str, str],
    event: RegistryEvent,
    at: int,
) -> None:
    """Write a change that was made."""
    made = mlflow_client.create_run(experiment, at, dict(tags), run_name(event))
    mlflow_client.set_terminated(made.info.run_id, RunStatus.FINISHED, at)


def created(model: "entities.model_registry.RegisteredModel") -> str:
    """Return what stays the same of a model that is renamed: when it was made."""
    return str(model.creation_timestamp or 0)


def who(store: Store) -> str:
    """Return who we are: the name that the server was told, else that of this machine."""
    name = login_name() if is_http(store.tracking_uri) else ""
    with suppress(OSError, KeyError, ImportError):
        return name if name and " " not in name else getuser()
    return "unknown"


def now() -> int:
    """Return the time in ms since the epoch."""
    return round(time() * 1000)


def _key_of(store: Store, model: str) -> str:
    """Return when a model was made, empty where it is gone."""
    mlflow_client = registry_client(store)
    try:
        with translated():
            return created(mlflow_client.get_registered_model(model)) if mlflow_client else ""
    except NotFound:
        return ""


def _filter(key: str, model: str) -> str:
    """Return MLflow's filter for the changes of a model; of one that is gone, by its last name."""
    if key:
        return f"tags.`{CREATED}` = '{key}'"
    return f"tags.`{MODEL}` LIKE '{like(model)}'"


def _is_of(pair: tuple[RegistryEvent, ModelState | None], model: str) -> bool:
    return pair[0].model == model


def _other_models(store: Store, key: str, names: Iterable[str]) -> frozenset[str]:
    """Return which of the names belong to another model, made in the same millisecond."""
    return frozenset(name for name in names if key and _key_of(store, name) == key)
