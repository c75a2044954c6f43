"""The paired bootstrap: how sure the difference of two models on the same rows is."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ..problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from .named_metrics import Metric

AVERAGES = ("", "macro", "micro", "weighted")
COUNTED = ("accuracy", "balanced_accuracy")
AVERAGED = ("f1", "precision", "recall", "jaccard")
MOST_CLASSES = 20
"""With more classes, tables of counts would be larger than the rows."""
AT_ONCE = 4_000_000
"""Values that are drawn at once."""
ENOUGH = 0.5
"""The share of resamples that a metric has to be defined on."""


def interval(  # noqa: PLR0913, PLR0917 - what a paired bootstrap consists of
    metric: Metric, truth: Any, ours: Any, theirs: Any, resamples: int, confidence: float, seed: int
) -> tuple[float, float]:
    """Return the percentile interval of the metric of ``ours`` less that of ``theirs``.

    Both are drawn by the same rows in each resample. Raises ``Problem``.
    """
    rng = np.random.default_rng(seed)
    draw = _drawn_by_counts if _is_counted(metric.name) else _drawn_by_row
    found = draw(metric, (truth, ours, theirs), resamples, rng)
    found = found[np.isfinite(found)]
    if len(found) < ENOUGH * resamples:
        raise Problem(f"{metric.name} is undefined on most resamples of {len(truth):,} rows.")
    tail = (1 - confidence) / 2
    low, high = np.quantile(found, (tail, 1 - tail))
    return float(low), float(high)


def _is_counted(name: str) -> bool:
    base, _, average = name.partition("_")
    return name in COUNTED or (base in AVERAGED and average in AVERAGES)


def _drawn_by_counts(
    metric: Metric, rows: tuple[Any, Any, Any], resamples: int, rng: np.random.Generator
) -> Any:
    """Draw how often each triple of true value and both predictions occurs, not row by row."""
    classes, codes = np.unique(np.concatenate(rows), return_inverse=True)
    size = len(classes)
    if size > MOST_CLASSES:
        return _drawn_by_row(metric, rows, resamples, rng)
    true, ours, theirs = codes.reshape(3, -1)
    triples, counts = np.unique((true * size + ours) * size + theirs, return_counts=True)
    drawn = rng.multinomial(counts.sum(), counts / counts.sum(), size=resamples)
    true, ours, theirs = triples // size**2, triples // size % size, triples % size
    positive = int(np.searchsorted(classes, 1)) if metric.name in AVERAGED else 0

    def scores(predicted: Any) -> Any:
        cells = np.eye(size * size)[true * size + predicted]
        table = (drawn @ cells).reshape(resamples, size, size)
        return from_counts(metric.name, table, positive)

    return scores(ours) - scores(theirs)


def from_counts(name: str, table: Any, positive: int) -> Any:
    """Return a metric of classifiers from tables of counts, true classes by predicted ones.

    It is what scikit-learn returns with ``zero_division=0``; ``positive`` is the place of class 1.
    """
    hits = np.diagonal(table, axis1=-2, axis2=-1)
    true, predicted = table.sum(-1), table.sum(-2)
    total = true.sum(-1)
    if name == "accuracy":
        return hits.sum(-1) / total
    if name == "balanced_accuracy":
        return _mean(_ratio(hits, true), true > 0)
    base, _, average = name.partition("_")
    if average == "micro":
        hits, true, predicted = (each.sum(-1, keepdims=True) for each in (hits, true, predicted))
    over = {
        "precision": (hits, predicted),
        "recall": (hits, true),
        "f1": (2 * hits, true + predicted),
        "jaccard": (hits, true + predicted - hits),
    }[base]
    each = _ratio(*over)
    if average == "macro":
        return _mean(each, true + predicted > 0)
    if average == "weighted":
        return (each * true).sum(-1) / total
    return each[..., 0 if average else positive]


def _ratio(above: Any, below: Any) -> Any:
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=below > 0)


def _mean(values: Any, is_counted: Any) -> Any:
    return (values * is_counted).sum(-1) / is_counted.sum(-1)


def _drawn_by_row(
    metric: Metric, rows: tuple[Any, Any, Any], resamples: int, rng: np.random.Generator
) -> Any:
    truth, ours, theirs = rows
    if losses := LOSSES.get(metric.name):
        each = [losses(truth, values) for values in (ours, theirs)]
        return _means(each, resamples, rng, root=metric.name.startswith("root_"))
    if metric.name == "roc_auc":
        areas = [area(truth, values) for values in (ours, theirs)]
        draws = (rng.integers(len(truth), size=len(truth)) for _ in range(resamples))
        counts = (np.bincount(draw, minlength=len(truth)) for draw in draws)
        return np.array([areas[0](count) - areas[1](count) for count in counts])
    found = np.full(resamples, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of resamples on which the metric is undefined
        for number in range(resamples):
            chosen = rng.integers(len(truth), size=len(truth))
            try:
                found[number] = metric(truth[chosen], ours[chosen]) - metric(
                    truth[chosen], theirs[chosen]
                )
            except Problem:
                continue
    return found


def _means(each: list[Any], resamples: int, rng: np.random.Generator, *, root: bool) -> Any:
    """Return the differences of means (of their roots) over rows, many resamples at once."""
    rows, drawn = len(each[0]), []
    step = max(1, AT_ONCE // rows)
    for start in range(0, resamples, step):
        chosen = rng.integers(rows, size=(min(step, resamples - start), rows))
        ours, theirs = (values[chosen].mean(axis=1) for values in each)
        drawn.append(np.sqrt(ours) - np.sqrt(theirs) if root else ours - theirs)
    return np.concatenate(drawn)


def area(truth: Any, values: Any) -> Callable[[Any], float]:
    """Return what gives the area under the ROC curve where each row counts so often."""
    scores = values[:, 1] if values.ndim > 1 else values
    ranks = np.unique(scores, return_inverse=True)[1]
    is_positive = truth == truth.max()

    def weighed(counts: Any) -> float:
        positive = np.bincount(ranks, counts * is_positive)
        negative = np.bincount(ranks, counts * ~is_positive)
        pairs = positive.sum() * negative.sum()
        below = np.cumsum(negative) - negative / 2
        return float((positive * below).sum() / pairs) if pairs else float("nan")

    return weighed


def _surprise(truth: Any, values: Any) -> Any:
    classes = np.unique(truth)
    if values.ndim == 1:
        values = np.column_stack((1 - values, values))
    chances = values[np.arange(len(truth)), np.searchsorted(classes, truth)]
    return -np.log(np.clip(chances, np.finfo(float).eps, 1))


def _squared_chance(truth: Any, values: Any) -> Any:
    chances = values[:, 1] if values.ndim > 1 else values
    return ((truth == truth.max()) - chances) ** 2


def _squared(truth: Any, values: Any) -> Any:
    return (truth - values) ** 2


def _absolute(truth: Any, values: Any) -> Any:
    return np.abs(truth - values)


def _relative(truth: Any, values: Any) -> Any:
    return np.abs(truth - values) / np.maximum(np.abs(truth), np.finfo(float).eps)


LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mean_squared_error": _squared,
    "root_mean_squared_error": _squared,
    "mean_absolute_error": _absolute,
    "mean_absolute_percentage_error": _relative,
    "log_loss": _surprise,
    "brier_score": _squared_chance,
}
"""What is lost on each row, for metrics that are means of that."""
