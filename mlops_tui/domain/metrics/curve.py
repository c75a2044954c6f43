"""A metric's history laid along an axis."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.metrics.metric import MetricHistory


class XAxis(StrEnum):
    """What a curve runs along."""

    STEP = "step"
    RELATIVE = "relative time"
    WALL = "wall time"

    @property
    def following(self) -> "XAxis":
        """The one after this, from the last on to the first."""
        axes = list(XAxis)
        return axes[(axes.index(self) + 1) % len(axes)]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points in order of ``xs``, which are steps or seconds; timestamps stay milliseconds."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    steps: tuple[int, ...]
    timestamps: tuple[int, ...]


def curve_of(history: MetricHistory, along: XAxis) -> Curve:
    """Return the history along an axis; relative time counts from its earliest point."""
    steps, times, values = history.steps, history.timestamps, history.values
    if along is XAxis.STEP:
        return Curve(tuple(map(float, steps)), values, steps, times)
    start = min(times, default=0) if along is XAxis.RELATIVE else 0
    order = sorted(range(len(times)), key=lambda i: (times[i], steps[i]))
    return Curve(
        tuple((times[i] - start) / 1000 for i in order),
        tuple(values[i] for i in order),
        tuple(steps[i] for i in order),
        tuple(times[i] for i in order),
    )


def nearest(xs: Sequence[float], x: float) -> int | None:
    """Return the index of the value closest to ``x`` in rising order, None without any."""
    if not xs:
        return None
    after = min(bisect_left(xs, x), len(xs) - 1)
    before = max(0, after - 1)
    return before if x - xs[before] <= xs[after] - x else after


def moved(xs: Sequence[float], x: float | None, by: int) -> float | None:
    """Return the value ``by`` places from the one at ``x``; from nowhere, the end one comes from.

    Equal values are one place, so that no key press seems to do nothing.
    """
    places = sorted(set(xs))
    if not places:
        return None
    at = None if x is None else nearest(places, x)
    if at is None:
        return places[0] if by > 0 else places[-1]
    return places[max(0, min(at + by, len(places) - 1))]
