"""Runs to be filtered."""

from typing import Any

from mlops_tui.domain.runs.run import Run, RunStatus

NOW = 1_800_000_000
"""Seconds since the epoch."""


def make(**changes: Any) -> Run:
    """Return a run, begun an hour ago, that took a minute."""
    values: dict[str, Any] = {
        "run_id": "abc123",
        "experiment_id": "1",
        "name": "forest_1",
        "status": RunStatus.FINISHED,
        "started_at": (NOW - 3_600) * 1_000,
        "ended_at": (NOW - 3_540) * 1_000,
        "metrics": {"accuracy": 0.905, "val loss": 2.0},
        "params": {"optimizer": "Adam", "lr": "0.001", "hidden": "[64, 32]", "path": "/data/a"},
        "tags": {"team": "vision", "mlflow.source.name": "train.py"},
        "user": "ada",
    }
    return Run(**(values | changes))
