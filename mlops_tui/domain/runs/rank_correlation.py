"""How closely one column of numbers follows another."""

from collections.abc import Hashable, Mapping, Sequence
from math import sqrt


def ranks(values: Sequence[float]) -> list[float]:
    """Return the place of each value in rising order, equal values sharing their mean place."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            found[place] = (start + end) / 2 + 1
        start = end + 1
    return found


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation from -1 to 1, None where one column is constant."""
    return _pearson(ranks(first), ranks(second))


def correlation_ratio(groups: Sequence[Hashable], values: Sequence[float]) -> float | None:
    """Return eta squared: the share of the values' variance that lies between the groups.

    None where the values are constant, or where every value is a group of its own (or all one).
    """
    by_group: dict[Hashable, list[float]] = {}
    for group, value in zip(groups, values, strict=True):
        by_group.setdefault(group, []).append(value)
    mean = _mean(values)
    total = sum((value - mean) ** 2 for value in values)
    if not total or not 1 < len(by_group) < len(values):
        return None
    return _between(by_group, mean) / total


def _between(by_group: Mapping[Hashable, Sequence[float]], mean: float) -> float:
    return sum(len(group) * (_mean(group) - mean) ** 2 for group in by_group.values())


def _pearson(first: Sequence[float], second: Sequence[float]) -> float | None:
    mean_first, mean_second = _mean(first), _mean(second)
    spread_first = sum((a - mean_first) ** 2 for a in first)
    spread_second = sum((b - mean_second) ** 2 for b in second)
    if not spread_first or not spread_second:
        return None
    both = sum((a - mean_first) * (b - mean_second) for a, b in zip(first, second, strict=True))
    return both / sqrt(spread_first * spread_second)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
