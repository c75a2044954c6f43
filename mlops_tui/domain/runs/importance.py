"""Which params a metric depends on most, as far as some runs tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_tui.domain.runs.comparison import Kind, Trait, traits
from mlops_tui.domain.runs.rank_correlation import correlation_ratio, ranks, spearman
from mlops_tui.domain.runs.run import Run

LEAST = 3
"""Runs below which nothing can be said."""

FEW = 20
"""Runs below which chance alone often looks like importance."""


@dataclass(frozen=True, slots=True)
class Importance:
    """An estimate of how much a metric follows one param, over ``runs`` that have both.

    ``share`` is the part of the variance of the metric's ranks that the param explains, from 0
    to 1: the square of the rank correlation for numbers, eta squared for words. Params that were
    varied together share what only one of them may have caused.
    """

    param: str
    share: float
    correlation: float | None
    """From -1 to 1; None for words, which have no order."""
    runs: int


def importances(runs: Sequence[Run], metric: str) -> tuple[Importance, ...]:
    """Return an estimate for each param that tells the runs apart, the greatest first."""
    wanted = Trait(Kind.METRIC, metric)
    found = (_importance(param, wanted, runs) for param in traits(runs) if param.kind is Kind.PARAM)
    known = [each for each in found if each]
    return tuple(sorted(known, key=lambda each: (-each.share, each.param)))


def _importance(param: Trait, metric: Trait, runs: Sequence[Run]) -> Importance | None:
    both = [run for run in runs if param.of(run) is not None and metric.number(run) is not None]
    values = [value for run in both if (value := metric.number(run)) is not None]
    if len(both) < LEAST:
        return None
    numbers = [number for run in both if (number := param.number(run)) is not None]
    if len(numbers) == len(both):
        correlation = spearman(numbers, values)
        share = None if correlation is None else correlation**2
    else:
        correlation = None
        share = correlation_ratio([param.of(run) for run in both], ranks(values))
    return None if share is None else Importance(param.key, share, correlation, len(both))
