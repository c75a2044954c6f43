"""Which metrics a person looks at first: validation and test, then loss; the machine's last."""

from collections.abc import Mapping
from enum import IntEnum

from mlops_tui.domain.metrics.direction import WORDS

VALIDATION = frozenset({"val", "valid", "validation", "eval", "dev"})
TEST = frozenset({"test", "testing", "holdout"})
"""Words of metrics that were measured on rows a model was not fitted to."""

LOSS = frozenset({"loss", "losses", "logloss"})

PACE = frozenset({"lr", "grad", "gradient", "momentum", "runtime", "second", "seconds", "time"})
"""Words of metrics that say how training goes on, not how good the model is."""

COUNTERS = frozenset({"epoch", "epochs", "step", "steps", "iteration", "global", "total", "flos"})
"""Words that name a counter where they stand alone: ``train_loss_epoch`` is a loss."""

SYSTEM = "system/"
"""How MLflow begins the names of what it logs about the machine."""

RARE = 0.1
"""Metrics that fewer of the runs have, against the most common one, come after the others."""


class Interest(IntEnum):
    """How soon a metric is looked at, by its name; the least first."""

    VALIDATION = 0
    TEST = 1
    LOSS = 2
    OTHER = 3
    PACE = 4
    SYSTEM = 5


def interest_in(key: str) -> Interest:
    """Return what the words of a metric's name say."""
    if key.startswith(SYSTEM):
        return Interest.SYSTEM
    words = {word.lower() for word in WORDS.findall(key)}
    counts_only = bool(words) and words <= COUNTERS
    if words & PACE or counts_only or {"learning", "rate"} <= words:
        return Interest.PACE
    if words & VALIDATION:
        return Interest.VALIDATION
    if words & TEST:
        return Interest.TEST
    return Interest.LOSS if words & LOSS else Interest.OTHER


def by_interest(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return metrics in the order in which to look at them; ``counts`` is how many runs have each.

    Those that few runs have come behind those that many have, whatever their names, but before
    what is about the machine.
    """
    few = RARE * max(counts.values(), default=0)
    return tuple(sorted(counts, key=lambda key: _place(key, counts[key], few)))


def _place(key: str, count: int, few: float) -> tuple[bool, bool, Interest, int, str]:
    interest = interest_in(key)
    return interest is Interest.SYSTEM, count < few, interest, -count, key
