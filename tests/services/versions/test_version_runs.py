"""The runs that versions came from."""

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.store import store as stores
from mlops_tui.services.versions.version_runs import read_runs_of_versions
from tests.making import make_experiment, make_run


def test_runs_of_several_experiments_come_in_a_handful_of_calls(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [make_experiment(any_store) for _ in range(3)]
    ids = [make_run(any_store, homes[each % 3], metrics={"acc": each / 10}) for each in range(9)]
    mlflow = stores.client(any_store)
    mlflow.delete_run(ids[4])
    calls: list[str] = []
    for name in ("get_run", "search_runs", "search_experiments"):
        original = getattr(type(mlflow), name)

        def noted(
            *args: object, _name: str = name, _call: object = original, **more: object
        ) -> object:
            calls.append(_name)
            return _call(*args, **more)  # type: ignore[operator]

        monkeypatch.setattr(type(mlflow), name, noted)
    runs = read_runs_of_versions(any_store, [*ids, ids[0], "0" * 32])
    assert [run.run_id for run in runs] == ids  # a deleted one too, none twice, none that is gone
    assert [run.metrics["acc"] for run in runs] == [each / 10 for each in range(9)]
    assert calls.count("get_run") == 1
    assert len(calls) <= 5


def test_runs_of_one_experiment_cost_two_calls(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_experiment(sqlite_store)
    ids = [make_run(sqlite_store, home) for _ in range(3)]
    asked: list[str] = []
    mlflow = stores.client(sqlite_store)
    for name in ("get_run", "search_runs", "search_experiments"):
        original = getattr(type(mlflow), name)

        def noted(
            *args: object, _name: str = name, _call: object = original, **more: object
        ) -> object:
            asked.append(_name)
            return _call(*args, **more)  # type: ignore[operator]

        monkeypatch.setattr(type(mlflow), name, noted)
    assert len(read_runs_of_versions(sqlite_store, ids)) == 3
    assert asked == ["get_run", "search_runs"]


def test_looking_for_runs_makes_no_store(store: Store) -> None:
    assert read_runs_of_versions(store, ["0" * 32]) == ()
    assert store.sqlite_path is not None
    assert not store.sqlite_path.exists()
