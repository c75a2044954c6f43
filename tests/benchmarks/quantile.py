"""The usual percentiles."""

from collections.abc import Sequence
from statistics import median, quantiles


def p50(values: Sequence[float]) -> float:
    """Return what half of the values stay below."""
    return median(values)


def p95(values: Sequence[float]) -> float:
    """Return what 95 of 100 values stay below."""
    return quantiles(values, n=20, method="inclusive")[-1]
