"""The environment and the working directory of a detached process."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.store import Store, absolute_uri

KEPT = "MLFLOW_DISABLE_TELEMETRY"
"""Of what quiets MLflow in our own process, a job keeps this: nothing we start phones home."""
STORE = {
    "MLFLOW_TRACKING_URI": "tracking_uri",
    "MLFLOW_REGISTRY_URI": "registry_uri",
    "MLOPS_TUI_STORE_SSH": "ssh",
    "MLOPS_TUI_STORE_ADDRESS": "far_uri",
}
"""The variables that tell a child its store, with the fields that they hold."""
OURS = (
    *STORE,
    "MLFLOW_RUN_ID",
    "MLFLOW_EXPERIMENT_ID",
    "MLFLOW_EXPERIMENT_NAME",
    "MLFLOW_ACTIVE_MODEL_ID",
)
"""The store is given to each child; a run around the app is not the job's."""


def inherited() -> dict[str, str]:
    """Return our environment as it was before we quieted MLflow, without what is our own."""
    from mlops_tui.services.store.store import QUIET_ENVIRONMENT

    return {
        name: value
        for name, value in os.environ.items()
        if name == KEPT or (QUIET_ENVIRONMENT.get(name) != value and name not in OURS)
    }


def child_variables(store: Store, python: Path) -> dict[str, str]:
    """Return the variables set for every child.

    The folder of ``python`` comes first on the path: ``mlflow models serve`` looks for uvicorn.
    """
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    quiet = {"PYTHONUNBUFFERED": "1", "GIT_PYTHON_REFRESH": "quiet"}
    return {**store_variables(store), **quiet, "PATH": path}


def store_variables(store: Store) -> dict[str, str]:
    """Return the variables that make MLflow use the store, wherever the process runs."""
    store = absolute(store)
    values = {name: str(getattr(store, field)) for name, field in STORE.items()}
    return {name: value for name, value in values.items() if value}


def store_of(environ: Mapping[str, str]) -> Store:
    """Return the store of a child from its environment, where passwords may stay."""
    return Store(**{field: environ.get(name, "") for name, field in STORE.items()})


def working_directory(store: Store) -> Path:
    """Return the folder where MLflow itself puts artifacts beside an SQLite file, else ours."""
    path = store.sqlite_path
    return path.absolute().parent if path else Path.cwd()


def absolute(store: Store) -> Store:
    """Return the store by addresses that mean the same in every folder."""
    return replace(
        store,
        tracking_uri=absolute_uri(store.tracking_uri),
        registry_uri=absolute_uri(store.registry_uri),
    )
