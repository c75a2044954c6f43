"""Performance without labels, from the probabilities that a classifier gives (CBPE).

Probabilities are calibrated on the reference. Then the probability of a class is how often it is
right, and the expected table of counts follows, and from that accuracy and F1. It assumes no
concept drift: that labels still depend on inputs as they did in the reference. Where inputs have
moved far from it, ``doubt`` of ``domain/drift/estimate.py`` says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.monitoring.chunk import Interval
from mlops_tui.services.drift.realised import CLASS_METRICS, RESAMPLES, Z, around, from_table

FEWEST = 100
"""Rows with labels that calibration takes."""
LEAST = 1e-12
"""What a probability of 0 counts as."""
POWERS = (0.05, 20.0)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What makes probabilities agree with how often they are right on the reference."""

    classes: tuple[Any, ...]
    """In ascending order; the columns of the probabilities have it."""
    curves: tuple[Any, ...]
    """An isotonic regression of each class; of two classes, of the second alone."""
    rows: int
    """Of the reference."""
    power: float = 1.0
    """What probabilities of more than two classes are raised to before."""

    def calibrated(self, probabilities: Any) -> Any:
        """Return probabilities, a row for each row and a column for each class, of sum 1.

        Raises ``InvalidInput`` where they have other columns, or are no probabilities.
        """
        import numpy as np

        given = _checked(probabilities, len(self.classes))
        if len(self.curves) == 1:
            second = self.curves[0].predict(given[:, 1])
            return np.column_stack((1 - second, second))
        given = _raised(given, self.power)
        found = np.column_stack([c.predict(given[:, k]) for k, c in enumerate(self.curves)])
        total = found.sum(axis=1, keepdims=True)
        return np.divide(found, total, out=np.full_like(found, 1 / found.shape[1]), where=total > 0)

    def estimate(self, metric: str, predicted: Any, probabilities: Any) -> Interval | None:
        """Return the metric that is expected, with a 95 % interval; None of no rows.

        The interval is where the metric by labels is to be expected: labels are drawn by their
        probabilities, which themselves were measured on as many rows as the reference has. Raises
        ``InvalidInput`` of another metric than accuracy and F1.
        """
        import numpy as np

        if metric not in CLASS_METRICS:
            raise InvalidInput(
                f"{metric} cannot be estimated without labels, only accuracy and f1."
            )
        if not len(predicted):
            return None
        chances, chosen = self.calibrated(probabilities), self._codes(predicted)
        size = len(self.classes)
        means = np.stack([chances[chosen == k].sum(axis=0) for k in range(size)], axis=1)
        n = len(chosen)
        if metric == "accuracy":
            value, right = float(np.trace(means) / n), chances[np.arange(n), chosen]
            half = Z * float(np.sqrt((right * (1 - right)).mean() * (1 / n + 1 / self.rows)))
            return Interval(value, max(0.0, value - half), min(1.0, value + half), n)
        drawn = _drawn_tables(means, chances, chosen, 1 + n / self.rows)
        return around(float(from_table(metric, means)), from_table(metric, drawn), n)

    def _codes(self, predicted: Any) -> Any:
        import numpy as np

        places = {name: place for place, name in enumerate(self.classes)}
        try:
            return np.array([places[each] for each in np.asarray(predicted).tolist()], int)
        except KeyError as error:
            raise InvalidInput(f"The reference has no class {error}.") from None


def calibrate(probabilities: Any, truth: Any, classes: Sequence[Any]) -> Calibration:
    """Return the calibration of a classifier on its reference.

    ``probabilities`` have a row for each label of ``truth`` and a column for each class; of two
    classes those of the second alone will do. Those of more are raised to a power before, as they
    depend on each other (temperature scaling, Guo et al. 2017). Raises ``InvalidInput`` where there
    are none, or too few labels.
    """
    import numpy as np

    if probabilities is None:
        raise InvalidInput(
            "Performance cannot be estimated without labels: the model gives no probabilities."
        )
    from sklearn.isotonic import IsotonicRegression

    given, known = _checked(probabilities, len(classes)), np.asarray(truth)
    if len(known) != len(given):
        raise InvalidInput(f"There are {len(given):,} probabilities of {len(known):,} labels.")
    if len(known) < FEWEST:
        raise InvalidInput(
            f"Calibration takes {FEWEST} rows with labels; there are {len(known):,}."
        )
    power = 1.0
    calibrated: Iterable[int] = (1,)
    if len(classes) > 2:  # noqa: PLR2004 - yes and no
        power, calibrated = _best_power(given, known, classes), range(len(classes))
        given = _raised(given, power)
    curves = tuple(
        IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(
            given[:, place], known == classes[place]
        )
        for place in calibrated
    )
    return Calibration(tuple(classes), curves, len(known), power)


def _best_power(probabilities: Any, truth: Any, classes: Sequence[Any]) -> float:
    """Return the power with the least log loss."""
    import numpy as np
    from scipy.optimize import minimize_scalar

    is_true = truth[:, None] == np.asarray(classes)

    def loss(power: float) -> float:
        return -float(np.log(_raised(probabilities, power)[is_true].clip(LEAST)).mean())

    return float(minimize_scalar(loss, bounds=POWERS, method="bounded").x)


def _raised(probabilities: Any, power: float) -> Any:
    """Return probabilities to a power, with the sum 1 again."""
    import numpy as np

    logs = np.log(probabilities.clip(LEAST)) * power
    found = np.exp(logs - logs.max(axis=1, keepdims=True))
    return found / found.sum(axis=1, keepdims=True)


def _checked(probabilities: Any, classes: int) -> Any:
    import numpy as np

    found = np.asarray(probabilities, dtype=float)
    if found.ndim == 1 and classes == 2:  # noqa: PLR2004 - yes and no
        found = np.column_stack((1 - found, found))
    if found.ndim != 2 or found.shape[1] != classes:  # noqa: PLR2004 - rows and columns
        columns = found.shape[1] if found.ndim > 1 else 1
        raise InvalidInput(f"There are probabilities of {columns} classes instead of {classes}.")
    if not ((found >= 0) & (found <= 1)).all():
        raise InvalidInput("Some probabilities are missing, or are not from 0 to 1.")
    return found


def _drawn_tables(means: Any, chances: Any, chosen: Any, widening: float) -> Any:
    """Return tables of counts as labels that are drawn by their probabilities make them.

    The counts of each predicted class are sums over many rows, so that a normal distribution of
    their means and covariances is close.
    """
    import numpy as np

    rng, size = np.random.default_rng(0), len(means)
    drawn = np.empty((RESAMPLES, size, size))
    for k in range(size):
        rows = chances[chosen == k]
        covariance = np.diag(means[:, k]) - rows.T @ rows
        drawn[:, :, k] = rng.multivariate_normal(
            means[:, k], covariance * widening, RESAMPLES, check_valid="ignore"
        )
    return drawn.clip(0)
