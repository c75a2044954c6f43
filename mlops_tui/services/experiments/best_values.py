"""The best values of a metric over many runs."""

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.metrics.metric_value import INFINITY
from mlops_tui.domain.runs.best_value import BestValue, best_of
from mlops_tui.domain.store import Store
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.metrics import metric_points
from mlops_tui.services.metrics.metric_value import restored
from mlops_tui.services.mlflow_internals import sessions_of, tables
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists

if TYPE_CHECKING:
    from mlflow import MlflowClient

AT_ONCE = 100
"""Runs in one query of a database."""

PER_REQUEST = 10
"""Runs in one request to a server, which answers with up to 2,500 points of each."""


@translated()
def best_values(
    store: Store, run_ids: Sequence[str], key: str, *, seconds: float = 10.0
) -> tuple[BestValue, ...]:
    """Return the extremes of a metric for the runs that have it.

    A database finds them itself: they are exact. A server gives samples: exact as long as they
    are whole, else marked as sampled. After ``seconds`` no more are begun; what is missing then
    was not read.
    """
    if not exists(store):
        return ()
    mlflow_client, end = client(store), monotonic() + seconds
    sessions = sessions_of(mlflow_client)
    size = PER_REQUEST if sessions is None else AT_ONCE
    found: list[BestValue] = []
    for start in range(0, len(run_ids), size):
        if start and monotonic() > end:
            break
        chunk = run_ids[start : start + size]
        if sessions is None:
            found += _from_samples(store, mlflow_client, chunk, key)
        else:
            found += _from_database(sessions, chunk, key)
    return tuple(found)


def _from_database(sessions: Any, run_ids: Sequence[str], key: str) -> Iterator[BestValue]:
    from sqlalchemy import func

    row = tables().metrics
    # An infinite value is stored as the greatest float: it is no best value.
    finite = (row.key == key, row.is_nan.is_(False), row.value > -INFINITY, row.value < INFINITY)
    with sessions() as session:
        ends = (
            session.query(row.run_uuid, func.min(row.value), func.max(row.value))
            .filter(*finite, row.run_uuid.in_(run_ids))
            .group_by(row.run_uuid)
            .all()
        )
        wanted = {value for _, *both in ends for value in both}
        reached = (
            session.query(row.run_uuid, row.value, func.min(row.step))
            .filter(*finite, row.run_uuid.in_(run_ids), row.value.in_(wanted))
            .group_by(row.run_uuid, row.value)
            .all()
        )
    steps = {(run_id, value): step for run_id, value, step in reached}
    for run_id, least, greatest in ends:
        first, last = steps[run_id, least], steps[run_id, greatest]
        yield BestValue(run_id, key, least, first, greatest, last, is_exact=True)


def _from_samples(
    store: Store, mlflow_client: "MlflowClient", run_ids: Sequence[str], key: str
) -> Iterator[BestValue]:
    with gc_paused():
        samples = metric_points.sampled(store, mlflow_client, run_ids, key) or {}
    for run_id in run_ids:
        points = samples.get(run_id)
        is_exact = points is None or len(points) < metric_points.SAMPLE
        if points is None:
            points = metric_points.every(mlflow_client, run_id, key)
        points.sort(key=lambda point: point[:2])
        steps, values = [p[0] for p in points], [restored(p[2]) for p in points]
        found = best_of(run_id, key, steps, values, is_exact=is_exact)
        if found:
            yield found
