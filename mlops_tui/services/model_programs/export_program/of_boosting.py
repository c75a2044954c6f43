"""Converts models of XGBoost and LightGBM with onnxmltools: estimators, and Boosters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..problem import Problem, in_words
from . import boosting, of_sklearn
from .columns import TENSOR, Features
from .converter import Converter

if TYPE_CHECKING:
    from onnx import ModelProto

    from .columns import Columns


def packages(_model: Any) -> tuple[str, ...]:
    """Return what converts a model; onnxmltools itself needs skl2onnx."""
    return ("skl2onnx", "onnxmltools")


def refuse(model: Any) -> None:
    """Raise ``Problem`` for what is known not to be converted, before it is tried."""
    if boosting.is_booster(model):
        boosting.refuse(model)
    else:
        of_sklearn.refuse(model)


def features(model: Any) -> Features:
    """Return what a model was trained on: LightGBM names the columns of a matrix itself."""
    booster = boosting.booster_of(model)
    if boosting.library_of(booster) == "xgboost":
        return Features(booster.num_features(), booster.feature_names)
    names, count = booster.feature_name(), booster.num_feature()
    has_names = names != [f"Column_{n}" for n in range(count)]
    return Features(count, names if has_names else None)


def predict(model: Any, rows: Any) -> Any:
    """Return labels or numbers; of a Booster, what it predicts by itself."""
    if not boosting.is_booster(model):
        return of_sklearn.predict(model, rows)
    if boosting.library_of(model) == "xgboost":
        from xgboost import DMatrix

        return np.asarray(model.predict(DMatrix(rows)))
    return np.asarray(model.predict(rows))


def convert(model: Any, columns: Columns, rows: Any) -> ModelProto:
    """Return the model in ONNX: a matrix goes in."""
    if not boosting.is_booster(model):
        return of_sklearn.convert(model, columns, rows)
    import onnxmltools
    from onnxmltools.convert.common.data_types import FloatTensorType

    inputs = [(TENSOR, FloatTensorType([None, columns.width]))]
    try:
        if boosting.library_of(model) == "xgboost":
            copied = model.copy()
            copied.feature_names = None
            made = onnxmltools.convert_xgboost(copied, initial_types=inputs)
        else:
            made = onnxmltools.convert_lightgbm(model, initial_types=inputs, zipmap=False)
    except Exception as error:  # noqa: BLE001 - onnxmltools raises what it likes
        raise Problem(f"onnxmltools cannot convert it: {in_words(error)}") from None
    return _as_predicted(made, boosting.objective_of(model))


def _as_predicted(made: ModelProto, objective: str) -> ModelProto:
    """Keep the one output that a Booster itself gives: onnxmltools gives labels beside it."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    graph = made.graph
    if not any(each.domain in ("", "ai.onnx") for each in made.opset_import):
        made.opset_import.append(helper.make_opsetid("", boosting.OPSETS[""]))
    outputs = {each.name: each for each in graph.output}
    if "probabilities" not in outputs:
        return made
    if objective == boosting.XGBOOST_LABELS:
        kept = outputs["label"]
    elif objective.startswith("binary"):
        one = numpy_helper.from_array(np.array([1], np.int64), "positive")
        graph.initializer.append(one)
        node = helper.make_node("Gather", ["probabilities", one.name], ["score"], axis=1)
        graph.node.append(node)
        kept = helper.make_tensor_value_info("score", TensorProto.FLOAT, [None, 1])
    else:
        kept = onnx.ValueInfoProto()
        kept.CopyFrom(outputs["probabilities"])
    del graph.output[:]
    graph.output.append(kept)
    return made


CONVERTER = Converter(
    libraries="XGBoost, LightGBM",
    packages=packages,
    refuse=refuse,
    features=features,
    predict=predict,
    convert=convert,
)
