"""How closely one column of numbers follows another."""

from collections.abc import Hashable, Mapping, Sequence
from math import sqrt
from typing import TypeVar

G = TypeVar("G", bound=Hashable)


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


def adjusted_square(correlation: float, count: int) -> float:
    """Return the square of a correlation over ``count`` pairs less what chance alone would give.

    Ezekiel's correction for one predictor, as in "Methods of Correlation Analysis" (1930):
    ``1 - (1 - r²)(n - 1)/(n - 2)``, not below 0.
    """
    return max(0.0, 1 - (1 - correlation**2) * (count - 1) / max(1, count - 2))


def adjusted_eta(groups: Sequence[Hashable], places: Sequence[float]) -> float | None:
    """Return the share of the variance of ranks that lies between groups, corrected for chance.

    Eta squared of the Kruskal-Wallis test, ``(H - k + 1)/(n - k)`` for ``k`` groups of ``n``
    ranks, not below 0 (Tomczak and Tomczak, "The need to report effect size estimates revisited",
    Trends in Sport Sciences 1(21), 2014). ``H`` is ``n - 1`` times the plain ratio of the sums of
    squares, which corrects for ties. None where there is one group only, or more of them than
    half of the ranks: too few in each to tell.
    """
    means, count = means_by_group(groups, places), len(places)
    mean = _mean(places)
    total = sum((place - mean) ** 2 for place in places)
    if not total or count == 2 or not 1 < len(means) <= max(2, count // 2):  # noqa: PLR2004
        return None
    between = sum((means[group] - mean) ** 2 for group in groups)
    statistic = (count - 1) * between / total
    return max(0.0, (statistic - len(means) + 1) / (count - len(means)))


def means_by_group(groups: Sequence[G], values: Sequence[float]) -> Mapping[G, float]:
    """Return the mean of the values of each group."""
    members: dict[G, list[float]] = {}
    for group, value in zip(groups, values, strict=True):
        members.setdefault(group, []).append(value)
    return {group: _mean(found) for group, found in members.items()}


def quantile_bins(values: Sequence[float], count: int) -> list[int]:
    """Return the bin of each value: up to ``count`` bins of about as many values; equals together.

    Where there are no more distinct values than bins, each is a bin of its own.
    """
    distinct = sorted(set(values))
    if len(distinct) <= count:
        return [distinct.index(value) for value in values]
    return [int((place - 0.5) * count / len(values)) for place in ranks(values)]


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
