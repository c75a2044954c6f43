"""Estimated and realised performance of a version on a chunk, beside what is usual."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.metrics.metric_value import is_number
from mlops_tui.domain.monitoring.chunk import Interval
from mlops_tui.domain.monitoring.monitor import LOWER_IS_BETTER
from mlops_tui.services.drift.estimation import Calibration, calibrate
from mlops_tui.services.drift.realised import CLASS_METRICS, confusion, from_table, realised
from mlops_tui.services.monitoring.reference_rows import Reference, as_label

MOST_CLASSES = 20
"""Different whole numbers up to which they count as classes."""
RESAMPLES = 200
BAND = 3.0
"""Standard deviations around the mean on the reference that are usual."""
FEWEST = 100
"""Rows of a reference with labels below which nothing is usual."""
MOST = 50_000
"""Rows of a chunk for which the usual range is worked out; of more it hardly changes."""


@dataclass(slots=True)
class Performance:
    """The metric of a version on its reference, and what an estimate needs to know of that."""

    metric: str
    truth: Any
    """Of the reference: texts of classes, or numbers."""
    predicted: Any
    calibration: Calibration | None = None
    order: tuple[int, ...] = ()
    """The columns of probabilities in the order of the classes that the calibration has."""
    _bands: dict[int, Interval | None] = field(default_factory=dict)

    @property
    def is_class(self) -> bool:
        """Whether classes are predicted, not numbers."""
        return self.metric in CLASS_METRICS

    @property
    def lower_is_better(self) -> bool:
        """Whether the metric is an error."""
        return self.metric in LOWER_IS_BETTER

    def values(self, column: Any) -> Any:
        """Return predictions as they are compared: texts of classes, or numbers (NaN for null)."""
        return _values(column.to_pylist(), is_class=self.is_class)

    def realise(self, truth: Sequence[Any], predicted: Any) -> Interval | None:
        """Return the metric by labels with its 95 % interval; None where no row has both."""
        return realised(self.metric, _values(list(truth), is_class=self.is_class), predicted)

    def estimate(self, probabilities: Any, predicted: Any) -> Interval | None:
        """Return the metric that is expected without labels (CBPE); None where it cannot be."""
        import numpy as np

        if probabilities is None or self.calibration is None:
            return None
        known = np.isin(predicted, self.calibration.classes)
        with suppress(InvalidInput, IndexError):
            chances = probabilities[known][:, list(self.order)]
            return self.calibration.estimate(self.metric, predicted[known], chances)
        return None

    def band(self, n: int) -> Interval | None:
        """Return the range of the metric on as many rows, drawn from the reference again and again.

        A hold-out seldom has enough rows for several whole chunks, which would tell it directly.
        """
        import numpy as np

        n = max(1, min(n, MOST))
        if n not in self._bands:
            found = None
            if len(self.truth) >= FEWEST:
                drawn = self._drawn(n)
                mean, half = float(np.mean(drawn)), BAND * float(np.std(drawn))
                highest = 1.0 if self.is_class else float("inf")
                found = Interval(mean, max(0.0, mean - half), min(highest, mean + half), n)
            self._bands[n] = found
        return self._bands[n]

    def _drawn(self, n: int) -> Any:
        import numpy as np

        rng = np.random.default_rng(0)
        if self.is_class:
            table = confusion(self.truth, self.predicted)
            cells = (table / table.sum()).ravel()
            tables = rng.multinomial(n, cells, RESAMPLES).reshape(-1, *table.shape)
            return from_table(self.metric, tables)
        errors = np.abs(self.truth - self.predicted)
        errors = errors[np.isfinite(errors)].clip(0, 1e150)
        if not len(errors):
            return np.zeros(1)
        power = 2 if self.metric == "rmse" else 1
        draws = (errors[rng.integers(len(errors), size=n)] for _ in range(RESAMPLES))
        return np.array([np.mean(each**power) ** (1 / power) for each in draws])


def performance_of(metric: str, reference: Reference) -> Performance | None:
    """Return the performance on a reference; None where it has no predictions or no labels."""
    parts = reference.parts
    if parts.predictions is None or parts.truth is None:
        return None
    truth, predicted = parts.truth.to_pylist(), parts.predictions.to_pylist()
    known = [n for n, each in enumerate(truth) if each is not None]
    if not known:
        return None
    metric = metric or ("accuracy" if _is_class(reference, truth) else "rmse")
    is_class = metric in CLASS_METRICS
    found = Performance(
        metric,
        _values([truth[n] for n in known], is_class=is_class),
        _values([predicted[n] for n in known], is_class=is_class),
    )
    if is_class and parts.probabilities is not None:
        names = reference.classes
        found.order = tuple(sorted(range(len(names)), key=lambda place: names[place]))
        chances = parts.probabilities[known][:, list(found.order)]
        with suppress(InvalidInput):
            found.calibration = calibrate(chances, found.truth, [names[n] for n in found.order])
    return found


def _is_class(reference: Reference, truth: Sequence[Any]) -> bool:
    if reference.has_probabilities:
        return True
    values = {as_label(each) for each in truth if each is not None}
    return len(values) <= MOST_CLASSES or not all(is_number(each) for each in values)


def _values(values: Sequence[Any], *, is_class: bool) -> Any:
    import numpy as np

    if is_class:
        return np.array(["" if each is None else as_label(_plain(each)) for each in values], object)
    return np.array([_number(each) for each in values], float)


def _plain(value: Any) -> Any:
    """Return a text that is a number as one: 1.0 of a CSV file is the class 1."""
    return value.removesuffix(".0") if isinstance(value, str) else value


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")
