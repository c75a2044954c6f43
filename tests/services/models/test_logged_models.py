"""The models that a run logged."""

import json
import math
import subprocess
from dataclasses import replace

import pytest

from mlops_tui.domain.models.model_metric import UNNAMED, ModelMetric, by_dataset
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import logged_models
from mlops_tui.services.models.logged_models import flavors_of, version_metrics
from mlops_tui.services.models.registration import register
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.runs.runs import get_run
from mlops_tui.services.store import store as stores
from tests.making import log_model, make_run, unique


def test_a_model_kept_the_old_way_is_found_by_the_tag_of_its_run(any_store: Store) -> None:
    history = [{"artifact_path": "model", "flavors": {"python_function": {}, "sklearn": {}}}]
    run_id = make_run(any_store, tags={"mlflow.log-model.history": json.dumps(history)})
    assert get_run(any_store, run_id).models == (
        LoggedModel("model", f"runs:/{run_id}/model", "", "READY", ("sklearn",)),
    )


@pytest.mark.parametrize("text", ["no JSON", "[1]", '[{"artifact_path": "m"}]', "7"])
def test_a_history_of_models_that_nobody_understands_is_none(
    sqlite_store: Store, text: str
) -> None:
    run_id = make_run(sqlite_store, tags={"mlflow.log-model.history": text})
    assert get_run(sqlite_store, run_id).models == ()


def test_flavors_are_none_where_the_models_files_are_gone(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = make_run(sqlite_store)
    model = log_model(sqlite_store, run_id)
    location = stores.client(sqlite_store).get_logged_model(model.model_id).artifact_location
    subprocess.run(["rm", "-r", location], check=True)  # noqa: S607 - of every system
    (found,) = get_run(sqlite_store, run_id).models
    assert (found.uri, found.flavors) == (model.uri, ())


def test_flavors_are_read_for_the_first_models_only(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logged_models, "FLAVORS_READ", 1)
    run_id = make_run(sqlite_store)
    for name in ("a", "b"):
        log_model(sqlite_store, run_id, name=name, signature=False)
    assert sorted(model.flavors for model in get_run(sqlite_store, run_id).models) == [
        (),
        ("sklearn",),
    ]


def test_flavors_are_the_names_below_their_heading() -> None:
    text = (
        "artifact_path: m\nflavors:\n  python_function:\n    env: x\n  xgboost:\n    data: y\nz: 1"
    )
    assert flavors_of(text) == ("xgboost",)
    assert flavors_of("nothing: here") == ()


def test_what_was_measured_of_a_model_comes_by_data_set(any_store: Store) -> None:
    run_id = make_run(any_store, metrics={"accuracy": 0.9953})
    model = log_model(any_store, run_id)
    client = stores.client(any_store)
    for step, value, data in ((0, 0.1, "test"), (1, 0.9441, "test"), (0, 0.9953, "train")):
        client.log_metric(
            run_id,
            "accuracy",
            value,
            step=step,
            model_id=model.model_id,
            dataset_name=data,
            dataset_digest=f"of {data}",
        )
    client.log_metric(run_id, "loss", float("inf"), model_id=model.model_id)

    (found,) = get_run(any_store, run_id).models
    measured = by_dataset(found.metrics)
    assert list(measured) == ["test", "train", UNNAMED]
    assert (measured["test"], measured["train"]) == ({"accuracy": 0.9441}, {"accuracy": 0.9953})
    assert measured[UNNAMED]["loss"] == math.inf

    version = register(any_store, name=unique("measured"), model=found, run_id=run_id).value
    assert repr(version_metrics(any_store, version)) == repr(found.metrics)
    copied = client.copy_model_version(version.uri, unique("copy"))
    (copy,) = list_versions(any_store, copied.name)
    assert repr(version_metrics(any_store, copy)) == repr(found.metrics)
    assert version_metrics(any_store, replace(copy, source="s3://bucket/model")) == ()


def test_data_sets_of_one_name_are_told_apart() -> None:
    both = [ModelMetric("f1", number, "iris", digest) for number, digest in ((1, "aa"), (2, "bb"))]
    assert by_dataset(both) == {"iris aa": {"f1": 1}, "iris bb": {"f1": 2}}
