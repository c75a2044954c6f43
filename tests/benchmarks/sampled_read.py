"""What a store's own sampled read costs beside ours: ``python -m tests.benchmarks.sampled_read``.

Prints the milliseconds of both, taken in turn.
"""

import json
import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from mlops_tui.domain.store import Store
from mlops_tui.services.metrics.metric_points import SAMPLE
from mlops_tui.services.metrics.metrics import read_history
from mlops_tui.services.mlflow_internals import sampler_of
from mlops_tui.services.store.store import client

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 5


def main(uri: str, run_id: str, key: str) -> None:
    """Read the metric both ways."""
    store = Store(uri)
    sample = sampler_of(client(store))
    reads: dict[str, Callable[[], object]] = {
        "theirs": lambda: sample([run_id], key, max_results=SAMPLE, start_step=None, end_step=None),
        "ours": lambda: read_history(store, run_id, key),
    }
    times: dict[str, list[float]] = {name: [] for name in reads}
    for turn in range(TIMES + 1):
        for name, read in reads.items():
            begun = perf_counter()
            read()
            if turn:  # the first one fills the caches
                times[name].append(1000 * (perf_counter() - begun))
    print(json.dumps({name: median(found) for name, found in times.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
