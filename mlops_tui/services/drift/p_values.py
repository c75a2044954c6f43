"""How likely a difference is where nothing but chance makes one."""

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt
from typing import Any

FEWEST_EXPECTED = 5
"""Cells of which fewer are expected are counted together, as the χ² test asks."""
EXACT_UP_TO = 10_000
"""Values up to which the distribution of one sample's statistic is taken exactly."""
UNLIKELY = 0.1
"""Below this p, twice the one-sided one is the two-sided one to five digits."""


def p_of_ks(distance: float, n: float, m: float) -> float:
    """Return p of a Kolmogorov–Smirnov distance between two samples.

    As scipy's ``ks_2samp(method="asymp")``: the statistic of one sample of n·m/(n+m) values. It is
    never below that of two samples apart from one another, 2 n! m! / (n+m)!.
    """
    from scipy.special import kolmogorov, smirnov

    size = n * m / (n + m)
    if size <= EXACT_UP_TO:
        whole = max(1, round(size))
        p = min(1.0, 2 * float(smirnov(whole, min(1.0, distance))))
        if p < UNLIKELY:
            return max(p, min(1.0, 2 * exp(_log_of_apart(n, m))))
        size = whole
    # Stephens (1970) makes the limiting distribution fit small samples.
    return float(kolmogorov(distance * (sqrt(size) + 0.12 + 0.11 / sqrt(size))))


def _log_of_apart(n: float, m: float) -> float:
    return lgamma(n + 1) + lgamma(m + 1) - lgamma(n + m + 1)


def p_of_counts(reference: Any, current: Any) -> float:
    """Return p of the χ² test that both rows of counts are of one distribution.

    Categories of which fewer than 5 are expected in a row are counted as one.
    """
    import numpy as np
    from scipy.special import chdtrc

    table = np.stack((reference, current)).astype(float)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    if not rows.all():
        return 1.0
    is_rare = columns * rows.min() / rows.sum() < FEWEST_EXPECTED
    if is_rare.sum() > 1:
        table = np.column_stack((table[:, ~is_rare], table[:, is_rare].sum(axis=1)))
        columns = table.sum(axis=0)
    expected = np.outer(rows, columns) / rows.sum()
    is_used = columns > 0
    degrees = int(is_used.sum()) - 1
    if degrees < 1:
        return 1.0
    deviation = (table - expected)[:, is_used]
    return float(chdtrc(degrees, (deviation**2 / expected[:, is_used]).sum()))


def p_of_shares(ours: float, n: float, theirs: float, m: float) -> float:
    """Return p that ``ours`` of n and ``theirs`` of m have one probability.

    It is the χ² test with Yates' correction, which makes it careful where few are counted.
    """
    from scipy.special import chdtrc

    total, both = n + m, ours + theirs
    if not 0 < both < total:
        return 1.0
    apart = max(0.0, abs(ours * m - theirs * n) - total / 2)
    return float(chdtrc(1, total * apart**2 / (n * m * both * (total - both))))


def p_of_outside(outside: float, n: float, m: float) -> float:
    """Return a bound of p that so many of n values are outside the range of m others.

    ``k`` values beyond one end are the k highest of all with probability at most (n/(n+m))^k; the
    outside ones may be shared between both ends in k+1 ways.
    """
    if not outside or not m:
        return 1.0
    return min(1.0, exp(log(outside + 1) + outside * log(n / (n + m))))


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return the values after Benjamini and Hochberg (1995), in their order."""
    import numpy as np

    count = len(p_values)
    order = np.argsort(p_values, kind="stable")[::-1]
    found, least = [1.0] * count, 1.0
    for place, index in enumerate(order):
        least = min(least, p_values[index] * count / (count - place))
        found[index] = least
    return found
