"""The points of a metric, as many as a store gives."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.store import Store, is_http

if TYPE_CHECKING:
    from mlflow import MlflowClient

Point = tuple[int, int, float]
"""Step, timestamp, value."""

Steps = tuple[int, int]
"""The first with the last."""

SAMPLE = 2500
"""The most points per run that an MLflow server samples. A history up to here is complete, so that
its reduction keeps every spike; a longer one is sampled by the store first."""

ENDPOINT = "/api/2.0/mlflow/metrics/get-history-bulk-interval"
SAMPLING = "get_metric_history_bulk_interval"

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
    sample = getattr(_backend(mlflow_client), SAMPLING, None)
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
    from mlflow.store.tracking.dbmodels.models import SqlMetric

    sessions = sessions_of(mlflow_client)
    if sessions is None:
        return None
    with sessions() as session:
        found = session.query(SqlMetric).filter_by(run_uuid=run_id, key=key)
        if steps:
            found = found.filter(SqlMetric.step.between(*steps))
        return int(found.count())


def sessions_of(mlflow_client: "MlflowClient") -> Any:
    """Return what opens a session on the SQL store, None where the store is another."""
    return getattr(_backend(mlflow_client), "ManagedSessionMaker", None)


def _sampled_by_server(
    mlflow_client: "MlflowClient", run_ids: Sequence[str], key: str, steps: Steps | None
) -> dict[str, list[Point]] | None:
    from mlflow.utils.rest_utils import http_request

    asked: dict[str, Any] = {"run_ids": list(run_ids), "metric_key": key, "max_results": SAMPLE}
    if steps:
        first, last = max(steps[0], -LAST_STEP_ASKED), min(steps[1], LAST_STEP_ASKED)
        asked |= {"start_step": first, "end_step": last}
    answer = http_request(  # type: ignore[no-untyped-call]
        _backend(mlflow_client).get_host_creds(), ENDPOINT, "GET", params=asked
    )
    if not answer.ok:
        return None
    points: dict[str, list[Point]] = {run_id: [] for run_id in run_ids}
    for found in answer.json().get("metrics", []):
        point = (int(found.get("step", 0)), int(found["timestamp"]), float(found["value"]))
        points[found["run_id"]].append(point)
    return points


def _backend(mlflow_client: "MlflowClient") -> Any:
    return mlflow_client._tracking_client.store  # noqa: SLF001 - no public way leads to sampling
