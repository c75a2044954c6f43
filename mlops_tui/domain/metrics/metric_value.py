"""A value of a metric."""

from math import isfinite

INFINITY = 1.7976931348623157e308
"""How MLflow's SQL store writes an infinite value (measured on MLflow 3.17)."""


def is_drawable(value: float) -> bool:
    """Return whether the value has a place on an axis."""
    return isfinite(value) and abs(value) < INFINITY


def is_number(text: str) -> bool:
    """Return whether a text reads as a number, NaN and infinity included."""
    try:
        float(text)
    except ValueError:
        return False
    return True
