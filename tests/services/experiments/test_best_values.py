"""The best values of a metric over many runs."""

import math

import pytest

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.experiments import best_values as service
from mlops_tui.services.experiments.best_values import best_values
from mlops_tui.services.metrics import metric_points
from tests.making import make_run


def test_the_best_of_each_run_comes_with_its_first_step(any_store: Store) -> None:
    first = make_run(any_store, metrics={"loss": [3.0, 1.0, math.nan, 1.0, 2.0]})
    second = make_run(any_store, metrics={"loss": [math.inf, 0.5, -math.inf], "other": -7.0})
    without = make_run(any_store, metrics={"other": 1.0, "loss": math.nan})
    found = {best.run_id: best for best in best_values(any_store, [first, second, without], "loss")}
    assert set(found) == {first, second}
    assert found[first].best(Direction.MIN) == (1.0, 1)
    assert found[first].best(Direction.MAX) == (3.0, 0)
    assert found[second].best(Direction.MAX) == found[second].best(Direction.MIN) == (0.5, 1)
    assert all(best.is_exact for best in found.values())


def test_a_sampled_history_is_not_called_exact(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_points, "SAMPLE", 20)
    values = [0.0] * 500
    values[333] = 9.0
    run_id = make_run(any_store, metrics={"score": values})
    (found,) = best_values(any_store, [run_id], "score")
    if not is_http(any_store.tracking_uri):
        assert (found.best(Direction.MAX), found.is_exact) == ((9.0, 333), True)
    else:
        assert not found.is_exact


def test_a_server_that_cannot_sample_is_read_in_full(
    server_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_points, "SAMPLING_ENDPOINT", "/api/2.0/mlflow/metrics/not-there")
    run_id = make_run(server_store, metrics={"score": [1.0, 4.0, 2.0]})
    (found,) = best_values(server_store, [run_id], "score")
    assert (found.best(Direction.MAX), found.is_exact) == ((4.0, 1), True)


def test_many_runs_are_asked_for_in_pieces_until_the_time_is_up(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 2)
    runs = [make_run(sqlite_store, metrics={"score": n}) for n in range(3)]
    assert len(best_values(sqlite_store, runs, "score")) == 3
    assert {best.run_id for best in best_values(sqlite_store, runs, "score", seconds=0)} == set(
        runs[:2]
    )


def test_where_no_store_is_there_is_no_best_value(store: Store) -> None:
    assert best_values(store, ["r"], "loss") == ()
