"""Runs with their models, made on a real store for a test."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import uuid4

from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.store import store as stores
from tests.unmeasured import unmeasured

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

COLUMNS = ("width", "length")


def unique(name: str) -> str:
    """Return a name that no other test uses: a server is shared by all of them.

    Its end is never a number, which would be looked for as that of a version, too.
    """
    return f"{name}-u{uuid4().hex[:7]}"


def make_experiment(store: Store, name: str = "") -> str:
    """Create an experiment (and the store, where it is missing), return its id."""
    stores.ensure(store)
    return stores.client(store).create_experiment(name or unique("experiment"))


@unmeasured
def make_run(
    store: Store,
    experiment_id: str = "",
    *,
    name: str = "RandomForest_Run_1",
    params: Mapping[str, object] | None = None,
    metrics: Mapping[str, float | Sequence[float]] | None = None,
    tags: Mapping[str, str] | None = None,
    status: str = "FINISHED",
) -> str:
    """Create a run, return its id; a metric given as a sequence gets one point per step."""
    from mlflow.entities import Metric, Param

    experiment_id = experiment_id or make_experiment(store)
    client = stores.client(store)
    made = client.create_run(experiment_id, run_name=name, tags=dict(tags or {}))
    run_id = str(made.info.run_id)
    points = [
        Metric(key, float(value), 1_700_000_000_000 + step, step)
        for key, values in (metrics or {}).items()
        for step, value in enumerate([values] if isinstance(values, int | float) else values)
    ]
    client.log_batch(
        run_id, points, [Param(key, str(value)) for key, value in (params or {}).items()]
    )
    if status != "RUNNING":
        client.set_terminated(run_id, status)
    return run_id


@unmeasured
def erase_run(store: Store, run_id: str) -> None:
    """Remove a run from a SQLite store, as ``mlflow gc`` does."""
    assert store.sqlite_path
    with closing(sqlite3.connect(store.sqlite_path)) as connection, connection:
        for table in ("latest_metrics", "metrics", "params", "tags", "runs"):
            connection.execute(f"DELETE FROM {table} WHERE run_uuid = ?", (run_id,))  # noqa: S608 - names from above


def log_model(
    store: Store,
    run_id: str,
    *,
    name: str = "random_forest_model",
    signature: bool = True,
    requirements: Sequence[str] = ("scikit-learn",),
) -> LoggedModel:
    """Log a small scikit-learn model to a run the MLflow 3 way."""
    import mlflow
    from mlflow.models import infer_signature
    from pandas import DataFrame

    rows = DataFrame([[0.0, 1.0], [2.0, 3.0]], columns=list(COLUMNS))
    stores.client(store)
    with mlflow.start_run(run_id=run_id):
        made = mlflow.sklearn.log_model(
            estimator(),
            name=name,
            # Spelled out, because finding them takes seconds.
            pip_requirements=list(requirements),
            signature=infer_signature(rows, estimator().predict(rows)) if signature else None,
            input_example=rows if signature else None,
        )
    return LoggedModel(name, made.model_uri, made.model_id, "READY", ("sklearn",))


def give_dataset(
    store: Store,
    run_id: str,
    name: str,
    digest: str,
    *,
    context: str = "training",
    source: str = '{"uri": "/data/iris.csv"}',
    schema: str = "",
    profile: str = "",
) -> None:
    """Note that a run was given a data set."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    made = Dataset(name, digest, "local", source, schema or None, profile or None)
    tags = [InputTag("mlflow.data.context", context)] if context else []
    stores.client(store).log_inputs(run_id, [DatasetInput(made, tags)])


@lru_cache(maxsize=1)
def estimator() -> "LogisticRegression":
    """Return a fitted estimator of two columns."""
    from pandas import DataFrame
    from sklearn.linear_model import LogisticRegression

    rows = DataFrame([[0.0, 1.0], [1.0, 0.0], [2.0, 3.0], [3.0, 2.0]], columns=list(COLUMNS))
    return LogisticRegression().fit(rows, [0, 0, 1, 1])
