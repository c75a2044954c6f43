"""The history of a metric to its last point."""

from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.store import Store
from mlops_tui.services.gc_pause import collector_at_rest
from mlops_tui.services.metrics.metric_value import restored
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client


@translated()
def read_whole_history(store: Store, run_id: str, key: str) -> MetricHistory:
    """Return every point of a metric, in order of step: slow where they are many."""
    with collector_at_rest():
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
