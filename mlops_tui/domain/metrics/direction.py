"""Whether less of a metric is better, or more."""

import re
from collections.abc import Sequence
from enum import StrEnum

from mlops_tui.domain.metrics.metric_value import is_drawable


class Direction(StrEnum):
    """What counts as best."""

    MIN = "min"
    MAX = "max"

    @property
    def opposite(self) -> "Direction":
        """The other one."""
        return Direction.MAX if self is Direction.MIN else Direction.MIN


WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""The words of ``val_loss``, ``valLoss``, ``RMSE``, ``train/log-loss``."""

LESS = frozenset(
    {
        *("loss", "losses", "logloss", "error", "errors", "err", "mae", "mape", "mse", "msle"),
        *("rmse", "rmsle", "smape", "nll", "bic", "aic", "brier", "cer", "wer", "ece", "fid"),
        *("fnr", "fpr", "perplexity", "ppl", "entropy", "crossentropy", "deviance", "distance"),
        *("divergence", "kl", "hinge", "residual", "regret", "gap", "cost", "latency"),
        *("duration", "runtime", "seconds", "time"),
    }
)
"""Words of metrics of which less is better."""


def guess_direction(key: str) -> Direction:
    """Return what the words of a metric's name say; more is better where they say nothing."""
    words = {word.lower() for word in WORDS.findall(key)}
    return Direction.MIN if words & LESS else Direction.MAX


def best_point(values: Sequence[float], direction: Direction) -> int | None:
    """Return the index of the best value, the first of equal ones; None without any."""
    known = [index for index, value in enumerate(values) if is_drawable(value)]
    if not known:
        return None
    choose = min if direction is Direction.MIN else max
    return choose(known, key=values.__getitem__)
