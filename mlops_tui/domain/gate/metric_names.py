"""The metrics of scikit-learn that a rule can evaluate, by the names of its scorers."""

from collections.abc import Mapping
from difflib import get_close_matches

AVERAGED = ("f1", "precision", "recall", "jaccard")
AVERAGES = ("macro", "micro", "weighted")

CLASSIFIER_METRICS = (
    "accuracy",
    "balanced_accuracy",
    *AVERAGED,
    *(f"{name}_{average}" for name in AVERAGED for average in AVERAGES),
    "matthews_corrcoef",
    "roc_auc",
    "roc_auc_ovr",
    "average_precision",
)
CLASSIFIER_LOSSES = ("log_loss", "brier_score")
REGRESSOR_METRICS = ("r2", "explained_variance")
REGRESSOR_LOSSES = (
    "mean_absolute_error",
    "mean_squared_error",
    "root_mean_squared_error",
    "mean_absolute_percentage_error",
    "median_absolute_error",
    "max_error",
)
LOSSES = frozenset({*CLASSIFIER_LOSSES, *REGRESSOR_LOSSES})
"""Of these less is better."""
METRICS = (*CLASSIFIER_METRICS, *CLASSIFIER_LOSSES, *REGRESSOR_METRICS, *REGRESSOR_LOSSES)
SHORT_NAMES: Mapping[str, str] = {
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "mape": "mean_absolute_percentage_error",
}
"""Names that MLflow's own evaluation uses."""


def full_name(name: str) -> str:
    """Return scikit-learn's name of a metric."""
    return SHORT_NAMES.get(name, name)


def is_function(name: str) -> bool:
    """Return whether a metric is a function of the project, written ``module:function``."""
    module, colon, function = name.partition(":")
    parts = module.split(".")
    return bool(colon) and function.isidentifier() and all(map(str.isidentifier, parts))


def metric_problem(name: str) -> str:
    """Return what is wrong with the name of a metric to evaluate; empty if it is known."""
    if full_name(name) in METRICS or is_function(name):
        return ""
    close = get_close_matches(name, METRICS, 3, 0.5)
    hint = f" Close to it: {', '.join(close)}." if close else ""
    return f"there is no metric {name!r}; name one of scikit-learn's, or module:function.{hint}"
