"""Metrics by name: scikit-learn's, or a function of the project."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ..problem import Problem, in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from .model import Predictions


AVERAGED = ("f1", "precision", "recall", "jaccard")
PLAIN = {
    "accuracy": "accuracy_score",
    "balanced_accuracy": "balanced_accuracy_score",
    "matthews_corrcoef": "matthews_corrcoef",
    "r2": "r2_score",
    "explained_variance": "explained_variance_score",
    "mean_absolute_error": "mean_absolute_error",
    "mean_squared_error": "mean_squared_error",
    "mean_absolute_percentage_error": "mean_absolute_percentage_error",
    "median_absolute_error": "median_absolute_error",
    "max_error": "max_error",
    "log_loss": "log_loss",
}
"""Names to functions of ``sklearn.metrics`` that take true and predicted values."""
OF_TWO_CLASSES = {
    "roc_auc": "roc_auc_score",
    "average_precision": "average_precision_score",
    "brier_score": "brier_score_loss",
}
"""Names to functions that take the probability of the second class."""
OF_PROBABILITIES = (*OF_TWO_CLASSES, "roc_auc_ovr", "log_loss")
SHORT_NAMES = {
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "mape": "mean_absolute_percentage_error",
}


@dataclass(frozen=True)
class Metric:
    """A metric: what it is computed by, from labels or from probabilities."""

    name: str
    score: Callable[[Any, Any], float]
    needs_probabilities: bool = False

    def values(self, predictions: Predictions) -> Any:
        """Return what it takes of predictions. Raises ``Problem``."""
        return predictions.for_scores() if self.needs_probabilities else predictions.labels()

    def __call__(self, truth: Any, values: Any) -> float:
        """Return its value. Raises ``Problem`` with scikit-learn's words."""
        try:
            found = float(self.score(truth, values))
        except Exception as error:  # noqa: BLE001 - the function may be anybody's
            raise Problem(f"{self.name} cannot be computed: {in_words(error)}") from None
        if found != found:  # noqa: PLR0124 - NaN
            raise Problem(f"{self.name} is NaN on these rows.")
        return found


def metric_of(name: str, folder: str) -> Metric:
    """Return the metric of that name; ``folder`` holds the modules of the project."""
    if ":" in name:
        return Metric(name, _project_function(name, folder))
    name = SHORT_NAMES.get(name, name)
    try:
        return Metric(name, _sklearn_function(name), name in OF_PROBABILITIES)
    except ImportError as error:
        raise Problem(f"scikit-learn, which has {name}, cannot be imported: {error}") from None


def _sklearn_function(name: str) -> Callable[[Any, Any], float]:
    import sklearn.metrics as found

    if name in PLAIN:
        return getattr(found, PLAIN[name])  # type: ignore[no-any-return]
    if name == "root_mean_squared_error":  # scikit-learn has it since 1.4
        return lambda truth, values: float(found.mean_squared_error(truth, values) ** 0.5)
    if name in OF_TWO_CLASSES:
        return _binary(getattr(found, OF_TWO_CLASSES[name]))
    if name == "roc_auc_ovr":
        return partial(found.roc_auc_score, multi_class="ovr")
    base, _, average = name.partition("_")
    score = getattr(found, f"{base}_score")
    return partial(score, average=average or "binary", zero_division=0)


def _binary(score: Callable[[Any, Any], float]) -> Callable[[Any, Any], float]:
    """Return the metric of the second of two columns of probabilities."""

    def of_second(truth: Any, values: Any) -> float:
        if values.ndim == 2:  # noqa: PLR2004 - rows and classes
            if values.shape[1] != 2:  # noqa: PLR2004 - two classes
                raise ValueError(f"it is for two classes, the model has {values.shape[1]}")
            values = values[:, 1]
        return score(truth, values)

    return of_second


def _project_function(name: str, folder: str) -> Callable[[Any, Any], float]:
    module, _, function = name.partition(":")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return getattr(importlib.import_module(module), function)  # type: ignore[no-any-return]
    except Exception as error:  # noqa: BLE001 - importing runs foreign code
        raise Problem(f"{name} cannot be imported from {folder}: {in_words(error)}") from None
