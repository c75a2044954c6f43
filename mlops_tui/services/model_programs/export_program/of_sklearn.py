"""Converts estimators of scikit-learn with skl2onnx, those of XGBoost and LightGBM inside too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..problem import Problem, in_words
from . import boosting
from .columns import TENSOR, Columns, Features
from .converter import Converter

if TYPE_CHECKING:
    from onnx import ModelProto

NEVER = ("HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
"""skl2onnx lists them; the conversion fails, or the result does not run."""
CONTAINERS = ("Pipeline", "ColumnTransformer", "FeatureUnion")
INNER = (
    "steps",
    "transformers_",
    "transformer_list",
    "estimators_",
    "estimator_",
    "final_estimator_",
    "best_estimator_",
)
"""Attributes that hold the parts of an estimator."""


def refuse(model: Any) -> None:
    """Raise ``Problem`` for what is known not to be converted, before it is tried."""
    from skl2onnx import __version__
    from skl2onnx._supported_operators import sklearn_operator_name_map

    parts = parts_of(model)
    boosting.register(parts)
    known = {kind.__name__ for kind in sklearn_operator_name_map}
    for part in parts:
        name = type(part).__name__
        if name.startswith("Voting") and getattr(part, "flatten_transform", False):
            raise Problem(
                f"{name} is converted only with flatten_transform=False, which changes no "
                "prediction: set it, train and log the model again."
            )
        if name in NEVER or name not in known:
            raise Problem(f"{name} cannot be converted to ONNX by skl2onnx {__version__}.")
        boosting.refuse(part)
    if type(model).__module__.partition(".")[0] not in ("sklearn", *boosting.LIBRARIES):
        raise Problem(
            f"{type(model).__name__} is no class of scikit-learn: skl2onnx {__version__} cannot "
            "convert what it does differently."
        )


def parts_of(model: Any) -> list[Any]:
    """Return the estimators that a model consists of, without containers."""
    from sklearn.base import BaseEstimator

    waiting: list[Any] = [model]
    found = []
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseEstimator):
            if type(each).__name__ not in CONTAINERS:
                found.append(each)
            parts = vars(each)
            waiting += [parts[name] for name in INNER if name in parts]
            waiting += [one.estimator for one in parts.get("calibrated_classifiers_", ())]
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, (list, tuple)):
            waiting += each
    return found


def packages(model: Any) -> tuple[str, ...]:
    """Return what converts a model: onnxmltools too, where a part is of XGBoost or LightGBM."""
    has_boosting = any(boosting.library_of(part) for part in parts_of(model))
    return ("skl2onnx", "onnxmltools") if has_boosting else ("skl2onnx",)


def features(model: Any) -> Features:
    """Return what a model was trained on."""
    return Features(
        getattr(model, "n_features_in_", None), getattr(model, "feature_names_in_", None)
    )


def predict(model: Any, rows: Any) -> Any:
    """Return labels or numbers."""
    found = np.asarray(model.predict(rows))
    if found.ndim > 1 and found.shape[1] > 1 and hasattr(model, "classes_"):
        raise Problem("A classifier that predicts several labels a row is not exported.")
    return found


def convert(model: Any, columns: Columns, _rows: Any) -> ModelProto:
    """Return the model as skl2onnx gives it: a matrix goes in, or a matrix for each column."""
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    if takes_matrix(model, columns):
        kind = StringTensorType if columns.texts else FloatTensorType
        inputs = [(TENSOR, kind([None, columns.width]))]
    else:
        inputs = [
            (name, (StringTensorType if name in columns.texts else FloatTensorType)([None, 1]))
            for name in columns.names
        ]
    options = {"zipmap": False} if hasattr(model, "classes_") else None
    opset = boosting.OPSETS if "onnxmltools" in packages(model) else None
    try:
        made: ModelProto = convert_sklearn(
            boosting.without_names(model, parts_of),
            initial_types=inputs,
            options=options,
            target_opset=opset,
        )
    except Exception as error:  # noqa: BLE001 - skl2onnx raises what it likes
        raise Problem(f"skl2onnx cannot convert it: {in_words(error)}") from None
    return made


def takes_matrix(model: Any, columns: Columns) -> bool:
    """Return whether a model gets one matrix: the columns of others are told apart by name."""
    first = model
    while type(first).__name__ == "Pipeline":
        first = first.steps[0][1]
    has_names = type(first).__name__ in ("ColumnTransformer", "FeatureUnion")
    return columns.is_tensor or (columns.is_joined and not has_names)


CONVERTER = Converter(
    libraries="scikit-learn",
    packages=packages,
    refuse=refuse,
    features=features,
    predict=predict,
    convert=convert,
    takes_text=True,
)
