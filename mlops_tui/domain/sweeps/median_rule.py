"""Whether a trial goes so badly that it is not worth its end."""

from bisect import bisect_right
from collections.abc import Sequence
from statistics import median

from mlops_tui.domain.metrics.direction import Direction, best_point
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.metrics.metric_value import is_drawable


def is_hopeless(
    history: MetricHistory, others: Sequence[MetricHistory], direction: Direction, least: int
) -> bool:
    """Return whether the best of a history so far is worse than the median of the others there.

    This is the median stopping rule of Golovin et al., "Google Vizier" (KDD 2017), in the form of
    Optuna's ``MedianPruner``: the others are complete trials, each with its value at the last step
    up to the present one. Only those count that went on from here: a trial at its last step is not
    cut off while it saves its model. Nothing is judged by fewer than ``least`` of them, nor at a
    negative step, which is none of training.
    """
    best = best_point(history.values, direction)
    if best is None or history.steps[-1] < 0:
        return False
    step = history.steps[-1]
    there = [_value_at(other, step) for other in others if other.steps and other.steps[-1] > step]
    known = [value for value in there if value is not None and is_drawable(value)]
    if len(known) < max(1, least):
        return False
    middle, mine = median(known), history.values[best]
    return mine > middle if direction is Direction.MIN else mine < middle


def _value_at(history: MetricHistory, step: int) -> float | None:
    """Return the value at the last step up to this one."""
    place = bisect_right(history.steps, step)
    return history.values[place - 1] if place else None
