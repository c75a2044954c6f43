"""The time axis of a chart."""

from math import ceil, floor, isfinite

from mlops_tui.domain.moment import local
from mlops_tui.tui.charts.axis import Axis, axis

MINUTE, HOUR, DAY = 60, 3_600, 86_400

STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR),
    *(DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY, 3_650 * DAY),
)
"""Seconds between two ticks that read well."""


def duration_axis(low: float, high: float, ticks: int) -> Axis:
    """Return the axis of seconds since a start."""
    if high - low < max(2, ticks) or not isfinite(high - low):
        plain = axis([low, high], ticks)
        texts = tuple(f"{label}s" for label in plain.labels)
        return Axis(plain.low, plain.high, plain.ticks, texts)
    step, marks = _marks(low, high, ticks, 0)
    return Axis(low, high, marks, tuple(_duration(mark, step) for mark in marks))


def clock_axis(low: float, high: float, ticks: int) -> Axis:
    """Return the axis of seconds since the epoch, read on the person's own clock.

    Times that no calendar has, as of milliseconds that were logged as nanoseconds, stay numbers.
    """
    if high <= low:
        low, high = low - 1, low + 1
    start, end = local(low * 1000), local(high * 1000)
    if start is None or end is None:
        return axis([low, high], ticks)
    offset = start.utcoffset()
    step, marks = _marks(low, high, ticks, offset.total_seconds() if offset else 0)
    marks = marks or (low,)
    pattern = "%H:%M:%S" if step < MINUTE else "%H:%M" if step < DAY else "%Y-%m-%d"
    return Axis(low, high, marks, tuple(f"{local(mark * 1000):{pattern}}" for mark in marks))


def _marks(low: float, high: float, ticks: int, offset: float) -> tuple[int, tuple[float, ...]]:
    least = (high - low) / max(1, ticks)
    step = next((step for step in STEPS if step >= least), ceil(least))
    first, last = ceil((low + offset) / step), floor((high + offset) / step)
    return step, tuple(k * step - offset for k in range(first, last + 1))


def _duration(seconds: float, step: int) -> str:
    sign, whole = "-" if seconds < 0 else "", abs(round(seconds))
    days, hours, minutes = whole // DAY, whole % DAY // HOUR, whole % HOUR // MINUTE
    if days or step >= DAY:
        return f"{sign}{days}d" if step >= DAY else f"{sign}{days}d{hours:02}h"
    if hours or step >= HOUR:
        return f"{sign}{hours}h" if step >= HOUR else f"{sign}{hours}h{minutes:02}m"
    if minutes or step >= MINUTE:
        rest = f"{whole % MINUTE:02}s" if step < MINUTE else ""
        return f"{sign}{minutes}m{rest}"
    return f"{sign}{whole}s"
