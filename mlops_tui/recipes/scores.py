"""Computes the metrics of a classifier."""

import warnings
from math import isfinite
from typing import TYPE_CHECKING

from sklearn import metrics

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from sklearn.base import ClassifierMixin

TWO_CLASSES = 2


def measure(estimator: "ClassifierMixin", X: "pd.DataFrame", y: "np.ndarray") -> dict[str, float]:
    """Return the metrics that are defined for this estimator on these rows."""
    predicted = estimator.predict(X)
    averaged = {"average": "macro", "zero_division": 0}
    found = {
        "accuracy": metrics.accuracy_score(y, predicted),
        "precision_macro": metrics.precision_score(y, predicted, **averaged),
        "recall_macro": metrics.recall_score(y, predicted, **averaged),
        "f1_macro": metrics.f1_score(y, predicted, **averaged),
    }
    if hasattr(estimator, "predict_proba"):
        probabilities = estimator.predict_proba(X)
        found["log_loss"] = metrics.log_loss(y, probabilities, labels=estimator.classes_)
        found["roc_auc"] = _roc_auc(y, probabilities, estimator.classes_)
    return {name: float(value) for name, value in found.items() if isfinite(value)}


def _roc_auc(y: "np.ndarray", probabilities: "np.ndarray", classes: "np.ndarray") -> float:
    """Return the area under the ROC curve, NaN if some class has no row."""
    scores = probabilities[:, 1] if len(classes) == TWO_CLASSES else probabilities
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return float(metrics.roc_auc_score(y, scores, multi_class="ovr", labels=classes))
        except ValueError:
            return float("nan")
