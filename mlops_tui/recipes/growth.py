"""Fits an estimator; an ensemble grows in steps that are logged."""

import time
from typing import TYPE_CHECKING

import mlflow

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from sklearn.base import ClassifierMixin

POINTS = 30
"""Steps in which an ensemble grows: points of its curve."""


def fit(
    estimator: "ClassifierMixin",
    X_train: "pd.DataFrame",
    y_train: "np.ndarray",
    X_test: "pd.DataFrame",
    y_test: "np.ndarray",
) -> float:
    """Fit the estimator; return how many seconds that took.

    An ensemble grows in steps, with the same result as in one. ``validation_accuracy`` is logged at
    each step.
    """
    sizes = _sizes(estimator)
    if not sizes:
        return _timed_fit(estimator, X_train, y_train)
    seconds = 0.0
    for size in sizes:
        estimator.set_params(n_estimators=size, warm_start=True)
        seconds += _timed_fit(estimator, X_train, y_train)
        accuracy = estimator.score(X_test, y_test)
        mlflow.log_metric("validation_accuracy", accuracy, step=size)
        print(f"{size} trees: accuracy {accuracy:.3f}", flush=True)  # noqa: T201 - the job's log
    estimator.set_params(warm_start=False)
    return seconds


def _sizes(estimator: "ClassifierMixin") -> list[int]:
    params = estimator.get_params(deep=False)
    if not {"n_estimators", "warm_start"} <= params.keys():
        return []
    size = params["n_estimators"]
    return sorted({max(1, size * number // POINTS) for number in range(1, POINTS + 1)})


def _timed_fit(estimator: "ClassifierMixin", X: "pd.DataFrame", y: "np.ndarray") -> float:
    start = time.perf_counter()
    estimator.fit(X, y)
    return time.perf_counter() - start
