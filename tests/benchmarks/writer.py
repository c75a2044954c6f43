"""A training loop that logs its loss: ``python -m tests.benchmarks.writer URI NAME``."""

import sys
import time

from mlflow import MlflowClient

PAUSE = 0.05
"""Seconds between two points, as of a loop that logs each batch."""

if __name__ == "__main__":
    mlflow_client = MlflowClient(sys.argv[1])
    run_id = mlflow_client.create_run("0", run_name=sys.argv[2]).info.run_id
    print("writing", flush=True)
    for step in range(10_000):
        mlflow_client.log_metric(run_id, "loss", 1 / (step + 1), step=step)
        time.sleep(PAUSE)
