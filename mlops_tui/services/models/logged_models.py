"""The models that a run logged."""

import json
import re
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.model_metric import ModelMetric
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifact_file import read_head
from mlops_tui.services.metrics.metric_value import restored
from mlops_tui.services.store import store as stores
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

HISTORY_TAG = "mlflow.log-model.history"
"""Where MLflow 2 noted the models that it put among the artifacts of a run."""

MOST_COPIES = 5
"""Copies of copies that are followed."""

MLMODEL_LIMIT = 65536

FLAVORS_READ = 10
"""Of so many models the flavors are read, each from a file; a sweep may log hundreds in a run."""


def models_of_run(client: "MlflowClient", run: "entities.Run") -> tuple[LoggedModel, ...]:
    """Return the models logged the MLflow 3 way, then those kept as artifacts of the run."""
    outputs = run.outputs.model_outputs if run.outputs else []
    ids = list(dict.fromkeys(output.model_id for output in outputs))
    logged = [
        _logged_model(client, model_id, with_flavors=number < FLAVORS_READ)
        for number, model_id in enumerate(ids)
    ]
    known = {model.name for model in logged}
    old = [model for model in _from_history(run) if model.name not in known]
    return (*logged, *old)


@translated()
def version_metrics(store: Store, version: ModelVersion) -> tuple[ModelMetric, ...]:
    """Return what was measured of the logged model that a version was made from.

    A version that was copied names the one that it is a copy of.
    """
    mlflow_client = stores.client(store)
    model_id = logged_model_id(mlflow_client, version)
    return _metrics(mlflow_client.get_logged_model(model_id)) if model_id else ()


def logged_model_id(client: "MlflowClient", version: ModelVersion) -> str:
    """Return the id of the logged model that a version was made from; empty where there is none."""
    source = version.source
    for _ in range(MOST_COPIES):
        if not (copied := re.fullmatch(r"models:/([^/]+)/(\d+)", source)):
            break
        source = str(client.get_model_version(copied[1], copied[2]).source)
    logged = re.search(r"\b(m-[0-9a-f]{32})\b", source)
    return logged[1] if logged else ""


def flavors_of(mlmodel: str) -> tuple[str, ...]:
    """Return the flavors that an ``MLmodel`` file names, ``python_function`` left out.

    The file is YAML as MLflow writes it; only the names one step below ``flavors:`` are wanted.
    """
    block = re.search(r"^flavors:\n((?:[ \t].*\n?)*)", mlmodel, re.MULTILINE)
    names = re.findall(r"^ {2}(\w+):", block[1], re.MULTILINE) if block else []
    return tuple(name for name in names if name != "python_function")


def _logged_model(client: "MlflowClient", model_id: str, *, with_flavors: bool) -> LoggedModel:
    found = client.get_logged_model(model_id)
    return LoggedModel(
        name=found.name or "",
        uri=f"models:/{model_id}",
        model_id=model_id,
        status=str(found.status.value),
        flavors=_flavors(client, found.artifact_location) if with_flavors else (),
        metrics=_metrics(found),
    )


def _metrics(found: "entities.LoggedModel") -> tuple[ModelMetric, ...]:
    """Return the last value of each metric on each data set."""
    points = sorted(found.metrics or [], key=lambda point: (point.step, point.timestamp))
    last = {(point.key, point.dataset_name, point.dataset_digest): point for point in points}
    return tuple(
        ModelMetric(key, restored(point.value), dataset or "", digest or "")
        for (key, dataset, digest), point in last.items()
    )


def _flavors(client: "MlflowClient", location: str) -> tuple[str, ...]:
    """Return the flavors of a model, none where its files are gone or out of reach."""
    try:
        with translated():
            head, _size = read_head(client, location, "MLmodel", MLMODEL_LIMIT)
    except ServiceError:
        return ()
    return flavors_of(head.decode(errors="replace"))


def _from_history(run: "entities.Run") -> list[LoggedModel]:
    try:
        entries = json.loads(run.data.tags.get(HISTORY_TAG, "[]"))
        return [
            LoggedModel(
                name=str(entry["artifact_path"]),
                uri=f"runs:/{run.info.run_id}/{entry['artifact_path']}",
                model_id="",
                status="READY",
                flavors=tuple(name for name in entry["flavors"] if name != "python_function"),
            )
            for entry in entries
        ]
    except (ValueError, LookupError, TypeError):
        # Anybody may have written into the tag.
        return []
