"""Two histograms in one row of braille: one is the left dots of the cells, one the right ones."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

from mlops_tui.tui.charts.braille import BRAILLE, DOWN, UPRIGHTS

LARGEST = 1e300
"""Larger values count as this one, so that sums of them are finite."""


def paired_bars(left: Sequence[float], right: Sequence[float], width: int) -> str:
    """Return a cell for each bin, at most ``width`` of them, both of one scale.

    Neighbouring bins are added up where there are more; whatever is above zero has a dot. Values
    that are negative or no finite numbers count as 0, bins without a partner are left out.
    """
    count = min(len(left), len(right))
    sides = [_joined([_size(each) for each in side[:count]], width) for side in (left, right)]
    top = max((value for side in sides for value in side), default=0.0)
    if top <= 0:
        return ""
    return "".join(
        chr(BRAILLE + sum(_bits(x, value / top) for x, value in enumerate(pair)))
        for pair in zip(*sides, strict=True)
    )


def _size(value: float) -> float:
    return min(value, LARGEST) if isfinite(value) and value > 0 else 0.0


def _joined(values: Sequence[float], width: int) -> list[float]:
    """Return at most ``width`` sums of neighbours."""
    count = min(len(values), max(1, width))
    ends = [place * len(values) // count for place in range(count + 1)] if count else []
    return [sum(values[a:b]) for a, b in pairwise(ends)]


def _bits(column: int, share: float) -> int:
    height = max(1, round(DOWN * share)) if share > 0 else 0
    return UPRIGHTS[column, DOWN - height, DOWN - 1] if height else 0
