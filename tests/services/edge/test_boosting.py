"""Models of XGBoost and LightGBM in ONNX."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlops_tui.services.model_programs.problem import Problem
from mlops_tui.services.store import store as stores
from tests.patience import PATIENCE
from tests.services.edge.conftest import NUMBERS, Exporting, rows

pytest.importorskip("onnxmltools", reason="onnxmltools is not installed")
xgboost = pytest.importorskip("xgboost", reason="xgboost is not installed")
lightgbm = pytest.importorskip("lightgbm", reason="lightgbm is not installed")

KNOWN, FRESH = rows(400), rows(60, seed=3)
MATRIX, FRESH_MATRIX = KNOWN[NUMBERS], FRESH[NUMBERS]
TOTAL = MATRIX.sum(axis=1)
CLASSES = np.digitize(TOTAL, [-1, 1])
COUNTS = np.abs(TOTAL).round()


def _xgboost_kind(name: str, target: Any, **settings: Any) -> Any:
    return getattr(xgboost, name)(n_estimators=8, max_depth=3, **settings).fit(MATRIX, target)


def _lightgbm_kind(name: str, target: Any, **settings: Any) -> Any:
    return getattr(lightgbm, name)(n_estimators=8, verbose=-1, **settings).fit(MATRIX, target)


def _xgboost_booster(target: Any, **settings: Any) -> Any:
    return xgboost.train({"max_depth": 3, **settings}, xgboost.DMatrix(MATRIX, target), 8)


def _lightgbm_booster(target: Any, **settings: Any) -> Any:
    return lightgbm.train({"verbose": -1, **settings}, lightgbm.Dataset(MATRIX, target), 8)


CLASSIFIERS: dict[str, Callable[[], Any]] = {
    "xgboost of two": lambda: _xgboost_kind("XGBClassifier", KNOWN["kind"] == "high"),
    "xgboost of three": lambda: _xgboost_kind("XGBClassifier", CLASSES),
    "xgboost forest": lambda: _xgboost_kind("XGBRFClassifier", CLASSES > 1),
    "lightgbm of two": lambda: _lightgbm_kind("LGBMClassifier", KNOWN["kind"]),
    "lightgbm of three": lambda: _lightgbm_kind("LGBMClassifier", CLASSES),
}


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_gives_its_label_and_probabilities(exporting: Exporting, name: str) -> None:
    import mlflow

    model = CLASSIFIERS[name]()
    made = exporting.export(exporting.save_as(name.split(maxsplit=1)[0], model, MATRIX[:5]))
    assert made.data.metrics["parity/rows"] == 405
    assert made.data.metrics["parity/differing"] == 0
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    answered = served.predict(FRESH_MATRIX)
    outputs = ["label_predicted", *(f"probability_{each}" for each in model.classes_)]
    assert list(answered) == outputs
    assert list(answered["label_predicted"]) == list(model.predict(FRESH_MATRIX))
    gaps = answered[outputs[1:]].to_numpy() - model.predict_proba(FRESH_MATRIX)
    assert np.abs(gaps).max() < 1e-5


NUMBERS_OF: dict[str, Callable[[], Any]] = {
    "xgboost regressor": lambda: _xgboost_kind("XGBRegressor", TOTAL),
    "xgboost of counts": lambda: _xgboost_kind("XGBRegressor", COUNTS, objective="count:poisson"),
    "xgboost booster": lambda: _xgboost_booster(TOTAL),
    "xgboost booster of two": lambda: _xgboost_booster(TOTAL > 0, objective="binary:logistic"),
    "xgboost booster of three": lambda: _xgboost_booster(
        CLASSES, objective="multi:softprob", num_class=3
    ),
    "xgboost booster of labels": lambda: _xgboost_booster(
        CLASSES, objective="multi:softmax", num_class=3
    ),
    "lightgbm regressor": lambda: _lightgbm_kind("LGBMRegressor", TOTAL),
    "lightgbm of counts": lambda: _lightgbm_kind("LGBMRegressor", COUNTS, objective="tweedie"),
    "lightgbm booster": lambda: _lightgbm_booster(TOTAL),
    "lightgbm booster of two": lambda: _lightgbm_booster(TOTAL > 0, objective="binary"),
    "lightgbm booster of three": lambda: _lightgbm_booster(
        CLASSES, objective="multiclass", num_class=3
    ),
}


@pytest.mark.parametrize("name", NUMBERS_OF)
def test_a_regressor_or_booster_gives_the_numbers_that_it_predicts(
    exporting: Exporting, name: str
) -> None:
    import mlflow

    address = exporting.save_as(name.split(maxsplit=1)[0], NUMBERS_OF[name](), MATRIX[:5])
    made = exporting.export(address)
    assert made.data.metrics["parity/agreeing"] == 405
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    answered = served.predict(FRESH_MATRIX)
    expected = mlflow.pyfunc.load_model(address).predict(FRESH_MATRIX).reshape(len(FRESH), -1)
    several = [f"prediction_{n}" for n in range(expected.shape[1])]
    assert list(answered) == (several if len(several) > 1 else ["prediction"])
    assert np.allclose(answered.to_numpy(), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_a_model_of_a_matrix_takes_a_matrix(exporting: Exporting, library: str) -> None:
    import mlflow

    of = _xgboost_kind if library == "xgboost" else _lightgbm_kind
    name = "XGBRegressor" if library == "xgboost" else "LGBMRegressor"
    model = of(name, TOTAL).set_params(verbosity=0).fit(MATRIX.to_numpy(), TOTAL)
    made = exporting.export(exporting.save_as(library, model, MATRIX.to_numpy()[:5]))
    assert made.data.metrics["parity/agreeing"] == 405
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    answered = served.predict(FRESH_MATRIX.to_numpy())["prediction"]
    assert np.allclose(answered, model.predict(FRESH_MATRIX.to_numpy()), atol=1e-4)


def test_they_are_converted_inside_a_pipeline_and_bundled(exporting: Exporting) -> None:
    import mlflow
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import VotingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    both = VotingClassifier(
        [
            ("a", CalibratedClassifierCV(xgboost.XGBClassifier(n_estimators=5), cv=2)),
            ("b", lightgbm.LGBMClassifier(n_estimators=5, verbose=-1)),
        ],
        voting="soft",
        flatten_transform=False,
    )
    columns = make_column_transformer(
        ("passthrough", NUMBERS), (OneHotEncoder(handle_unknown="ignore"), ["region"])
    )
    model = make_pipeline(columns, both).fit(KNOWN, KNOWN["kind"])
    bundle = exporting.folder / "bundle"
    address = exporting.save(model, KNOWN[[*NUMBERS, "region"]][:5])
    made = exporting.export(address, to="bundle", output=str(bundle))
    assert made.data.metrics["parity/differing"] == 0
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    labels = served.predict(FRESH[[*NUMBERS, "region"]])["label_predicted"]
    assert list(labels) == list(model.predict(FRESH))
    checked = subprocess.run(
        [sys.executable, str(bundle / "serve.py"), "--check"], check=False, timeout=PATIENCE
    )
    assert checked.returncode == 0


REFUSED: dict[str, tuple[str, Callable[[], Any]]] = {
    "XGBRegressor of XGBoost with booster=dart": (
        "xgboost",
        lambda: _xgboost_kind("XGBRegressor", TOTAL, booster="dart"),
    ),
    "Booster of XGBoost with objective=reg:logistic": (
        "xgboost",
        lambda: _xgboost_booster(TOTAL > 0, objective="reg:logistic"),
    ),
    "XGBRegressor of XGBoost with 2 targets": (
        "xgboost",
        lambda: _xgboost_kind("XGBRegressor", np.column_stack([TOTAL, -TOTAL])),
    ),
    "XGBRFClassifier of XGBoost with num_parallel_tree=8 and several classes": (
        "xgboost",
        lambda: _xgboost_kind("XGBRFClassifier", CLASSES),
    ),
    "LGBMRegressor of LightGBM with linear_tree=1": (
        "lightgbm",
        lambda: _lightgbm_kind("LGBMRegressor", TOTAL, linear_tree=True),
    ),
    "Booster of LightGBM with objective=mape": (
        "lightgbm",
        lambda: _lightgbm_booster(TOTAL, objective="mape"),
    ),
    "LGBMClassifier of LightGBM with sigmoid=2": (
        "lightgbm",
        lambda: _lightgbm_kind("LGBMClassifier", KNOWN["kind"], sigmoid=2.0),
    ),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_would_say_something_else_is_refused_before_it_is_tried(
    exporting: Exporting, sentence: str
) -> None:
    library, model = REFUSED[sentence]
    address = exporting.save_as(library, model(), MATRIX[:5])
    with pytest.raises(Problem, match=f"{sentence} cannot be converted to ONNX by onnxmltools"):
        exporting.export(address)
    assert stores.client(exporting.store).get_experiment_by_name("Export") is None


def test_an_onnxmltools_that_is_too_old_for_xgboost_is_named(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    import onnxmltools

    address = exporting.save_as("xgboost", _xgboost_booster(TOTAL), MATRIX[:5])
    monkeypatch.setattr(onnxmltools, "__version__", "1.15.0")
    with pytest.raises(Problem, match=r"1\.15\.0 cannot read .*'onnxmltools>=1\.16'"):
        exporting.export(address)


def test_columns_of_text_are_refused(exporting: Exporting) -> None:
    booster = _lightgbm_booster(TOTAL)
    address = exporting.save_as("lightgbm", booster, KNOWN[["wi dth", "region"]][:5])
    with pytest.raises(Problem, match="region: Booster is exported with columns of numbers"):
        exporting.export(address)


def test_the_package_that_converts_them_is_named_where_it_lacks(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = exporting.save_as("xgboost", _xgboost_kind("XGBRegressor", TOTAL), MATRIX[:5])
    monkeypatch.setitem(sys.modules, "onnxmltools", None)
    with pytest.raises(Problem, match=rf"{sys.executable} -m pip install onnxmltools$"):
        exporting.export(address)
