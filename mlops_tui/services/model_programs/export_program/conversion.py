"""From a scikit-learn model to ONNX: float32, one input per column of a frame."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..problem import Problem, in_words, listed

if TYPE_CHECKING:
    from mlflow.types import Schema
    from onnx import ModelProto

NUMBERS = ("double", "float", "long", "integer", "boolean")
"""Types of columns that become float32."""
NEVER = ("HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
"""skl2onnx lists them; the conversion fails, or the result does not run."""
CONTAINERS = ("Pipeline", "ColumnTransformer", "FeatureUnion")
INNER = ("steps", "transformers_", "transformer_list", "estimators_", "estimator_")
"""Attributes that hold the parts of an estimator."""
TENSOR = "X"
"""The name of the only input of a model that takes no columns."""


@dataclass(frozen=True)
class Columns:
    """What a model takes: columns by name, else so many numbers a row."""

    names: tuple[str, ...]
    texts: frozenset[str] = frozenset()
    """Those of the columns that hold text."""
    is_tensor: bool = False

    @property
    def is_joined(self) -> bool:
        """Whether all of them are of one type, so that one matrix holds them."""
        return self.is_tensor or not self.texts or len(self.texts) == len(self.names)


def refuse_missing_packages() -> None:
    """Raise ``Problem`` where this Python lacks what the conversion needs."""
    import importlib

    missing = []
    for name in ("skl2onnx", "onnx", "onnxruntime"):
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        raise Problem(
            f"{sys.executable} has no {' and no '.join(missing)}, which the export needs: "
            f"{sys.executable} -m pip install {' '.join(missing)}"
        )


def refuse_unconvertible(model: Any) -> None:
    """Raise ``Problem`` for what is known not to be converted, before it is tried."""
    from skl2onnx import __version__
    from skl2onnx._supported_operators import sklearn_operator_name_map

    if not type(model).__module__.startswith("sklearn."):
        kind = f"{type(model).__module__.partition('.')[0]} ({type(model).__name__})"
        raise Problem(f"Only models of scikit-learn are exported to ONNX, not those of {kind}.")
    known = {kind.__name__ for kind in sklearn_operator_name_map}
    for part in parts_of(model):
        name = type(part).__name__
        if name.startswith("Voting") and getattr(part, "flatten_transform", False):
            raise Problem(
                f"{name} is converted only with flatten_transform=False, which changes no "
                "prediction: set it, train and log the model again."
            )
        if name in NEVER or name not in known:
            raise Problem(f"{name} cannot be converted to ONNX by skl2onnx {__version__}.")


def parts_of(model: Any) -> list[Any]:
    """Return the estimators that a model consists of, one of each class, without containers."""
    from sklearn.base import BaseEstimator

    waiting: list[Any] = [model]
    found: dict[type, Any] = {}
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseEstimator):
            if type(each).__name__ not in CONTAINERS:
                found.setdefault(type(each), each)
            parts = vars(each).items()
            waiting += [part for name, part in parts if name in INNER]
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, (list, tuple)):
            waiting += each
    return list(found.values())


def columns_of(model: Any, schema: Schema | None) -> Columns:
    """Return what a model takes, by its signature or by what it was trained on."""
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        count = getattr(model, "n_features_in_", None)
        if count is None:
            raise Problem(
                "The model has no signature, and does not tell how many columns it takes."
            )
        names = getattr(model, "feature_names_in_", None)
        if names is None:
            return Columns(tuple(map(str, range(count))), is_tensor=True)
        return Columns(tuple(map(str, names)))
    kinds = {str(spec.name): getattr(spec.type, "name", "") for spec in schema.inputs}
    odd = [name for name, kind in kinds.items() if kind not in (*NUMBERS, "string")]
    if odd:
        raise Problem(f"{listed(odd)}: ONNX models take numbers and text, not {kinds[odd[0]]}.")
    return Columns(tuple(kinds), frozenset(n for n, kind in kinds.items() if kind == "string"))


def converted(model: Any, columns: Columns) -> ModelProto:
    """Return the model as skl2onnx gives it: a matrix goes in, or a matrix for each column."""
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    width = len(columns.names)
    if takes_matrix(model, columns):
        kind = StringTensorType if columns.texts else FloatTensorType
        inputs = [(TENSOR, kind([None, width]))]
    else:
        inputs = [
            (name, (StringTensorType if name in columns.texts else FloatTensorType)([None, 1]))
            for name in columns.names
        ]
    options = {"zipmap": False} if hasattr(model, "classes_") else None
    try:
        made: ModelProto = convert_sklearn(model, initial_types=inputs, options=options)
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
