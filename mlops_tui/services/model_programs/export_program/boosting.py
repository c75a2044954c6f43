"""What onnxmltools converts of XGBoost and LightGBM, and what it is known to convert wrongly."""

from __future__ import annotations

import copy
import importlib
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from ..problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIBRARIES = {"xgboost": "XGBoost", "lightgbm": "LightGBM"}
"""Their packages, with their names as people write them."""
OPSETS = {"": 15, "ai.onnx.ml": 3}
"""The newest that onnxmltools writes."""
READS_NEW, NEW = "1.16", "3.1"
"""The first onnxmltools that reads what XGBoost writes from the second release on, as measured."""
CLASSIFIERS = ("XGBClassifier", "XGBRFClassifier", "LGBMClassifier")
REGRESSORS = ("XGBRegressor", "XGBRFRegressor", "LGBMRegressor")
XGBOOST_NUMBERS = (
    "reg:squarederror",
    "reg:squaredlogerror",
    "reg:absoluteerror",
    "reg:pseudohubererror",
    "reg:quantileerror",
    "reg:gamma",
    "reg:tweedie",
    "count:poisson",
)
"""Objectives of XGBoost whose models say the same in ONNX, as measured."""
XGBOOST_CLASSES = ("binary:logistic", "multi:softprob")
XGBOOST_LABELS = "multi:softmax"
"""A Booster says the same, a classifier does not."""
LIGHTGBM_NUMBERS = (
    "regression",
    "regression_l1",
    "huber",
    "quantile",
    "poisson",
    "gamma",
    "tweedie",
)
LIGHTGBM_CLASSES = ("binary", "multiclass")
LIGHTGBM_NEVER = {"linear_tree": "1", "zero_as_missing": "1", "reg_sqrt": "1", "boosting": "rf"}
"""Settings of LightGBM that onnxmltools does not heed."""


def library_of(model: Any) -> str:
    """Return the package of a model or an estimator, empty for one of another library."""
    name = type(model).__module__.partition(".")[0]
    return name if name in LIBRARIES else ""


def is_booster(model: Any) -> bool:
    """Return whether a model is a Booster, which has no estimator around it."""
    return type(model).__name__ == "Booster"


def booster_of(model: Any) -> Any:
    """Return the Booster of an estimator, or the Booster that the model is."""
    if is_booster(model):
        return model
    return model.get_booster() if library_of(model) == "xgboost" else model.booster_


def register(parts: Sequence[Any]) -> None:
    """Tell skl2onnx how onnxmltools converts the estimators among the parts of a model."""
    from skl2onnx import update_registered_converter
    from skl2onnx.common import shape_calculator

    for kind in {type(part) for part in parts if library_of(part)}:
        library = kind.__module__.partition(".")[0]
        folder = f"onnxmltools.convert.{library}.operator_converters"
        if library == "xgboost":
            convert = importlib.import_module(f"{folder}.XGBoost").convert_xgboost
        else:
            convert = importlib.import_module(f"{folder}.LightGbm").convert_lightgbm
        options: dict[str, Any] | None = None
        if kind.__name__ in CLASSIFIERS:
            shapes = shape_calculator.calculate_linear_classifier_output_shapes
            options = {"nocl": [True, False], "zipmap": [True, False, "columns"]}
        elif kind.__name__ in REGRESSORS:
            shapes = shape_calculator.calculate_linear_regressor_output_shapes
            options = {"split": None} if library == "lightgbm" else None
        else:
            continue
        name = f"{library}.{kind.__name__}"
        update_registered_converter(kind, name, shapes, convert, options=options)


def refuse(part: Any) -> None:
    """Raise ``Problem`` for what onnxmltools converts to a model that says something else."""
    library = library_of(part)
    if not library:
        return
    from onnxmltools import __version__

    if library == "xgboost":
        _refuse_old(__version__)
    if reason := _of_xgboost(part) if library == "xgboost" else _of_lightgbm(part):
        name = type(part).__name__
        raise Problem(
            f"{name} of {LIBRARIES[library]} with {reason} cannot be converted to ONNX by "
            f"onnxmltools {__version__}."
        )


def _refuse_old(version: str) -> None:
    """Raise ``Problem`` where onnxmltools cannot read the models of the XGBoost that is here."""
    import xgboost
    from packaging.version import Version

    if Version(version) < Version(READS_NEW) and Version(xgboost.__version__) >= Version(NEW):
        raise Problem(
            f"onnxmltools {version} cannot read models of XGBoost {xgboost.__version__}: "
            f"{sys.executable} -m pip install 'onnxmltools>={READS_NEW}'"
        )


def objective_of(booster: Any) -> str:
    """Return the name of the objective that a Booster was trained for."""
    if library_of(booster) == "xgboost":
        return str(_learner(booster)["objective"]["name"])
    return _told(booster)[0].split(" ")[0]


def _learner(booster: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(booster.save_config())["learner"]
    return found


def _of_xgboost(part: Any) -> str:
    """Return what of a model keeps it from being converted, empty where nothing does."""
    booster = booster_of(part)
    learner = _learner(booster)
    objective = learner["objective"]["name"]
    trees = learner["gradient_booster"]
    labels = (XGBOOST_LABELS,) if is_booster(part) else ()
    targets = int(learner["learner_model_param"].get("num_target", 1))
    if trees["name"] != "gbtree":
        return f"booster={trees['name']}"
    if objective not in (*XGBOOST_NUMBERS, *XGBOOST_CLASSES, *labels):
        return f"objective={objective}"
    if targets > 1:
        return f"{targets} targets"
    parallel = int(trees["gbtree_model_param"].get("num_parallel_tree", 1))
    if parallel > 1 and int(learner["learner_model_param"].get("num_class", 0)) > 1:
        return f"num_parallel_tree={parallel} and several classes"
    return ""


def _told(booster: Any) -> tuple[str, dict[str, str]]:
    """Return the objective of a Booster of LightGBM, and its settings by name."""
    text = booster.model_to_string(num_iteration=1)
    objective = re.search(r"^objective=(.*)$", text, re.MULTILINE)
    settings = dict(re.findall(r"^\[(\w+): (.*)\]$", text, re.MULTILINE))
    return objective[1] if objective else "", settings


def _of_lightgbm(part: Any) -> str:
    """Return what of a model keeps it from being converted, empty where nothing does."""
    objective, settings = _told(booster_of(part))
    name, *details = objective.split(" ")
    if name not in (*LIGHTGBM_NUMBERS, *LIGHTGBM_CLASSES):
        return f"objective={name or 'custom'}"
    if odd := [key for key, value in LIGHTGBM_NEVER.items() if settings.get(key) == value]:
        return f"{odd[0]}={settings[odd[0]]}"
    sigmoid = next((each for each in details if each.startswith("sigmoid:")), "sigmoid:1")
    return "" if float(sigmoid.partition(":")[2]) == 1 else sigmoid.replace(":", "=")


def without_names(model: Any, parts_of: Callable[[Any], list[Any]]) -> Any:
    """Return a model whose Boosters of XGBoost have no names, which onnxmltools refuses."""
    if not any(library_of(part) == "xgboost" for part in parts_of(model)):
        return model
    copied = copy.deepcopy(model)
    for part in parts_of(copied):
        if library_of(part) == "xgboost":
            booster_of(part).feature_names = None
    return copied
