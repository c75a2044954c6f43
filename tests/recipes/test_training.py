import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow.entities import Run
from mlflow.pyfunc import PyFuncModel
from pandas import DataFrame

from mlops_tui.domain.jobs.recipe import Recipe, Value, parse_all, to_text
from mlops_tui.domain.store import Store
from mlops_tui.recipes import bundled_data, estimators, synthetic_forest, tabular
from mlops_tui.services.store.store import client


@pytest.fixture
def trained(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Trained":
    monkeypatch.chdir(tmp_path)
    return Trained(sqlite_store)


class Trained:
    """A store in which recipes train, in this process."""

    def __init__(self, store: Store) -> None:
        self.client = client(store)

    def run(self, recipe: Recipe, **changed: Value) -> Run:
        defaults = {parameter.name: parameter.default for parameter in recipe.parameters}
        texts = {name: to_text(value) for name, value in (defaults | changed).items()}
        values, reasons = parse_all(recipe, texts)
        assert reasons == {}
        recipe.train(values)
        experiment = self.client.get_experiment_by_name(str(values["experiment"]))
        assert experiment
        run: Run = self.client.search_runs([experiment.experiment_id])[0]
        return run

    def load(self, run: Run) -> PyFuncModel:
        assert run.outputs
        (output,) = run.outputs.model_outputs
        model: PyFuncModel = mlflow.pyfunc.load_model(f"models:/{output.model_id}")
        return model

    def artifact(self, run: Run, name: str) -> str:
        return mlflow.artifacts.load_text(f"{run.info.artifact_uri}/{name}")


@pytest.mark.parametrize("name", estimators.NAMES)
def test_every_estimator_trains_to_a_model_that_loads_without_trusting_pickles(
    trained: Trained, name: str
) -> None:
    run = trained.run(bundled_data.RECIPE, estimator=name, n_estimators=5)
    assert run.info.status == "FINISHED"
    measured = run.data.metrics
    assert measured["accuracy"] > 0.85
    assert {"precision_macro", "recall_macro", "f1_macro", "fit_seconds"} <= measured.keys()
    assert ("log_loss" in measured, "roc_auc" in measured) == (name != "svc", name != "svc")
    model = trained.load(run)
    assert model.metadata.flavors["sklearn"]["serialization_format"] == "skops"
    row = json.loads(trained.artifact(run, "first_test_row.json"))
    assert len(model.predict(DataFrame(**row))) == 1


@pytest.mark.parametrize("data_set", bundled_data.DATA_SETS)
def test_every_data_set_trains_whatever_its_classes(trained: Trained, data_set: str) -> None:
    run = trained.run(bundled_data.RECIPE, data_set=data_set, estimator="logistic_regression")
    assert run.data.metrics["roc_auc"] > 0.9
    assert run.inputs
    assert [d.dataset.name for d in run.inputs.dataset_inputs] == [data_set, data_set]
    signature = trained.load(run).metadata.signature
    assert {column.type.name for column in signature.inputs} == {"double"}
    assert trained.load(run).input_example is not None


def test_a_forest_shows_how_it_grew_and_ends_as_if_fitted_at_once(trained: Trained) -> None:
    run = trained.run(synthetic_forest.RECIPE)
    assert run.data.metrics["accuracy"] == 0.905
    history = trained.client.get_metric_history(run.info.run_id, "validation_accuracy")
    assert [point.step for point in history] == list(range(5, 151, 5))
    assert history[-1].value == 0.905
    assert run.data.params == {
        "n_samples": "1000",
        "n_features": "10",
        "n_informative": "5",
        "n_redundant": "0",
        "test_share": "0.2",
        "n_estimators": "150",
        "max_depth": "5",
        "random_state": "42",
    }
    assert "accuracy" in trained.artifact(run, "classification_report.txt")
    matrix = json.loads(trained.artifact(run, "confusion_matrix.json"))
    assert sum(map(sum, matrix["rows are true classes"])) == 200


def test_a_small_forest_has_a_point_per_tree(trained: Trained) -> None:
    run = trained.run(synthetic_forest.RECIPE, n_estimators=3, n_samples=100)
    history = trained.client.get_metric_history(run.info.run_id, "validation_accuracy")
    assert [point.step for point in history] == [1, 2, 3]


def test_training_warns_of_nothing(trained: Trained) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", message=".*integer column.*", category=UserWarning)
        trained.run(bundled_data.RECIPE, estimator="gradient_boosting", n_estimators=2)
    assert [str(w.message) for w in warned if issubclass(w.category, UserWarning)] == []


def test_a_failure_leaves_a_failed_run(trained: Trained) -> None:
    with pytest.raises(ValueError, match="n_neighbors"):
        trained.run(bundled_data.RECIPE, estimator="k_neighbors", n_neighbors=75, test_share=0.9)
    (run,) = trained.client.search_runs(["1"])
    assert run.info.status == "FAILED"


def test_scores_that_are_not_defined_are_left_out() -> None:
    import numpy as np
    from sklearn.naive_bayes import GaussianNB

    from mlops_tui.recipes.scores import measure

    rows = DataFrame({"a": [0.0, 1.0, 5.0, 6.0]})
    model = GaussianNB().fit(rows, np.array([0, 0, 1, 1]))
    measured = measure(model, rows.head(2), np.array([0, 0]))
    assert measured["accuracy"] == 1
    assert "roc_auc" not in measured


def test_only_types_of_our_list_that_the_model_contains_are_trusted() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.tree import DecisionTreeClassifier

    from mlops_tui.recipes.model_log import trusted_types

    data = DataFrame({"a": [0.0, 1.0, 5.0, 6.0]}), [0, 0, 1, 1]
    assert trusted_types(DecisionTreeClassifier().fit(*data)) == ["sklearn.tree._tree.Tree"]
    assert trusted_types(HistGradientBoostingClassifier().fit(*data)) == []


def test_an_mlflow_without_the_format_of_the_models_is_told_before_anything_is_trained(
    trained: "Trained", monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mlflow.sklearn.log_model  # it is loaded by the first look at it
    monkeypatch.setattr(mlflow.sklearn, "log_model", print)
    before = len(trained.client.search_experiments())
    with pytest.raises(SystemExit, match=r"which needs MLflow 3\.9 or newer"):
        trained.run(bundled_data.RECIPE)
    assert len(trained.client.search_experiments()) == before


def mixed(rows: int = 200) -> DataFrame:
    """Return rows with numbers, categories, gaps; the class follows from the number."""
    import numpy as np

    rng = np.random.default_rng(3)
    width = rng.normal(size=rows)
    frame = DataFrame({"width": width, "colour": rng.choice(["red", "blue"], rows)})
    frame.loc[::7, "colour"] = None
    frame["empty"] = None
    frame["kind"] = np.where(width > 0, "large", "small")
    return frame


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_a_file_of_numbers_and_categories_is_trained_on_and_its_rows_held_out_are_kept(
    trained: Trained, tmp_path: Path, name: str
) -> None:
    from pandas import read_parquet

    path = tmp_path / name
    if path.suffix == ".csv":
        mixed().to_csv(path, index=False)
    else:
        mixed().to_parquet(path)
    run = trained.run(tabular.RECIPE, data=str(path), target="kind", n_estimators=5)
    assert run.data.metrics["accuracy"] > 0.9
    model = trained.load(run)
    asked = DataFrame({"width": [3.0, None], "colour": ["green", None]})
    assert next(iter(model.predict(asked))) == "large"
    assert model.metadata.flavors["sklearn"]["serialization_format"] == "skops"
    assert run.inputs
    told: dict[str, Any] = {each.dataset.name: each for each in run.inputs.dataset_inputs}
    assert [each.tags[0].value for each in run.inputs.dataset_inputs] == ["training", "validation"]
    assert told[name].dataset.digest == md5(path)
    held_out = Path(
        mlflow.artifacts.download_artifacts(json.loads(told["holdout"].dataset.source)["uri"])
    )
    assert told["holdout"].dataset.digest == md5(held_out)
    rows = read_parquet(held_out)
    assert list(rows) == ["width", "colour", "kind"]
    assert len(rows) == 40


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"data": "missing.csv"}, "There is no file missing.csv."),
        ({"data": "rows.csv", "target": "x"}, "rows.csv has no column 'x'; it has width, colour"),
        ({"data": "rows.csv", "target": "empty"}, "has 0 rows with a value of empty"),
        ({"data": "broken.parquet"}, "broken.parquet cannot be read: "),
        ({"data": "same.csv"}, "All rows of same.csv have the same label"),
        ({"data": "alone.csv"}, "alone.csv has no column to learn from."),
    ],
)
def test_a_file_that_cannot_be_trained_on_is_told_before_a_run_begins(
    trained: Trained, tmp_path: Path, changed: dict[str, Value], sentence: str
) -> None:
    mixed().to_csv(tmp_path / "rows.csv", index=False)
    mixed().assign(label=1).to_csv(tmp_path / "same.csv", index=False)
    DataFrame({"label": [0, 1] * 10}).to_csv(tmp_path / "alone.csv", index=False)
    (tmp_path / "broken.parquet").write_text("no parquet")
    with pytest.raises(SystemExit) as ended:
        trained.run(tabular.RECIPE, **changed)
    assert sentence in str(ended.value)
    assert trained.client.get_experiment_by_name("Tabular data") is None
