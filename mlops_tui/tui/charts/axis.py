"""The axis of a chart: its range, with ticks at round numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10, ulp
from sys import float_info

LONGEST = 8
"""Characters a tick's label may have before it is written with an exponent."""

RELATIVE, ABSOLUTE = 1e-12, 1e-300
"""Ranges narrower than that are one value: floats hold no round numbers in between."""

LEAST = ulp(0.0)
"""The smallest number above nothing."""

FAR = 1e6
"""Lengths of the axis beyond which a value is simply far away."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The values at both ends of an axis, with its ticks and their labels."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    is_log: bool = False

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the low end, 1 at the high one, else outside."""
        low, high, at = self.low, self.high, value
        if self.is_log:
            low, high, at = log10(low), log10(high), log10(at)
        half_span = high / 2 - low / 2  # Halves keep the span finite.
        return max(-FAR, min((at / 2 - low / 2) / half_span, FAR)) if half_span else 0.5


def axis(values: Sequence[float], ticks: int, *, whole: bool = False) -> Axis:
    """Return the axis for finite values, with about so many ticks, ``whole`` ones if asked."""
    low, high = min(values), max(values)
    half_span = high / 2 - low / 2
    if half_span <= max(abs(low), abs(high)) * RELATIVE or half_span < ABSOLUTE:
        pad = max(abs(low) / 10, ABSOLUTE) if low else 1.0
        ends = max(low - pad, -float_info.max), min(low + pad, float_info.max)
        return Axis(*ends, (low,), labels([low], pad))
    half_step = _round_step(half_span / max(2, ticks))
    step = half_step * 2 if isfinite(half_step * 2) else half_step
    if whole:
        step = max(1.0, step)
    marks = [k * step for k in range(ceil(low / step), floor(high / step) + 1)]
    return Axis(low, high, tuple(marks), labels(marks, step))


def log_axis(values: Sequence[float], ticks: int) -> Axis:
    """Return the logarithmic axis for positive values: powers of ten, between them if few."""
    low, high = min(values), max(values)
    if log10(high) - log10(low) < RELATIVE:
        low, high = max(low / 2, LEAST), min(max(high * 2, 2 * LEAST), float_info.max)
    powers = range(floor(log10(low)), min(ceil(log10(high)), float_info.max_10_exp) + 1)
    marks: list[float] = []
    for multiples in ((1, 2, 5), (1, 5), (1,)):
        marks = [m * 10.0**p for p in powers for m in multiples if low <= m * 10.0**p <= high]
        if len(marks) <= max(2, ticks):
            break
    if len(marks) > max(2, ticks):
        marks = marks[:: ceil(len(marks) / max(2, ticks))]
    if not marks:
        middle = axis([low, high], ticks)
        return Axis(low, high, middle.ticks, middle.labels, is_log=True)
    texts = tuple(map(_short, marks))
    return Axis(low, high, tuple(marks), texts, is_log=True)


def _short(mark: float) -> str:
    short = f"{mark:g}"
    return short if len(short) <= LONGEST and "e" not in short else _short_exponent(f"{mark:.0e}")


def labels(ticks: Sequence[float], step: float) -> tuple[str, ...]:
    """Return the ticks as text, with as many digits as tell them apart."""
    if not ticks:
        return ()
    exponent = floor(log10(step) + 1e-9)
    decimals = max(0, -exponent)
    fixed = [f"{tick:.{decimals}f}" for tick in ticks]
    if max(map(len, fixed)) <= LONGEST:
        return tuple(fixed)
    largest = max(abs(tick) for tick in ticks)
    digits = max(0, floor(log10(largest)) - exponent) if largest else 0
    return tuple(_short_exponent(f"{tick:.{digits}e}") for tick in ticks)


def _round_step(least: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at least ``least``; half of a round number too."""
    power = 10.0 ** floor(log10(least))
    return next((m * power for m in (1, 2.5, 5) if m * power >= least), 10 * power)


def _short_exponent(text: str) -> str:
    mantissa, _, power = text.partition("e")
    return f"{mantissa}e{int(power)}"
