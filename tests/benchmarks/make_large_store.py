"""Makes a large store: ``python -m tests.benchmarks.make_large_store URI NEWEST RUNS``.

MLflow makes the tables; their rows are inserted past its client, which would take hours.
"""

import math
import random
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from mlops_tui.domain.store import Store
from mlops_tui.services.mlflow_internals import sessions_of
from mlops_tui.services.store.store import client, ensure, prepare_environment

START = 1_700_000_000_000
METRICS = ("accuracy", "f1", "loss", "val_accuracy", "val_loss")
PARAMS = ("batch_size", "depth", "dropout", "epochs", "lr", "model", "optimizer", "seed")
RARE_KEYS = 12_000
"""Metrics of which each is logged by one run."""

RARE_PER_RUN = 12
POINTS = 1_000_000
"""Of the metric ``signal`` of the newest run."""

BATCH = 20_000
Row = Mapping[str, Any]


def main(uri: str, newest: str, runs: int) -> None:
    """Fill the default experiment; the newest run has the long metric."""
    from mlflow.store.tracking.dbmodels import models as tables

    prepare_environment()
    store = Store(uri)
    ensure(store)
    sessions = sessions_of(client(store))
    folder = str(client(store).get_experiment("0").artifact_location)
    last = _run_id(runs - 1)
    with sessions() as session:
        for table, rows in (
            (tables.SqlRun, (_run(number, runs, newest, folder) for number in range(runs))),
            (tables.SqlTag, (_tag(number, runs, newest) for number in range(runs))),
            (tables.SqlParam, (row for number in range(runs) for row in _params(number))),
            (tables.SqlMetric, (row for number in range(runs) for row in _metrics(number))),
            (tables.SqlLatestMetric, (row for n in range(runs) for row in _metrics(n))),
            (tables.SqlMetric, (_point(last, step) for step in range(POINTS))),
            (tables.SqlLatestMetric, iter([_point(last, POINTS - 1)])),
        ):
            while batch := list(islice(rows, BATCH)):
                session.execute(table.__table__.insert(), batch)


def _run_id(number: int) -> str:
    return f"{number:032x}"


def _name(number: int, runs: int, newest: str) -> str:
    return newest if number == runs - 1 else f"run-{number:06}"


def _run(number: int, runs: int, newest: str, folder: str) -> Row:
    run_id, started = _run_id(number), START + number * 1_000
    return {
        "run_uuid": run_id,
        "name": _name(number, runs, newest),
        "source_type": "LOCAL",
        "source_name": "train.py",
        "entry_point_name": "",
        "user_id": "trainer",
        "status": "FAILED" if number % 7 == 0 else "FINISHED",
        "start_time": started,
        "end_time": started + 900 * (number % 40 + 1),
        "deleted_time": None,
        "source_version": "",
        "lifecycle_stage": "active",
        "artifact_uri": f"{folder}/{run_id}/artifacts",
        "experiment_id": 0,
    }


def _tag(number: int, runs: int, newest: str) -> Row:
    name = _name(number, runs, newest)
    return {"key": "mlflow.runName", "value": name, "run_uuid": _run_id(number)}


def _params(number: int) -> Iterator[Row]:
    dice = random.Random(number)  # noqa: S311 - data to look at
    for key in PARAMS:
        yield {"key": key, "value": str(dice.randrange(40)), "run_uuid": _run_id(number)}


def _metrics(number: int) -> Iterator[Row]:
    dice = random.Random(-number)  # noqa: S311 - data to look at
    first = number * RARE_PER_RUN
    rare = range(first, min(first + RARE_PER_RUN, RARE_KEYS))
    for key in (*METRICS, *(f"layer/{each:05}/norm" for each in rare)):
        yield _value(_run_id(number), key, dice.random(), 0)


def _point(run_id: str, step: int) -> Row:
    return _value(run_id, "signal", math.sin(step / 40_000) + step % 97 / 500, step)


def _value(run_id: str, key: str, value: float, step: int) -> Row:
    return {
        "key": key,
        "value": value,
        "timestamp": START + step,
        "step": step,
        "is_nan": False,
        "run_uuid": run_id,
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
