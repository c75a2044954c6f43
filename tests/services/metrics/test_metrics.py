"""The history of a metric."""

import math

import pytest

from mlops_tui.domain.metrics.metric import HistoryRequest
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services import mlflow_internals
from mlops_tui.services.metrics import metric_points, metrics
from mlops_tui.services.metrics.metrics import read_histories, read_history, read_whole_history
from mlops_tui.services.store import store as stores
from tests.making import make_run
from tests.mlflow_version import before


def test_a_short_history_is_whole_with_its_gaps_and_infinities(any_store: Store) -> None:
    logged = [0.5, math.nan, math.inf, -math.inf, 0.25]
    run_id = make_run(any_store, metrics={"loss/val x": logged})
    found = read_history(any_store, run_id, "loss/val x")
    assert found.steps == (0, 1, 2, 3, 4)
    assert found.timestamps[4] - found.timestamps[0] == 4
    assert str(found.values) == str(tuple(logged))
    assert (found.total, found.total_is_exact, found.is_reduced) == (5, True, False)


def test_a_long_history_is_reduced_without_losing_its_spike(any_store: Store) -> None:
    logged = [0.0] * 1000
    logged[617] = 99.0
    run_id = make_run(any_store, metrics={"loss": logged})
    found = read_history(any_store, run_id, "loss", limit=50)
    assert len(found.values) <= 50
    assert max(found.values) == 99.0
    assert found.steps[found.values.index(99.0)] == 617
    assert (found.steps[0], found.steps[-1]) == (0, 999)
    assert (found.total, found.is_reduced) == (1000, True)


def test_a_very_long_history_is_sampled_by_the_store(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_points, "SAMPLE", 100)
    run_id = make_run(any_store, metrics={"loss": [float(number) for number in range(1000)]})
    found = read_history(any_store, run_id, "loss", limit=80)
    assert (found.steps[0], found.steps[-1]) == (0, 999)
    assert len(found.values) <= 80
    assert found.is_reduced
    if is_http(any_store.tracking_uri):
        # The server may add the last point.
        assert found.total in (100, 101)
        assert not found.total_is_exact
    else:
        assert (found.total, found.total_is_exact) == (1000, True)


def test_a_metric_that_was_never_logged_has_no_points(any_store: Store) -> None:
    found = read_history(any_store, make_run(any_store), "nothing")
    assert (found.values, found.total) == ((), 0)


def test_a_store_that_cannot_sample_is_read_in_full(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = make_run(any_store, metrics={"loss": [3.0, 2.0, 1.0]})
    monkeypatch.setattr(metric_points, "SAMPLING_ENDPOINT", "/api/2.0/mlflow/metrics/not-there")
    monkeypatch.setattr(mlflow_internals, "SAMPLING", "not_there")
    monkeypatch.setattr(metric_points, "SAMPLE", 2)
    found = read_history(any_store, run_id, "loss")
    assert (found.values, found.total, found.total_is_exact) == ((3.0, 2.0, 1.0), 3, True)


@pytest.mark.parametrize("sampling", [mlflow_internals.SAMPLING, "not_there"])
def test_points_come_in_order_of_step_then_of_time(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, sampling: str
) -> None:
    monkeypatch.setattr(mlflow_internals, "SAMPLING", sampling)
    run_id = make_run(sqlite_store)
    client = stores.client(sqlite_store)
    for step, timestamp, value in ((1, 1000, 0.0), (0, 3000, 1.0), (0, 1500, 9.0), (0, 2000, 5.0)):
        client.log_metric(run_id, "loss", value, timestamp=timestamp, step=step)
    assert read_history(sqlite_store, run_id, "loss").values == (9.0, 5.0, 1.0, 0.0)


def test_many_histories_are_read_at_once(any_store: Store) -> None:
    runs = [make_run(any_store, metrics={"a": [1, 2], "b": [n, n, n]}) for n in range(2)]
    requests = [HistoryRequest(run_id, key) for run_id in runs for key in ("a", "b", "nothing")]
    found = {(h.run_id, h.key): h.values for h in read_histories(any_store, requests)}
    assert found == {
        (run_id, key): values
        for number, run_id in enumerate(runs)
        for key, values in (("a", (1.0, 2.0)), ("b", (float(number),) * 3), ("nothing", ()))
    }


def test_only_what_is_new_is_read(any_store: Store) -> None:
    run_id = make_run(any_store, metrics={"loss": list(range(50))})
    (tail,) = read_histories(any_store, [HistoryRequest(run_id, "loss", first_step=47)])
    assert (tail.steps, tail.total) == ((47, 48, 49), 3)
    (piece,) = read_histories(any_store, [HistoryRequest(run_id, "loss", -5, 2)])
    assert piece.steps == (0, 1, 2)


def test_a_stretch_of_a_long_history_is_counted(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_points, "SAMPLE", 10)
    run_id = make_run(sqlite_store, metrics={"loss": list(range(100))})
    (found,) = read_histories(sqlite_store, [HistoryRequest(run_id, "loss", 20, 79)])
    assert (found.steps[0], found.steps[-1]) == (20, 79)
    assert (found.total, found.total_is_exact) == (60, True)
    # MLflow before 3.9 gives all of so short a stretch.
    assert found.is_reduced or before("3.9")


def test_a_stretch_is_read_where_the_store_cannot_sample(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = make_run(any_store, metrics={"loss": list(range(9))})
    monkeypatch.setattr(metric_points, "SAMPLING_ENDPOINT", "/api/2.0/mlflow/metrics/not-there")
    monkeypatch.setattr(mlflow_internals, "SAMPLING", "not_there")
    (found,) = read_histories(any_store, [HistoryRequest(run_id, "loss", 3, 5)])
    assert found.steps == (3, 4, 5)


def test_when_the_time_is_up_what_is_missing_was_not_read(sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store, metrics={"a": [1, 2], "b": [3, 4]})
    requests = [HistoryRequest(run_id, "a"), HistoryRequest(run_id, "b")]
    found = read_histories(sqlite_store, requests, seconds=0)
    assert [history.key for history in found] == ["a"]


def test_no_more_are_read_than_one_request_may_hold(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "MANY", 2)
    run_id = make_run(sqlite_store)
    requests = [HistoryRequest(run_id, key) for key in "abc"]
    assert [history.key for history in read_histories(sqlite_store, requests)] == ["a", "b"]


def test_where_no_store_is_nothing_is_read(store: Store) -> None:
    assert read_histories(store, [HistoryRequest("r", "loss")]) == ()


def test_every_point_of_a_whole_history_comes_in_order_of_step(any_store: Store) -> None:
    values = [0.5, math.inf, *(float(number) for number in range(3_000))]
    run_id = make_run(any_store, metrics={"loss": values})
    found = read_whole_history(any_store, run_id, "loss")
    assert list(found.values) == values
    assert list(found.steps) == list(range(3_002))
    assert (found.total, found.is_reduced) == (3_002, False)
