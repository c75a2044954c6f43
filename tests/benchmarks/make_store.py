"""Makes a store with some runs: ``python -m tests.benchmarks.make_store URI NEWEST``."""

import sys

from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client, ensure, prepare_environment

RUNS = 40
"""More than a screen shows."""


def main(uri: str, newest: str) -> None:
    """Fill the default experiment."""
    prepare_environment()
    store = Store(uri)
    ensure(store)
    mlflow_client = client(store)
    for number in range(RUNS):
        name = newest if number == RUNS - 1 else f"run-{number:02}"
        run_id = mlflow_client.create_run("0", run_name=name).info.run_id
        for step in range(3):
            mlflow_client.log_metric(run_id, "accuracy", 0.5 + number / 100 + step / 100, step=step)
        mlflow_client.log_param(run_id, "max_depth", number % 7 + 2)
        mlflow_client.set_terminated(run_id)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
