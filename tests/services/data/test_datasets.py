"""The data sets that runs were given, their versions and models."""

import json
from pathlib import Path

import pytest

from mlops_tui.domain.data.dataset_version import TrainedModel
from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.store import Store
from mlops_tui.services.data import dataset_pages, dataset_tables, datasets
from mlops_tui.services.store import store as stores
from tests.making import give_dataset, log_model, make_experiment, make_run, unique

COLSPEC = json.dumps({"mlflow_colspec": [{"type": "double", "name": n} for n in "abc"]})


def _register(store: Store, model: str, run_id: str) -> None:
    client = stores.client(store)
    if not client.search_registered_models(f"name = '{model}'"):
        client.create_registered_model(model)
    logged = log_model(store, run_id, signature=False)
    client.create_model_version(
        model, logged.uri, run_id, model_id=logged.model_id, await_creation_for=0
    )


def test_versions_have_their_uses_and_models(any_store: Store) -> None:
    iris, flowers = unique("iris"), unique("flowers")
    experiments = [make_experiment(any_store) for _ in range(2)]
    first = make_run(any_store, experiments[0])
    profile = '{"num_rows": 150}'
    give_dataset(any_store, first, iris, "d1", schema=COLSPEC, profile=profile)
    second = make_run(any_store, experiments[1])
    give_dataset(any_store, second, iris, "d1", context="testing", schema=COLSPEC, profile=profile)
    third = make_run(any_store, experiments[1])
    give_dataset(any_store, third, iris, "d2", context="")
    _register(any_store, flowers, first)
    found = {each.name: each for each in datasets.list_datasets(any_store).datasets}[iris]
    assert (found.versions, found.runs, found.newest) == (2, 3, "d2")
    assert set(found.contexts) == {"training", "testing"}
    assert found.models == (TrainedModel(flowers, "1"),)
    assert found.first_used_at
    assert found.last_used_at
    newest, oldest = datasets.versions_of(any_store, iris).versions
    assert (newest.digest, newest.rows, newest.columns, newest.models) == ("d2", None, None, ())
    assert (oldest.digest, oldest.rows, oldest.columns, oldest.runs) == ("d1", 150, 3, 2)
    assert oldest.models == (TrainedModel(flowers, "1"),)
    assert oldest.source == '{"uri": "/data/iris.csv"}'
    told = datasets.dataset_input(any_store, iris, "d1")
    assert told.schema == COLSPEC
    (given,) = datasets.datasets_of_model(any_store, flowers, "1")
    assert (given.name, given.digest) == (iris, "d1")


def test_a_run_tested_on_data_is_not_trained_on_them(sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store)
    give_dataset(sqlite_store, run_id, "held out", "d1", context="validation")
    give_dataset(sqlite_store, run_id, "iris", "d2", context="training")
    _register(sqlite_store, "flowers", run_id)
    models = {each.name: each.models for each in datasets.list_datasets(sqlite_store).datasets}
    assert models == {"held out": (), "iris": (TrainedModel("flowers", "1"),)}
    names = [each.name for each in datasets.datasets_of_model(sqlite_store, "flowers", "1")]
    assert names == ["iris", "held out"]


def test_a_deleted_version_or_run_does_not_count(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    kept, gone = (make_run(sqlite_store, experiment) for _ in range(2))
    for run_id in (kept, gone):
        give_dataset(sqlite_store, run_id, "iris", "d1")
    _register(sqlite_store, "flowers", kept)
    client = stores.client(sqlite_store)
    client.delete_run(gone)
    client.delete_model_version("flowers", "1")
    (found,) = datasets.list_datasets(sqlite_store).datasets
    assert (found.runs, found.models) == (1, ())


def test_a_registry_elsewhere_tells_which_models_were_trained(
    sqlite_store: Store, tmp_path: Path
) -> None:
    run_id = make_run(sqlite_store)
    give_dataset(sqlite_store, run_id, "iris", "d1")
    apart = Store(sqlite_store.tracking_uri, f"sqlite:///{tmp_path / 'registry.db'}")
    stores.ensure(apart)
    client = stores.client(apart)
    client.create_registered_model("flowers")
    client.create_model_version("flowers", f"runs:/{run_id}/model", run_id)
    found = datasets.list_datasets(apart)
    assert found.datasets[0].models == (TrainedModel("flowers", "1"),)
    assert found.remark == ""


def test_what_a_server_was_not_asked_for_is_said(
    server_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_pages, "MOST", 1)
    monkeypatch.setattr(dataset_pages, "PAGE", 1)
    monkeypatch.setattr(dataset_pages, "VERSIONS", 1)
    experiment, name = make_experiment(server_store), unique("iris")
    for digest in ("d1", "d2"):
        run_id = make_run(server_store, experiment)
        give_dataset(server_store, run_id, name, digest)
        _register(server_store, unique("flowers"), run_id)
    found = datasets.versions_of(server_store, name)
    assert [each.digest for each in found.versions] == ["d2"]
    assert found.remark == f"{datasets.OF_NEWEST} {datasets.OF_NEWEST_MODELS}"


def test_where_the_tables_have_changed_the_client_reads(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_dataset(sqlite_store, make_run(sqlite_store), "it's \x1b[31m", "d1", schema=COLSPEC)
    by_tables = datasets.list_datasets(sqlite_store)
    monkeypatch.setattr(dataset_tables, "sessions_of", lambda _client: None)
    assert datasets.list_datasets(sqlite_store) == by_tables
    assert datasets.versions_of(sqlite_store, "it's \x1b[31m").versions[0].columns == 3
    assert datasets.dataset_input(sqlite_store, "it's \x1b[31m", "d1").schema == COLSPEC


def test_more_versions_than_are_described_are_said_so(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "MOST_VERSIONS", 1)
    experiment = make_experiment(sqlite_store)
    for digest in ("d1", "d2"):
        give_dataset(sqlite_store, make_run(sqlite_store, experiment), "iris", digest)
    found = datasets.versions_of(sqlite_store, "iris")
    assert [each.digest for each in found.versions] == ["d2"]
    assert found.remark == "The 1 versions used last of 2."


def test_a_version_is_found_by_the_beginning_of_its_digest(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    for digest in ("ab1", "ab2", "ab"):
        give_dataset(sqlite_store, make_run(sqlite_store, experiment), "iris", digest)
    assert datasets.find_version(sqlite_store, "iris").digest == "ab"
    assert datasets.find_version(sqlite_store, "iris", "ab1").digest == "ab1"
    assert datasets.find_version(sqlite_store, "iris", "ab").digest == "ab"
    with pytest.raises(NotFound, match="3 versions of iris begin with 'a'"):
        datasets.find_version(sqlite_store, "iris", "a")
    with pytest.raises(NotFound, match="begins with 'x'"):
        datasets.find_version(sqlite_store, "iris", "x")
    with pytest.raises(NotFound, match="No run was given"):
        datasets.find_version(sqlite_store, "wine")
    with pytest.raises(NotFound, match="No run was given"):
        datasets.dataset_input(sqlite_store, "wine", "d")


def test_a_model_without_data_says_why(sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store)
    _register(sqlite_store, "flowers", run_id)
    with pytest.raises(NotFound, match="has logged no data set"):
        datasets.datasets_of_model(sqlite_store, "flowers", "1")
    client = stores.client(sqlite_store)
    client.create_registered_model("foreign")
    client.create_model_version("foreign", "s3://bucket/model")
    with pytest.raises(NotFound, match="came from no run"):
        datasets.datasets_of_model(sqlite_store, "foreign", "1")


def test_looking_creates_nothing(store: Store) -> None:
    assert datasets.list_datasets(store).datasets == ()
    assert datasets.versions_of(store, "iris").versions == ()
    with pytest.raises(NotFound):
        datasets.datasets_of_model(store, "flowers", "1")
    assert store.sqlite_path
    assert not store.sqlite_path.exists()
