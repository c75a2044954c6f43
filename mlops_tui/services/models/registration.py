"""Registering a model as a new version."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.model_name import model_name_problem
from mlops_tui.domain.models.registry_event import (
    EventKind,
    Recorded,
    RegistryEvent,
    shortened,
)
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models.mlflow_model import version_of
from mlops_tui.services.models.model_edits import delete_model
from mlops_tui.services.models.recorded_change import change
from mlops_tui.services.models.recorder import Present
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow import MlflowClient


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
) -> Recorded[ModelVersion]:
    """Make a new version of a registered model, which is created if there is none of that name.

    Either both come to be or neither: a model created for a version that fails goes again.
    """
    if problem := model_name_problem(name):
        raise InvalidInput(problem)
    ensure(store)
    is_new = _create_model(client(store), name)
    event = RegistryEvent(name, EventKind.REGISTERED, after=shortened(run_id or model.uri))

    def write(mlflow_client: "MlflowClient") -> ModelVersion:
        made = mlflow_client.create_model_version(
            name,
            _source(mlflow_client, model),
            run_id=run_id or None,
            tags=dict(tags or {}),
            description=description or None,
            await_creation_for=0,
            model_id=model.model_id or None,
        )
        return version_of(made, {})

    try:
        return change(
            store,
            event,
            check=_anything,
            write=write,
            describe=lambda made: replace(event, version=made.version),
        )
    except ServiceError:
        if is_new:
            with suppress(ServiceError):
                delete_model(store, name, ())  # unless somebody has registered a version meanwhile
        raise


def _anything(_present: Present) -> None:
    """Nothing was shown that could have changed."""


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
