"""Very many runs read from a database at once: the same runs as MLflow's client gives."""

import pytest

from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import run_arrangement, run_reading
from mlops_tui.services.runs import run_memory
from mlops_tui.services.runs.run_bulk import read_many, run_ids_of
from mlops_tui.services.runs.runs import get_run, search_runs
from mlops_tui.services.store.store import client
from tests.making import make_experiment, make_run


def fill(store: Store) -> str:
    """Make runs of every kind; return their experiment."""
    from mlflow.entities import Dataset, DatasetInput

    experiment = make_experiment(store)
    make_run(store, experiment, name="plain", metrics={"loss": [2.0, 1.0]}, params={"lr": 0.1})
    odd = {"nan": float("nan"), "inf": float("inf"), "less": float("-inf")}
    make_run(store, experiment, name="[red]", metrics=odd, tags={"team": "a\nb"}, status="FAILED")
    running = make_run(store, experiment, name="alive", metrics={"loss": 1.0}, status="RUNNING")
    client(store).log_inputs(running, [DatasetInput(Dataset("iris", "d", "local", "x"), [])])
    resumed = make_run(store, experiment, name="resumed")
    client(store).update_run(resumed, status="RUNNING")
    gone = make_run(store, experiment, name="deleted")
    client(store).set_terminated(gone, "KILLED")
    client(store).delete_run(gone)
    make_run(store, name="elsewhere")
    return experiment


def test_a_database_gives_the_same_runs_as_the_client(sqlite_store: Store) -> None:
    experiment, opened = fill(sqlite_store), client(sqlite_store)
    for deleted in (False, True):
        ids = run_ids_of(opened, experiment, deleted=deleted)
        expected = search_runs(sqlite_store, experiment, deleted=deleted).runs
        assert ids == [run.run_id for run in expected]
        # Equal but for NaN, which is not even equal to itself.
        assert repr(read_many(opened, ids)) == repr(expected)


def test_runs_that_are_gone_are_left_out_whatever_the_order(sqlite_store: Store) -> None:
    experiment, opened = fill(sqlite_store), client(sqlite_store)
    ids = run_ids_of(opened, experiment)
    assert ids
    backwards = ["0" * 32, *reversed(ids)]
    assert [run.run_id for run in read_many(opened, backwards)] == backwards[1:]


def test_a_server_is_not_asked_for_its_database(server_store: Store) -> None:
    experiment = fill(server_store)
    assert run_ids_of(client(server_store), experiment) is None
    run_memory.forget()
    source = RunSource(experiment)
    run_reading.refresh(server_store, source)
    before = run_reading.read_rest(server_store, source)
    assert run_reading.read_rest(server_store, source) == before


def test_the_rest_of_an_experiment_is_read_in_few_calls(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_reading, "PAGE", 2)
    experiment = make_experiment(sqlite_store)
    made = [make_run(sqlite_store, experiment, name=str(number)) for number in range(7)]
    source = RunSource(experiment)
    run_memory.forget()
    known = run_memory.remembered(sqlite_store, source)
    known.refresh(run_reading._search(sqlite_store, source))
    assert run_arrangement.arrange(sqlite_store, source, RunView()).total is None
    run_reading.read_rest(sqlite_store, source)
    found = run_arrangement.arrange(sqlite_store, source, RunView())
    assert list(found.keys) == made[::-1]
    assert (found.total, found.next_token) == (7, "")
    assert run_reading.read_rest(sqlite_store, source) == found.version


def test_a_start_of_0_is_not_known(sqlite_store: Store) -> None:
    import sqlite3

    run_id = make_run(sqlite_store, make_experiment(sqlite_store))
    path = sqlite_store.tracking_uri.removeprefix("sqlite:///")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE runs SET start_time = 0, end_time = 0")
    database.close()
    (bulk,) = read_many(client(sqlite_store), [run_id])
    for run in (bulk, get_run(sqlite_store, run_id).run):
        assert (run.started_at, run.ended_at) == (None, None)
