"""The rows of a view of the runs that were read."""

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView, SortKey
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.run_arrangement import arrange, rearranged, words_known
from mlops_tui.services.experiments.run_reading import refresh
from mlops_tui.services.store.store import client
from tests.arranging import names
from tests.making import make_experiment, make_run

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_what_was_read_is_arranged_without_reading(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    for name, accuracy in (("a", 0.5), ("b", 0.9), ("c", 0.7)):
        make_run(any_store, experiment, name=name, metrics={"accuracy": accuracy})
    source = RunSource(experiment)
    assert not arrange(any_store, source, RunView()).is_loaded
    refresh(any_store, source)
    found = arrange(any_store, source, RunView())
    assert (found.known, found.passing, found.metrics) == (3, 3, ("accuracy",))
    assert names(found) == ["c", "b", "a"]
    best_first = RunView(words="accuracy>0.6", order=(SortKey(RunColumn.of("metric:accuracy")),))
    assert names(arrange(any_store, source, best_first)) == ["b", "c"]
    with pytest.raises(InvalidInput, match="A value is missing"):
        arrange(any_store, source, RunView(words="accuracy>"))


def test_what_has_been_seen_is_not_arranged_again(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    make_run(sqlite_store, experiment)
    source = RunSource(experiment)
    seen = refresh(sqlite_store, source)
    assert rearranged(sqlite_store, source, RunView(), 0, seen) is None
    assert rearranged(sqlite_store, source, RunView(), 0, -1) is not None
    make_run(sqlite_store, experiment)
    refresh(sqlite_store, source)
    found = rearranged(sqlite_store, source, RunView(), 0, seen)
    assert found
    assert found.known == 2


def test_data_sets_of_runs_come_along(any_store: Store) -> None:
    from mlflow.entities import Dataset, DatasetInput

    experiment = make_experiment(any_store)
    run_id = make_run(any_store, experiment)
    data = Dataset("iris", "abc123", "local", "somewhere")
    client(any_store).log_inputs(run_id, [DatasetInput(data, [])])
    source = RunSource(experiment)
    refresh(any_store, source)
    found = arrange(any_store, source, RunView(words="", group=RunColumn.of("dataset:iris")))
    assert found.datasets == ("iris",)
    assert [group.name for group in found.groups.values()] == ["abc123"]
    words = words_known(any_store, source)
    assert words.values_of("name", None) == ("RandomForest_Run_1",)
