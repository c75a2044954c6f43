"""How far the distribution of a number has moved: Wasserstein, Kolmogorov–Smirnov, PSI."""

from dataclasses import dataclass
from math import hypot, pi, sqrt
from typing import Any

from mlops_tui.domain.drift.drift_report import QUANTILES, Histogram

BINS = 10
"""Bins of the PSI, with as many values of the reference each."""
BARS = 20
"""Bins of a histogram."""
ENDS = (0.01, 0.99)
"""Quantiles between which a histogram has its edges; the outer bins are open."""
SMALL, LARGE = 1e-50, 1e50
"""Numbers of this size have squares that are neither 0 nor infinite."""
ENOUGH = 10_000
"""Places at which the noise is summed up; it needs no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Finite numbers in ascending order; ``weights`` says how often each counts, None once."""

    values: Any
    weights: Any = None

    @property
    def total(self) -> float:
        """How many there are, each as often as it counts."""
        return float(len(self.values) if self.weights is None else self.weights.sum())

    @property
    def deviation(self) -> float:
        """The standard deviation, of numbers whose squares are finite."""
        import numpy as np

        if self.values[0] == self.values[-1]:
            return 0.0  # rounding would make it a little more
        if self.weights is None:
            return float(self.values.std())
        squares = (self.values - self.mean) ** 2
        return float(np.sqrt(np.average(squares, weights=self.weights)))

    @property
    def mean(self) -> float:
        """The mean."""
        import numpy as np

        return float(np.average(self.values, weights=self.weights))

    def scaled(self, factor: float) -> "Numbers":
        """Return all divided by a power of two, which changes no digit."""
        return self if factor == 1 else Numbers(self.values / factor, self.weights)

    def quantiles(self, at: Any) -> Any:
        """Return the numbers below which such shares of all are."""
        import numpy as np

        places = np.asarray(at, dtype=float) * self.total
        if self.weights is None:
            index = np.ceil(places).astype(int) - 1
        else:
            index = np.searchsorted(np.cumsum(self.weights), places)
        return self.values[np.clip(index, 0, len(self.values) - 1)]

    def counts(self, edges: Any) -> Any:
        """Return how many are in (-∞, e₀], (e₀, e₁], …, (eₙ, ∞)."""
        import numpy as np

        places = np.searchsorted(self.values, edges, side="right")
        if self.weights is None:
            return np.diff(places, prepend=0, append=len(self.values))
        below = np.concatenate(([0.0], np.cumsum(self.weights)))
        return np.diff(below[places], prepend=0.0, append=below[-1])

    def outside(self, lowest: float, highest: float) -> float:
        """Return how many are below the lowest or above the highest."""
        import numpy as np

        below = np.searchsorted(self.values, lowest, side="left")
        above = np.searchsorted(self.values, highest, side="right")
        if self.weights is None:
            return float(below + len(self.values) - above)
        return float(self.weights[:below].sum() + self.weights[above:].sum())


@dataclass(frozen=True, slots=True)
class NumberEffects:
    """What one pass over both samples gives."""

    wasserstein: float
    """In standard deviations of the reference."""
    noise: float
    """The mean of that where both samples are of one distribution."""
    ks: float
    """The largest difference of the distribution functions."""


def effects(reference: Numbers, current: Numbers) -> NumberEffects:
    """Return the distances of two samples, neither of them empty, from one sort.

    The Wasserstein distance is ∫|F-G|, the Kolmogorov–Smirnov one max|F-G|. Under chance alone
    F-G is a Brownian bridge of variance H(1-H)(1/n+1/m), whose mean absolute value is √(2/π) of its
    deviation; H is the distribution function of both together. Where the reference is constant,
    the deviation of both together is the unit, each counting half.
    """
    import numpy as np

    factor = _power_of_two(reference, current)
    ours, theirs = reference.scaled(factor), current.scaled(factor)
    n, m = ours.total, theirs.total
    values, difference, below = _merged(ours, theirs)
    gaps = np.diff(values)
    ks = float((difference * (gaps > 0)).max(initial=0.0))
    if not ks:
        return NumberEffects(0.0, 0.0, ks)
    unit = ours.deviation or _deviation_of_both(ours, theirs)
    step = max(1, len(values) // ENOUGH)
    share = below[::step] / (n + m)
    bridge = np.sqrt(np.clip(share * (1 - share), 0, None))
    noise = sqrt(2 / pi * (1 / n + 1 / m)) * float((bridge[:-1] * np.diff(values[::step])).sum())
    # Products with @ would wake the threads of BLAS, which cost more than they save here.
    difference *= gaps
    return NumberEffects(float(difference.sum()) / unit, noise / unit, ks)


def _deviation_of_both(constant: Numbers, other: Numbers) -> float:
    """Return the deviation of a constant and another sample, each counting half."""
    return hypot(other.deviation / sqrt(2), (other.mean - constant.mean) / 2)


def _merged(ours: Numbers, theirs: Numbers) -> tuple[Any, Any, Any]:
    """Return all values ascending, |F-G| above each but the last, how many are not above each."""
    import numpy as np

    n, m = ours.total, theirs.total
    both = np.concatenate((ours.values, theirs.values))
    # A stable sort merges the two ascending halves.
    order = np.argsort(both, kind="stable")
    is_ours = order < len(ours.values)
    if ours.weights is None and theirs.weights is None:
        below_ours, below = np.cumsum(is_ours, dtype=float), np.arange(1.0, len(order) + 1)
    else:
        each = [np.ones(len(x.values)) if x.weights is None else x.weights for x in (ours, theirs)]
        weights = np.concatenate(each)[order]
        below_ours, below = np.cumsum(np.where(is_ours, weights, 0.0)), np.cumsum(weights)
    # Whole numbers as long as they can be: equal samples differ by nothing. F-G is this by nm.
    below_ours *= n + m
    below_ours -= below * n
    np.abs(below_ours, out=below_ours)
    below_ours /= n * m
    return both[order], below_ours[:-1], below


def _power_of_two(*samples: Numbers) -> float:
    """Return a number near the largest one, dividing by which keeps squares finite."""
    import numpy as np

    largest = max(float(np.abs(each.values[[0, -1]]).max()) for each in samples)
    if not largest or SMALL < largest < LARGE:
        return 1.0
    return float(np.ldexp(1.0, int(np.frexp(largest)[1]) - 1))


def stability_index(reference: Numbers, current: Numbers) -> tuple[float, float]:
    """Return the PSI over bins that share the reference evenly, and its mean under chance alone."""
    import numpy as np

    edges = np.unique(reference.quantiles(np.arange(1, BINS) / BINS))
    return psi_of_counts(reference.counts(edges), current.counts(edges))


def psi_of_counts(reference: Any, current: Any) -> tuple[float, float]:
    """Return Σ(p-q)·ln(p/q) of two rows of counts, and its mean under chance alone.

    Half a value is added to each count, so that an empty one is no infinite difference. The mean is
    (k-1)(1/n+1/m) with k bins, as that of half a χ² on either side.
    """
    import numpy as np

    bins = len(reference)
    n, m = reference.sum(), current.sum()
    p, q = (reference + 0.5) / (n + bins / 2), (current + 0.5) / (m + bins / 2)
    return float(((p - q) * np.log(p / q)).sum()), float((bins - 1) * (1 / n + 1 / m))


def histogram(reference: Numbers, current: Numbers) -> Histogram | None:
    """Return both samples in bins of one width, None where all values are the same."""
    import numpy as np

    ends = np.stack([each.quantiles(ENDS) for each in (reference, current)])
    low, high = float(ends[:, 0].min()), float(ends[:, 1].max())
    edges = np.linspace(low / 2, high / 2, BARS + 1) * 2  # their difference may be infinite
    if not low < high or not (np.diff(edges) > 0).all():
        return None
    rows = [each.counts(edges[1:-1]) / each.total for each in (reference, current)]
    shares = (tuple(map(float, row)) for row in rows)
    return Histogram((), tuple(map(float, edges)), *shares)


def quantiles(numbers: Numbers) -> tuple[float, ...]:
    """Return the quantiles that a report has."""
    return tuple(map(float, numbers.quantiles(QUANTILES)))
