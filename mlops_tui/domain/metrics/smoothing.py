"""A noisy curve made smooth."""

from collections.abc import Sequence

from mlops_tui.domain.metrics.metric_value import is_drawable

STRENGTHS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98)
"""The strengths a key steps through, from none at all."""


def smoothed(values: Sequence[float], strength: float) -> tuple[float, ...]:
    """Return the exponential moving average, each value weighing ``strength`` times the next.

    The average is divided by the weights it has gathered, so that it does not begin near zero.
    NaN or infinite values stay as they are: the average goes on behind them.
    """
    average = weight = 0.0
    found: list[float] = []
    for value in values:
        if not is_drawable(value):
            found.append(value)
            continue
        average = strength * average + (1 - strength) * value
        weight = strength * weight + 1 - strength
        found.append(average / weight)
    return tuple(found)


def stronger(strength: float, by: int) -> float:
    """Return the strength so many places from this one, staying within ``STRENGTHS``."""
    place = STRENGTHS.index(strength) + by
    return STRENGTHS[max(0, min(place, len(STRENGTHS) - 1))]
