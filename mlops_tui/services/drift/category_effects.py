"""How far the shares of categories have moved: Jensen–Shannon, PSI."""

from math import log, sqrt
from typing import Any

from mlops_tui.domain.drift.drift_report import Histogram
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.drift.p_values import FEWEST_EXPECTED

BARS = 12
"""Categories of a histogram; all others are one."""
OTHER = "other"
DRAWS = 10
"""Pairs of samples of which the noise is the mean."""
LONGEST_LABEL = 60


def jensen_shannon(reference: Any, current: Any) -> float:
    """Return the Jensen–Shannon distance of two rows of counts, from 0 to 1 (logarithms to base 2).

    It is the root of the divergence, as scipy's ``jensenshannon(p, q, base=2)``.
    """
    p, q = reference / reference.sum(), current / current.sum()
    middle = (p + q) / 2
    divergence = _relative_entropy(p, middle) + _relative_entropy(q, middle)
    return sqrt(min(1.0, max(0.0, divergence / (2 * log(2)))))


def _relative_entropy(p: Any, middle: Any) -> float:
    import numpy as np

    is_used = p > 0
    return float((p[is_used] * np.log(p[is_used] / middle[is_used])).sum())


def noise_of_categories(reference: Any, current: Any) -> float:
    """Return the distance that chance alone makes of counts that are of one distribution.

    With k categories the mean divergence is (k-1)(1/n+1/m)/8. Where few are expected of some, that
    does not hold: then it is the mean of samples drawn from both together.
    """
    import numpy as np

    n, m = int(reference.sum()), int(current.sum())
    shares = (reference + current) / (n + m)
    if shares.min() * min(n, m) >= FEWEST_EXPECTED:
        return sqrt(min(1.0, (len(shares) - 1) * (1 / n + 1 / m) / (8 * log(2))))
    rng = np.random.default_rng(0)
    drawn = zip(rng.multinomial(n, shares, DRAWS), rng.multinomial(m, shares, DRAWS), strict=True)
    return sqrt(sum(jensen_shannon(ours, theirs) ** 2 for ours, theirs in drawn) / DRAWS)


def histogram(labels: list[str], reference: Any, current: Any) -> Histogram:
    """Return the shares of the most frequent categories, and of all others together."""
    import numpy as np

    p, q = reference / reference.sum(), current / current.sum()
    order = np.argsort(-(p + q), kind="stable")
    shown, rest = order[:BARS], order[BARS:]
    names = [one_line(labels[index], LONGEST_LABEL) for index in shown]
    rows = [[float(x) for x in each[shown]] for each in (p, q)]
    if len(rest):
        names.append(OTHER)
        for row, each in zip(rows, (p, q), strict=True):
            row.append(float(each[rest].sum()))
    return Histogram(tuple(names), (), tuple(rows[0]), tuple(rows[1]))
