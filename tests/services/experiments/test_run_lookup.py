"""Runs by the beginning of their id."""

import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.run_lookup import find_runs
from mlops_tui.services.store import store as stores
from tests.making import make_experiment, make_run, unique


def test_runs_are_found_in_whatever_experiment_in_the_order_asked_for(any_store: Store) -> None:
    names = [unique("first"), unique("second")]
    experiments = [make_experiment(any_store, name) for name in names]
    made = [make_run(any_store, each, name=n) for each, n in zip(experiments, "ab", strict=True)]
    found = find_runs(any_store, [made[1][:14], made[0]])
    assert [run.name for run in found] == ["b", "a"]
    assert [run.experiment_name for run in found] == names[::-1]


def test_a_beginning_of_several_ids_is_answered_with_them(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    made = sorted(make_run(sqlite_store, experiment) for _ in range(17))
    firsts = [run_id[0] for run_id in made]
    shared = next(first for first in firsts if firsts.count(first) > 1)
    with pytest.raises(InvalidInput, match=f"Several ids begin with {shared}: {shared}"):
        find_runs(sqlite_store, [shared])


@pytest.mark.parametrize("text", ["", "a b", "x'y", "%"])
def test_what_no_id_begins_with_is_refused(sqlite_store: Store, text: str) -> None:
    with pytest.raises(InvalidInput, match="is no beginning of a run's id"):
        find_runs(sqlite_store, [text])


def test_a_wild_card_of_the_database_is_none_here(sqlite_store: Store) -> None:
    make_run(sqlite_store)
    with pytest.raises(NotFound, match="There is no run whose id begins with _"):
        find_runs(sqlite_store, ["_"])


def test_a_deleted_run_is_not_found(sqlite_store: Store) -> None:
    run_id = make_run(sqlite_store)
    stores.client(sqlite_store).delete_run(run_id)
    with pytest.raises(NotFound, match="whose id begins with"):
        find_runs(sqlite_store, [run_id])
