"""Runs whose ids are known."""

from mlops_tui.domain.store import Store
from mlops_tui.services.runs.runs_by_id import read_runs, read_runs_anywhere
from mlops_tui.services.store import store as stores
from tests.making import make_experiment, make_run


def test_some_runs_are_read_again_by_their_ids(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    made = [make_run(any_store, experiment) for _ in range(3)]
    found = read_runs(any_store, experiment, made[:2])
    assert {run.run_id for run in found} == set(made[:2])


def test_runs_of_several_experiments_are_read_in_the_order_asked_for(any_store: Store) -> None:
    experiments = [make_experiment(any_store) for _ in range(2)]
    first, second, third = (
        make_run(any_store, experiments[number % 2], name=f"run-{number}") for number in range(3)
    )
    asked = [third, "0" * 32, second, first, second]
    found = read_runs_anywhere(any_store, asked)
    assert [run.name for run in found] == ["run-2", "run-1", "run-0"]
    names = [stores.client(any_store).get_experiment(each).name for each in experiments]
    assert [run.experiment_name for run in found] == [names[0], names[1], names[0]]
    assert [run.experiment_name for run in read_runs_anywhere(any_store, [first, third])] == [
        "",
        "",
    ]


def test_a_deleted_run_is_still_compared(sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store, name="deleted")
    stores.client(sqlite_store).delete_run(run_id)
    assert [run.name for run in read_runs_anywhere(sqlite_store, [run_id])] == ["deleted"]


def test_where_no_store_is_there_are_no_runs_to_compare(store: Store) -> None:
    assert read_runs_anywhere(store, ["r"]) == ()
