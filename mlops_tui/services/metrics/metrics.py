"""The histories of metrics."""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

from mlops_tui.domain.metrics.metric import HistoryRequest, MetricHistory, reduce_min_max
from mlops_tui.domain.store import Store
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.metrics import metric_points
from mlops_tui.services.metrics.metric_points import LAST_STEP, Point, Steps
from mlops_tui.services.metrics.metric_value import restored
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists

if TYPE_CHECKING:
    from mlflow import MlflowClient

MANY = 100
"""Histories read in one call; a server takes no more runs in one request."""


@translated()
def read_history(store: Store, run_id: str, key: str, *, limit: int = 400) -> MetricHistory:
    """Return at most ``limit`` points of a metric, in order of step."""
    if not exists(store):
        return MetricHistory(run_id, key, (), (), (), 0)
    return _read(store, client(store), [HistoryRequest(run_id, key)], limit)[0]


@translated()
def read_whole_history(store: Store, run_id: str, key: str) -> MetricHistory:
    """Return every point of a metric, in order of step: slow where they are many."""
    with gc_paused():
        points = client(store).get_metric_history(run_id, key)
    points = sorted(points, key=lambda point: (point.step, point.timestamp))
    return MetricHistory(
        run_id,
        key,
        steps=tuple(point.step for point in points),
        timestamps=tuple(point.timestamp for point in points),
        values=tuple(restored(point.value) for point in points),
        total=len(points),
    )


@translated()
def read_histories(
    store: Store, requests: Sequence[HistoryRequest], *, limit: int = 400, seconds: float = 5.0
) -> tuple[MetricHistory, ...]:
    """Return the histories asked for, each reduced to ``limit`` points, one after the other.

    After ``seconds``, or ``MANY`` of them, no more are begun: what is missing was not read, so it
    can be asked for again. At least one is read. Runs that ask alike share one query.
    """
    if not exists(store):
        return ()
    mlflow_client, end = client(store), monotonic() + seconds
    groups: dict[tuple[str, int | None, int | None], list[HistoryRequest]] = {}
    for request in requests[:MANY]:
        groups.setdefault((request.key, request.first_step, request.last_step), []).append(request)
    found: list[MetricHistory] = []
    for group in groups.values():
        if found and monotonic() > end:
            break
        found += _read(store, mlflow_client, group, limit)
    return tuple(found)


def _read(
    store: Store, mlflow_client: "MlflowClient", requests: Sequence[HistoryRequest], limit: int
) -> list[MetricHistory]:
    """Read the histories of requests that differ in their run only."""
    key, steps = requests[0].key, _steps(requests[0])
    with gc_paused():
        run_ids = list(dict.fromkeys(request.run_id for request in requests))
        samples = metric_points.sampled(store, mlflow_client, run_ids, key, steps)
        found = []
        for run_id in run_ids:
            points = None if samples is None else samples[run_id]
            is_complete = points is None or len(points) < metric_points.SAMPLE
            if points is None:
                points = metric_points.every(mlflow_client, run_id, key, steps)
            total = len(points)
            counted = None
            if not is_complete:
                counted = metric_points.count(mlflow_client, run_id, key, steps)
                total = counted or total
            exact = is_complete or counted is not None
            found.append(_history(requests[0], run_id, points, (total, exact), limit))
    return found


def _steps(request: HistoryRequest) -> Steps | None:
    if request.first_step is None and request.last_step is None:
        return None
    first = -LAST_STEP if request.first_step is None else request.first_step
    return first, LAST_STEP if request.last_step is None else request.last_step


def _history(
    request: HistoryRequest, run_id: str, points: list[Point], total: tuple[int, bool], limit: int
) -> MetricHistory:
    points.sort(key=lambda point: point[:2])
    values = [restored(value) for _, _, value in points]
    kept = reduce_min_max(values, limit)
    return MetricHistory(
        run_id,
        request.key,
        steps=tuple(points[i][0] for i in kept),
        timestamps=tuple(points[i][1] for i in kept),
        values=tuple(values[i] for i in kept),
        total=total[0],
        total_is_exact=total[1],
    )
