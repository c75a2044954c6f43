"""Which params a metric depends on most, as far as some runs tell."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mlops_tui.domain.compare.comparison import Kind, Trait, traits
from mlops_tui.domain.compare.rank_correlation import (
    adjusted_eta,
    adjusted_square,
    means_by_group,
    quantile_bins,
    ranks,
    spearman,
)
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run import Run, RunStatus

G = TypeVar("G", bound=Hashable)

LEAST = 3
"""Runs below which nothing can be said."""

FEW = 20
"""Runs below which chance alone often looks like importance."""

MOST_BINS, RUNS_PER_BIN = 10, 5
"""Into how many parts the values of a number are cut, at most; how many runs each has at least."""

AS_GOOD = 0.05
"""Of all ranks, by how many the mean rank of a bin may be behind the best one's."""


@dataclass(frozen=True, slots=True)
class Importance:
    """An estimate of how much a metric follows one param, over ``runs`` that have both.

    ``share`` is the part of the variance of the metric's ranks that the param explains, from 0
    to 1, corrected for chance. For words it is the eta squared of their groups; for numbers that
    of up to ten groups of neighbouring values, which sees an optimum in the middle, or the square
    of the rank correlation where that is more. Params that were varied together share what only
    one of them may have caused.
    """

    param: str
    share: float
    correlation: float | None
    """From -1 to 1; None for words, which have no order."""
    runs: int
    best: tuple[float, float] | str
    """The values whose runs are best: the least with the greatest, or the word."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a metric depends on, over the ``runs`` that finished; ``others`` were left out.

    ``is_whole`` is false where more runs may be on the server.
    """

    params: tuple[Importance, ...]
    runs: int
    others: int
    is_whole: bool = True


def importances(runs: Sequence[Run], metric: str, direction: Direction) -> Estimate:
    """Return an estimate for each param that tells the finished runs apart, the greatest first."""
    wanted = Trait(Kind.METRIC, metric)
    ended = [run for run in runs if run.status == RunStatus.FINISHED]
    params = (trait for trait in traits(ended) if trait.kind is Kind.PARAM)
    found = [each for param in params if (each := _importance(param, wanted, ended, direction))]
    found.sort(key=lambda each: (-each.share, each.param))
    return Estimate(tuple(found), len(ended), len(runs) - len(ended))


def _importance(
    param: Trait, metric: Trait, runs: Sequence[Run], direction: Direction
) -> Importance | None:
    both = [run for run in runs if param.of(run) is not None and metric.number(run) is not None]
    places = ranks([value for run in both if (value := metric.number(run)) is not None])
    if len(both) < LEAST:
        return None
    numbers = [number for run in both if (number := param.number(run)) is not None]
    if len(numbers) < len(both):
        words = [str(param.of(run)) for run in both]
        share = adjusted_eta(words, places)
        word = _best_group(words, places, direction)
        return None if share is None else Importance(param.key, share, None, len(both), word)
    correlation = spearman(numbers, places)
    if correlation is None:
        return None
    bins = quantile_bins(numbers, max(3, min(MOST_BINS, len(both) // RUNS_PER_BIN)))
    share = max(adjusted_square(correlation, len(both)), adjusted_eta(bins, places) or 0.0)
    best = _best_range(numbers, bins, places, direction)
    return Importance(param.key, share, correlation, len(both), best)


def _best_range(
    numbers: Sequence[float], bins: Sequence[int], places: Sequence[float], direction: Direction
) -> tuple[float, float]:
    """Return the least and the greatest value of the best bin and of those next to it as good."""
    means, best = means_by_group(bins, places), _best_group(bins, places, direction)
    order = sorted(means)
    first = last = order.index(best)
    slack = AS_GOOD * len(places)
    while first > 0 and abs(means[order[first - 1]] - means[best]) <= slack:
        first -= 1
    while last < len(order) - 1 and abs(means[order[last + 1]] - means[best]) <= slack:
        last += 1
    chosen = set(order[first : last + 1])
    values = [number for number, each in zip(numbers, bins, strict=True) if each in chosen]
    return min(values), max(values)


def _best_group(groups: Sequence[G], places: Sequence[float], direction: Direction) -> G:
    means = means_by_group(groups, places)
    choose = min if direction is Direction.MIN else max
    return choose(means, key=lambda group: means[group])
