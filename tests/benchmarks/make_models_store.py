"""Makes a registry: ``python -m tests.benchmarks.make_models_store URI MODELS VERSIONS``.

MLflow makes the tables; their rows are inserted past its client, which would take hours.
"""

import sys
from collections.abc import Mapping
from itertools import islice
from typing import Any

from mlops_tui.domain.store import Store
from mlops_tui.services.mlflow_internals import sessions_of
from mlops_tui.services.store.store import client, ensure, prepare_environment

START = 1_700_000_000_000
RUNS = 100
"""Runs with a metric, from which the versions came."""

BATCH = 20_000
Row = Mapping[str, Any]


def main(uri: str, models: int, versions: int) -> None:
    """Register models with versions of the runs of one experiment, the tenth one in Production."""
    from mlflow.store.model_registry.dbmodels import models as tables

    prepare_environment()
    store = Store(uri)
    ensure(store)
    mlflow = client(store)
    runs = [_run(mlflow, number) for number in range(RUNS)]
    with sessions_of(mlflow)() as session:
        for table, rows in (
            (tables.SqlRegisteredModel, (_model(m) for m in range(models))),
            (
                tables.SqlModelVersion,
                (_version(m, v, versions, runs) for m in range(models) for v in range(versions)),
            ),
            (tables.SqlRegisteredModelAlias, (_alias(m, versions) for m in range(models))),
        ):
            columns = {column.name for column in table.__table__.columns}
            place = {"workspace": "default"} if "workspace" in columns else {}
            while batch := [{**place, **row} for row in islice(rows, BATCH)]:
                session.execute(table.__table__.insert(), batch)


def name_of(number: int) -> str:
    """Return the name of a model."""
    return f"model-{number:04}"


def _run(mlflow: Any, number: int) -> str:
    run = mlflow.create_run("0", run_name=f"run-{number}")
    mlflow.log_metric(run.info.run_id, "val_accuracy", number / RUNS)
    mlflow.set_terminated(run.info.run_id)
    return str(run.info.run_id)


def _model(number: int) -> Row:
    moment = START + number
    return {"name": name_of(number), "creation_time": moment, "last_updated_time": moment}


def _version(model: int, version: int, versions: int, runs: list[str]) -> Row:
    moment = START + model
    return {
        "name": name_of(model),
        "version": version + 1,
        "creation_time": moment,
        "last_updated_time": moment,
        "current_stage": "Production" if version + 1 == versions else "None",
        "source": "s3://bucket/model",
        "run_id": runs[(model + version) % RUNS],
        "status": "READY",
    }


def _alias(model: int, versions: int) -> Row:
    return {"name": name_of(model), "alias": "champion", "version": versions}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
