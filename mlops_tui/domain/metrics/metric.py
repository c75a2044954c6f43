"""The history of a metric."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from mlops_tui.domain.metrics.metric_value import is_drawable

SYSTEM = "system/"
"""How the metrics of the machine begin that MLflow itself logs: CPU, memory, disk, network, GPU."""


@dataclass(frozen=True, slots=True)
class MetricHistory:
    """The points of one metric of one run, in order of step, three columns of equal length.

    ``timestamps`` are milliseconds since the epoch. ``total`` counts the points the store holds
    as far as known; more than ``len(values)`` when the history was reduced or sampled.
    """

    run_id: str
    key: str
    steps: tuple[int, ...]
    timestamps: tuple[int, ...]
    values: tuple[float, ...]
    total: int
    total_is_exact: bool = True
    """False where the store tells no more than that there are at least ``total``."""

    @property
    def is_reduced(self) -> bool:
        """Whether points were left out."""
        return self.total > len(self.values)


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """Which part of a metric's history to read: from a step on, up to a step, or all of it."""

    run_id: str
    key: str
    first_step: int | None = None
    last_step: int | None = None


def joined(history: MetricHistory, tail: MetricHistory, limit: int) -> MetricHistory:
    """Return the history with what was read anew from its last step on, reduced to ``limit``.

    The points of that step are replaced: there may be more of them by now.
    """
    if not tail.steps:
        return history
    first = tail.steps[0]
    old = [i for i, step in enumerate(history.steps) if step < first]
    replaced = len(history.steps) - len(old)
    steps = (*(history.steps[i] for i in old), *tail.steps)
    timestamps = (*(history.timestamps[i] for i in old), *tail.timestamps)
    values = (*(history.values[i] for i in old), *tail.values)
    kept = reduce_min_max(values, limit)
    return MetricHistory(
        history.run_id,
        history.key,
        tuple(steps[i] for i in kept),
        tuple(timestamps[i] for i in kept),
        tuple(values[i] for i in kept),
        total=history.total - replaced + tail.total,
        total_is_exact=history.total_is_exact and tail.total_is_exact and not history.is_reduced,
    )


def gaps(values: Sequence[float]) -> int:
    """Count the values that cannot be drawn: NaN or infinite."""
    return sum(1 for value in values if not is_drawable(value))


def reduce_min_max(values: Sequence[float], limit: int) -> list[int]:
    """Return the indexes of at most ``limit`` points (at least 4) that keep the curve's shape.

    The points are cut into equal buckets, of which the least and the greatest value stay, with
    the first and the last point; a NaN stays where a bucket has nothing else, so a gap stays one.
    """
    count = len(values)
    if count <= limit:
        return list(range(count))
    buckets = (limit - 2) // 2
    kept = {0, count - 1}
    for number in range(buckets):
        start, end = number * count // buckets, (number + 1) * count // buckets
        drawable = [i for i in range(start, end) if not isnan(values[i])]
        if drawable:
            kept.add(min(drawable, key=values.__getitem__))
            kept.add(max(drawable, key=values.__getitem__))
        else:
            kept.add(start)
    return sorted(kept)


def is_system(key: str) -> bool:
    """Return whether a metric is of the machine, not of what is trained."""
    return key.startswith(SYSTEM)
