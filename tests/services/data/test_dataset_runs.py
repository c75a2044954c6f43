"""The runs that were given a data set."""

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.data import dataset_runs
from mlops_tui.services.data.dataset_runs import runs_of_dataset
from tests.making import give_dataset, make_experiment, make_run, unique

HOSTILE = (
    "it's",
    'a "quoted" one',
    "both ' and \"",
    "ends in \\",
    "\\' or dataset.name LIKE '%",
    "semi;colon -- comment /* ' */",
    "100% _ [red] \x1b[31m",
    "two\nlines",
    "שלום 😀",
    "`tick`",
)


def test_runs_of_any_experiment_are_found(any_store: Store) -> None:
    name, digest = unique("iris"), unique("d")
    experiments = [make_experiment(any_store) for _ in range(2)]
    made = [make_run(any_store, experiment, name="a") for experiment in experiments]
    for run_id, context in zip(made, ("training", "testing"), strict=True):
        give_dataset(any_store, run_id, name, digest, context=context)
    found = runs_of_dataset(any_store, name, digest)
    assert {run.run_id for run in found.runs} == set(made)
    assert found.is_all
    assert found.runs[0].name == "a"
    assert found.runs[0].status == "FINISHED"
    assert found.runs[0].experiment_name.startswith("experiment")
    assert found.runs[0].started_at


def test_name_with_digest_must_be_of_one_data_set(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    mixed = make_run(sqlite_store, experiment)
    give_dataset(sqlite_store, mixed, "iris", "other")
    give_dataset(sqlite_store, mixed, "wine", "d1")
    wanted = make_run(sqlite_store, experiment)
    give_dataset(sqlite_store, wanted, "iris", "d1")
    give_dataset(sqlite_store, wanted, "iris", "d2")
    assert [run.run_id for run in runs_of_dataset(sqlite_store, "iris", "d1").runs] == [wanted]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_means_itself(sqlite_store: Store, name: str) -> None:
    experiment = make_experiment(sqlite_store)
    run_id, other = (make_run(sqlite_store, experiment) for _ in range(2))
    give_dataset(sqlite_store, run_id, name, "d'1")
    give_dataset(sqlite_store, other, "x" * len(name), "d'1")
    assert [run.run_id for run in runs_of_dataset(sqlite_store, name, "d'1").runs] == [run_id]


def test_more_runs_than_are_shown_are_said_so(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_runs, "MOST", 2)
    experiment = make_experiment(sqlite_store)
    for _ in range(3):
        give_dataset(sqlite_store, make_run(sqlite_store, experiment), "iris", "d")
    found = runs_of_dataset(sqlite_store, "iris", "d")
    assert len(found.runs) == 2
    assert not found.is_all


def test_pages_of_other_runs_are_passed_over(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_runs, "MOST", 2)
    experiment = make_experiment(sqlite_store)
    oldest = make_run(sqlite_store, experiment)
    give_dataset(sqlite_store, oldest, "it's", "d")
    for _ in range(3):
        give_dataset(sqlite_store, make_run(sqlite_store, experiment), "it s", "d")
    assert [run.run_id for run in runs_of_dataset(sqlite_store, "it's", "d").runs] == [oldest]


def test_a_store_that_is_not_there_has_no_runs(store: Store) -> None:
    assert runs_of_dataset(store, "iris", "d").runs == ()
