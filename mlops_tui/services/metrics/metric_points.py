"""The points of a metric, as many as a store gives."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.mlflow_internals import (
    SAMPLING_ENDPOINT,
    ask_server,
    sampler_of,
    sessions_of,
    tables,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient

Point = tuple[int, int, float]
"""Step, timestamp, value."""

Steps = tuple[int, int]
"""The first with the last."""

SAMPLE = 2500
"""The most points per run that an MLflow server samples. A history up to here is complete, so that
its reduction keeps every spike; a longer one is sampled by the store first."""

LAST_STEP = 2**63 - 1
"""The greatest step that a database holds."""

LAST_STEP_ASKED = 2**31 - 1
"""The greatest step that the endpoint takes as a limit."""


def sampled(
    store: Store,
    mlflow_client: "MlflowClient",
    run_ids: Sequence[str],
    key: str,
    steps: Steps | None = None,
) -> dict[str, list[Point]] | None:
    """Return at most ``SAMPLE`` points of each run, None where the store cannot sample.

    MLflow's client has no call for it: its web page asks the endpoint, the server the SQL store.
    """
    if is_http(store.tracking_uri):
        return _sampled_by_server(mlflow_client, run_ids, key, steps)
    sample = sampler_of(mlflow_client)
    if sample is None:
        return None
    first, last = steps or (None, None)
    points: dict[str, list[Point]] = {run_id: [] for run_id in run_ids}
    for found in sample(list(run_ids), key, max_results=SAMPLE, start_step=first, end_step=last):
        points[found.run_id].append((found.step, found.timestamp, found.value))
    return points


def every(
    mlflow_client: "MlflowClient", run_id: str, key: str, steps: Steps | None = None
) -> list[Point]:
    """Return all points: slow where they are many."""
    first, last = steps or (None, None)
    return [
        (point.step, point.timestamp, point.value)
        for point in mlflow_client.get_metric_history(run_id, key)
        if (first is None or point.step >= first) and (last is None or point.step <= last)
    ]


def count(
    mlflow_client: "MlflowClient", run_id: str, key: str, steps: Steps | None = None
) -> int | None:
    """Return how many points there are, None where only reading them all would tell."""
    sessions = sessions_of(mlflow_client)
    if sessions is None:
        return None
    from sqlalchemy import func, select

    points = tables().metrics
    wanted = select(func.count()).where(points.run_uuid == run_id, points.key == key)
    if steps:
        wanted = wanted.where(points.step.between(*steps))
    with sessions() as session:
        return int(session.execute(wanted).scalar_one())


def _sampled_by_server(
    mlflow_client: "MlflowClient", run_ids: Sequence[str], key: str, steps: Steps | None
) -> dict[str, list[Point]] | None:
    asked: dict[str, Any] = {"run_ids": list(run_ids), "metric_key": key, "max_results": SAMPLE}
    if steps:
        first, last = max(steps[0], -LAST_STEP_ASKED), min(steps[1], LAST_STEP_ASKED)
        asked |= {"start_step": first, "end_step": last}
    answer = ask_server(mlflow_client, SAMPLING_ENDPOINT, asked)
    if answer is None or not answer.ok:
        return None
    points: dict[str, list[Point]] = {run_id: [] for run_id in run_ids}
    for found in answer.json().get("metrics", []):
        point = (int(found.get("step", 0)), int(found["timestamp"]), float(found["value"]))
        points[found["run_id"]].append(point)
    return points
