"""One chunk of a monitor, whole."""

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import monitor_runs
from mlops_tui.services.worker.calls import LONG, may_take


@may_take(LONG)
def read_chunk(store: Store, monitor_id: str, version: str, number: int) -> ChunkResult:
    """Return a chunk of a version that a monitor watches, or has watched; raises ``NotFound``."""
    for run in monitor_runs.list_runs(store, monitor_id):
        if run.version == version:
            return monitor_runs.read_chunk(store, run, number)
    raise NotFound(
        f"There is no monitor {one_line(monitor_id, 60)!r} for v{one_line(version, 20)}."
    )
