"""Logs a trained estimator as an MLflow model in the skops format, without pickles."""

import sys
from importlib.metadata import version
from inspect import signature
from typing import TYPE_CHECKING

import mlflow
from mlflow.models import infer_signature

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.models.model import ModelInfo
    from sklearn.base import ClassifierMixin

TRUSTED = {
    "numpy.dtype",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.tree._tree.Tree",
}
"""Types that skops does not trust by default, but that our estimators need. They hold arrays of
numbers, or the name of a type, and are harmless. Logging a model with any other fails."""


def check() -> None:
    """Exit with a message if this MLflow cannot log models in the skops format."""
    if "skops_trusted_types" not in signature(mlflow.sklearn.log_model).parameters:
        sys.exit(
            "The recipes log models in the skops format, which needs MLflow 3.9 or newer; this is "
            f"MLflow {mlflow.__version__}. Update it: {sys.executable} -m pip install -U mlflow"
        )


def log(
    estimator: "ClassifierMixin", name: str, X_train: "pd.DataFrame", X_test: "pd.DataFrame"
) -> "ModelInfo":
    """Log the model with signature, input example and pinned requirements."""
    info: ModelInfo = mlflow.sklearn.log_model(
        estimator,
        name=name,
        signature=infer_signature(X_train, estimator.predict(X_train)),
        input_example=X_test.head(1),
        serialization_format="skops",
        skops_trusted_types=trusted_types(estimator),
        pip_requirements=[
            f"{package}=={version(package)}" for package in ("mlflow", "scikit-learn", "skops")
        ],
    )
    return info


def trusted_types(estimator: "ClassifierMixin") -> list[str]:
    """Return the ``TRUSTED`` types that this estimator contains."""
    import skops.io

    asked = skops.io.get_untrusted_types(data=skops.io.dumps(estimator))
    return sorted(TRUSTED.intersection(asked))
