"""Axis limits typed by the user."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from mlops_tui.domain.errors import InvalidInput

Interval = tuple[float | None, float | None]
"""From, to; None as far as there are points."""

OPEN: Interval = (None, None)

EXAMPLE = "x=0:5000 y=0.5:1"

TAIL = 0.01
"""The share of values, at each end, that counts as outliers."""

NARROWEST = 1e-9
"""The least share of the whole axis that zooming leaves."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The interval in view along each axis."""

    x: Interval = OPEN
    y: Interval = OPEN

    def __str__(self) -> str:
        axes = (("x", self.x), ("y", self.y))
        parts = ((name, *interval) for name, interval in axes if interval != OPEN)
        return " ".join(f"{name}={_text(low)}:{_text(high)}" for name, low, high in parts)


EVERYTHING = Limits()


def parse_limits(text: str) -> Limits:
    """Read ``x=0:5000 y=0.5:1``; an end left out is open. Raises ``InvalidInput``."""
    limits = Limits()
    for word in text.split():
        name, equals, ends = word.partition("=")
        start, colon, end = ends.partition(":")
        if name not in ("x", "y") or not equals or not colon:
            raise InvalidInput(f"{word!r} sets no limits.", f"Write them like {EXAMPLE}.")
        low, high = _number(start), _number(end)
        if low is not None and high is not None and low >= high:
            raise InvalidInput(f"{word!r} ends before it begins.", "The lower end comes first.")
        limits = replace(limits, x=(low, high)) if name == "x" else replace(limits, y=(low, high))
    return limits


def holds(interval: Interval, value: float) -> bool:
    """Return whether the value is in view."""
    low, high = interval
    return (low is None or value >= low) and (high is None or value <= high)


def closed(interval: Interval, low: float, high: float) -> tuple[float, float]:
    """Return both ends, the open ones as far as there are points."""
    start = low if interval[0] is None else interval[0]
    end = high if interval[1] is None else interval[1]
    if start < end or interval == OPEN:
        return start, end
    # Nothing of the curve is in view: keep the end that was set.
    return (start, start + 1) if interval[0] is not None else (end - 1, end)


def zoomed(
    interval: Interval, whole: tuple[float, float], factor: float, around: float | None
) -> Interval:
    """Return the interval ``factor`` times as long; open when it holds the whole.

    What lies at ``around`` (else the middle) stays where it is.
    """
    low, high = closed(interval, *whole)
    middle = min(max(low / 2 + high / 2, low), high)
    center = around if around is not None and low <= around <= high else middle
    start, end = center - (center - low) * factor, center + (high - center) * factor
    if end - start < (whole[1] - whole[0]) * NARROWEST:
        return interval
    first, last = (min(whole[0], low), max(whole[1], high)) if factor > 1 else (low, high)
    start, end = max(start, first), min(end, last)
    return OPEN if start <= whole[0] and end >= whole[1] else (start, end)


def panned(interval: Interval, whole: tuple[float, float], share: float) -> Interval:
    """Return the interval moved by a share of its length, no further than there are points."""
    if interval == OPEN:
        return OPEN
    low, high = closed(interval, *whole)
    by = (high - low) * share
    by = min(by, max(0.0, whole[1] - high)) if by > 0 else max(by, min(0.0, whole[0] - low))
    return low + by, high + by


def without_outliers(values: Sequence[float]) -> tuple[float, float]:
    """Return the first and the ninety-ninth percentile of finite values, interpolated."""
    ordered = sorted(values)
    return _quantile(ordered, TAIL), _quantile(ordered, 1 - TAIL)


def _quantile(ordered: Sequence[float], share: float) -> float:
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    beyond = position - low
    return ordered[low] * (1 - beyond) + ordered[high] * beyond


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise InvalidInput(f"{text!r} is no number.", f"Write limits like {EXAMPLE}.")
    return number


def _text(end: float | None) -> str:
    return "" if end is None else f"{end:.10g}"
