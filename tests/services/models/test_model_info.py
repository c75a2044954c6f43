"""The description of real models, in SQLite and behind an MLflow server."""

import shutil
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec
from mlops_tui.domain.serving.payload import PayloadFormat
from mlops_tui.domain.serving.payload_example import example_payload
from mlops_tui.domain.store import Store
from mlops_tui.services.models import model_info
from mlops_tui.services.models.model_info import first_test_row, inspect_model
from mlops_tui.services.store import store as stores
from tests.making import make_experiment
from tests.mlflow_version import before

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]

TRUSTING = {"skops_trusted_types": ["sklearn.tree._tree.Tree"]}

ROW = '{"columns": ["[red]", "é"], "data": [[0.5, 1.5]]}'


@dataclass(frozen=True)
class Logged:
    """A run with what it logged, and the URIs of its models."""

    store: Store
    run_id: str
    empty_run_id: str
    models: dict[str, str]


@pytest.fixture(scope="module")
def file_store(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return an SQLite store for all tests here."""
    path = tmp_path_factory.mktemp("models") / "mlflow.db"
    shutil.copyfile(empty_database, path)
    return Store(f"sqlite:///{path}")


@pytest.fixture(scope="module", params=["file_store", "server_store"])
def logged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Return what was logged once: that takes seconds, and no test changes it."""
    store: Store = request.getfixturevalue(request.param)
    stores.client(store)
    with chdir(tmp_path_factory.mktemp("logged")):
        return log_models(store)


def log_models(store: Store) -> Logged:
    import mlflow
    import pandas as pd
    from mlflow.models import infer_signature
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    values, labels = make_classification(n_samples=40, n_features=4, random_state=42)
    table = pd.DataFrame(values, columns=["f0", "[red]", "é", "a b"])
    plain = LogisticRegression().fit(values, labels)
    models: dict[str, tuple[Any, dict[str, Any]]] = {
        "columns": (
            RandomForestClassifier(n_estimators=2).fit(table, labels),
            {
                "signature": infer_signature(table, labels),
                "input_example": table.head(1),
                **({} if before("3.9") else TRUSTING),
            },
        ),
        "tensor": (
            plain,
            {"signature": infer_signature(values, labels, params={"top_k": 5, "names": ["a"]})},
        ),
        "none": (plain, {}),
    }
    experiment_id = make_experiment(store)
    with mlflow.start_run(experiment_id=experiment_id) as run:
        mlflow.log_text(ROW, "first_test_row.json")
        uris = {
            name: mlflow.sklearn.log_model(
                model, name=name, pip_requirements=["scikit-learn"], **options
            ).model_uri
            for name, (model, options) in models.items()
        }
    with mlflow.start_run(experiment_id=experiment_id) as empty:
        pass
    return Logged(store, run.info.run_id, empty.info.run_id, uris)


def test_a_models_own_words_are_read(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    info = inspect_model(logged.store, logged.models["columns"])
    assert info.uri == logged.models["columns"]
    assert info.signature == Signature(
        tuple(
            ColumnSpec(name, "double", required=True, sample=0.0)
            for name in ("f0", "[red]", "é", "a b")
        )
    )
    payload = example_payload(info)
    assert payload is not None
    assert payload.format is PayloadFormat.DATAFRAME_SPLIT
    assert isinstance(payload.data, dict)
    assert payload.data["columns"] == ["f0", "[red]", "é", "a b"]
    assert set(info.flavors) == {"python_function", "sklearn"}
    assert info.mlflow_version.startswith("3.")
    assert info.model_id == info.uri.removeprefix("models:/")
    assert info.run_id == logged.run_id
    assert info.size is not None
    assert info.size > 1_000


def test_each_kind_of_signature_is_told_apart(logged: Logged) -> None:
    tensor = inspect_model(logged.store, logged.models["tensor"])
    assert tensor.signature == Signature(tensors=(TensorSpec("", "float64", (-1, 4)),))
    assert tensor.input_example == ""
    assert tensor.params == {"top_k": 5, "names": ["a"]}
    none = inspect_model(logged.store, logged.models["none"])
    assert none.signature.kind == "none"
    row = first_test_row(logged.store, none.run_id)
    assert row == ROW
    payload = example_payload(none, row)
    assert payload is not None
    assert payload.format is PayloadFormat.DATAFRAME_SPLIT


def test_a_run_that_kept_no_row_yields_none(logged: Logged) -> None:
    assert first_test_row(logged.store, logged.empty_run_id) == ""


def test_every_address_of_a_model_leads_to_the_same_description(logged: Logged) -> None:
    client = stores.client(logged.store)
    uri = logged.models["tensor"]
    name = f"Tensor {logged.run_id}"
    client.create_registered_model(name)
    client.create_model_version(
        name, uri, run_id=logged.run_id, model_id=uri.removeprefix("models:/")
    )
    client.set_registered_model_alias(name, "champion", "1")
    expected = inspect_model(logged.store, uri).signature
    for address in (
        f"models:/{name}/1",
        f"models:/{name}@champion",
        f"runs:/{logged.run_id}/tensor",
    ):
        assert inspect_model(logged.store, address).signature == expected


@pytest.mark.parametrize("uri", ["models:/nope/1", "models:/m-0123", "runs:/0123/nope", "nonsense"])
def test_a_model_that_is_not_there_is_a_sentence(logged: Logged, uri: str) -> None:
    with pytest.raises(ServiceError) as caught:
        inspect_model(logged.store, uri)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_named(sqlite_store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="its MLmodel file is missing"):
        inspect_model(sqlite_store, tmp_path.as_uri())


def test_where_there_is_no_store_nothing_is_created(store: Store) -> None:
    with pytest.raises(NotFound, match="no store yet"):
        inspect_model(store, "models:/m/1")
    assert first_test_row(store, "0123") == ""
    assert store.sqlite_path is not None
    assert not store.sqlite_path.exists()


def test_an_example_too_large_to_start_from_is_left_out(
    logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_info, "LARGEST_EXAMPLE", 10)
    info = inspect_model(logged.store, logged.models["columns"])
    assert info.input_example == ""
    assert info.signature.kind == "columns"
