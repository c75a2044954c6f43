"""Runs as JSON and CSV data."""

from typing import Any

from mlops_tui.cli.output import Cell
from mlops_tui.domain.moment import utc
from mlops_tui.domain.runs.run import Run

ATTRIBUTES = (
    "run_id",
    "name",
    "status",
    "experiment_id",
    "experiment",
    "started_at",
    "ended_at",
    "user",
)
"""The attributes of a run, in the order of CSV columns."""


def attributes(run: Run, experiment: str) -> dict[str, Cell]:
    """Return the attributes of a run, by ``ATTRIBUTES``."""
    values = (
        run.run_id,
        run.name,
        run.status.value,
        run.experiment_id,
        experiment,
        moment(run.started_at),
        moment(run.ended_at),
        run.user,
    )
    return dict(zip(ATTRIBUTES, values, strict=True))


def run_as_dict(run: Run, experiment: str) -> dict[str, Any]:
    """Return a run with its metrics, params and tags."""
    return {
        **attributes(run, experiment),
        "metrics": dict(run.metrics),
        "params": dict(run.params),
        "tags": dict(run.tags),
    }


def moment(ms: int | None) -> str | None:
    """Return a time in ISO 8601, in UTC."""
    if ms is None:
        return None
    found = utc(ms)
    return found.isoformat(timespec="milliseconds") if found else str(ms)
