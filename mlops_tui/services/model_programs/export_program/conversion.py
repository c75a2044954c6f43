"""Chooses how a model is converted to ONNX, by the library that it was trained with."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from ..problem import Problem, listed
from . import of_boosting, of_sklearn, of_torch
from .columns import columns_of

if TYPE_CHECKING:
    from mlflow.types import Schema

    from .columns import Columns
    from .converter import Converter

CONVERTERS = {
    "sklearn": of_sklearn.CONVERTER,
    "xgboost": of_boosting.CONVERTER,
    "lightgbm": of_boosting.CONVERTER,
    "torch": of_torch.CONVERTER,
}
"""By the package that the model's class, or a class that it inherits from, belongs to."""
ALWAYS = ("onnx", "onnxruntime")
"""Packages that every export needs."""


def converter_of(model: Any) -> Converter:
    """Return the converter for a model. Raises ``Problem`` where its library has none."""
    for kind in type(model).__mro__:
        if found := CONVERTERS.get(kind.__module__.partition(".")[0]):
            return found
    libraries = ", ".join(dict.fromkeys(each.libraries for each in CONVERTERS.values()))
    given = f"{type(model).__module__.partition('.')[0]} ({type(model).__name__})"
    raise Problem(
        f"Models of {given} are not exported to ONNX; those of these libraries are: {libraries}."
    )


def refuse_missing_packages(converter: Converter, model: Any) -> None:
    """Raise ``Problem`` where this Python lacks what the conversion of a model needs."""
    missing = []
    for name in (*converter.packages(model), *ALWAYS):
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        raise Problem(
            f"{sys.executable} has no {' and no '.join(missing)}, which the export needs: "
            f"{sys.executable} -m pip install {' '.join(missing)}"
        )


def input_of(converter: Converter, model: Any, schema: Schema | None) -> Columns:
    """Return what a model takes. Raises ``Problem`` for what its library does not export."""
    columns = columns_of(converter.features(model), schema)
    if columns.texts and not converter.takes_text:
        raise Problem(
            f"{listed(sorted(columns.texts))}: {type(model).__name__} is exported with columns of "
            "numbers, not of text."
        )
    return columns
