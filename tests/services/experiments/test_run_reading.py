"""Reading the runs of an experiment into the memory."""

import pytest

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView, SortKey
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import run_reading
from mlops_tui.services.experiments.run_arrangement import arrange
from mlops_tui.services.experiments.run_reading import (
    read_again,
    read_ahead,
    read_on,
    read_rest,
    refresh,
    reread,
)
from mlops_tui.services.runs import run_memory
from mlops_tui.services.store.store import client
from tests.arranging import names
from tests.making import make_experiment, make_run

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_only_what_changed_is_another_version(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    running = make_run(sqlite_store, experiment, name="a", status="RUNNING")
    source = RunSource(experiment)
    before = refresh(sqlite_store, source)
    assert refresh(sqlite_store, source) == before
    assert refresh(sqlite_store, source, anew=True) == before
    client(sqlite_store).log_metric(running, "loss", 1.0)
    after = refresh(sqlite_store, source)
    assert after > before
    assert arrange(sqlite_store, source, RunView()).signs.keys() == {running}


def test_every_unfinished_run_beyond_the_first_page_is_looked_at(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_reading, "PAGE", 1)
    monkeypatch.setattr("mlops_tui.services.runs.runs_by_id.MANY", 1)
    experiment = make_experiment(sqlite_store)
    running = [make_run(sqlite_store, experiment, name=name, status="RUNNING") for name in "abc"]
    source = RunSource(experiment)
    refresh(sqlite_store, source)
    while token := arrange(sqlite_store, source, RunView()).next_token:
        read_on(sqlite_store, source, token)
    for run_id in running:
        client(sqlite_store).log_metric(run_id, "loss", 1.0)
    refresh(sqlite_store, source)
    found = arrange(sqlite_store, source, RunView())
    assert names(found) == ["c", "b", "a"]
    assert [run.metrics["loss"] for run in found.runs] == [1.0] * 3


def test_pages_follow_each_other(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_reading, "PAGE", 2)
    experiment = make_experiment(sqlite_store)
    for number in range(5):
        make_run(sqlite_store, experiment, name=str(number))
    source = RunSource(experiment)
    first = run_reading._search(sqlite_store, source)
    run_memory.remembered(sqlite_store, source).refresh(first)
    read_on(sqlite_store, source, first.next_token)
    read_on(sqlite_store, source, first.next_token)
    found = arrange(sqlite_store, source, RunView())
    assert names(found) == ["4", "3", "2", "1"]
    read_on(sqlite_store, source, found.next_token)
    assert arrange(sqlite_store, source, RunView()).next_token == ""


def test_the_extremes_of_histories_become_columns(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    make_run(any_store, experiment, name="a", metrics={"loss": [3.0, 1.0, 2.0]})
    make_run(any_store, experiment, name="b", metrics={"loss": [0.5, 4.0]})
    source = RunSource(experiment)
    refresh(any_store, source)
    run_reading.learn_extremes(any_store, source, ["loss"])
    found = arrange(any_store, source, RunView(order=(SortKey(RunColumn.of("min:loss")),)))
    assert names(found) == ["a", "b"]
    assert found.runs[0].extremes["loss"].least_step == 1


def test_parents_from_elsewhere_are_read_for_a_tree(any_store: Store) -> None:
    elsewhere, here = make_experiment(any_store), make_experiment(any_store)
    parent = make_run(any_store, elsewhere, name="sweep")
    child = make_run(any_store, here, name="trial", tags={"mlflow.parentRunId": parent})
    lost = make_run(any_store, here, name="lost", tags={"mlflow.parentRunId": "0" * 32})
    source = RunSource(here)
    refresh(any_store, source, nested=True)
    found = arrange(any_store, source, RunView(nested=True))
    assert list(found.keys) == [lost, parent, child]
    assert found.depths == {child: 1}


def test_a_server_sorts_what_was_not_read(
    server_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_reading, "PAGE", 2)
    monkeypatch.setattr(run_reading, "AHEAD", 2)
    experiment = make_experiment(server_store)
    for name, loss in (("a", 9.0), ("b", 1.0), ("c", 8.0), ("d", 3.0), ("e", 2.0)):
        make_run(server_store, experiment, name=name, metrics={"loss": loss})
    source = RunSource(experiment)
    worst_first = RunView(order=(SortKey(RunColumn.of("metric:loss")),))
    refresh(server_store, source)
    assert names(arrange(server_store, source, worst_first)) == ["d", "e"]
    before = arrange(server_store, source, worst_first).version
    assert read_ahead(server_store, source, (SortKey(RunColumn.of("param:lr")),)) == before
    read_ahead(server_store, source, worst_first.order)
    found = arrange(server_store, source, worst_first)
    assert (names(found), found.sorted_ahead) == (["a", "c", "d", "e"], 2)
    assert names(arrange(server_store, source, RunView())) == ["e", "d", "c", "a"]
    assert arrange(server_store, source, RunView()).sorted_ahead == 0
    read_on(server_store, source, found.next_token)
    refresh(server_store, source, anew=True)
    assert names(arrange(server_store, source, RunView())) == ["e", "d", "c", "b", "a"]


def test_a_database_that_is_read_to_its_end_is_not_asked_to_sort(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_reading, "PAGE", 1)
    experiment = make_experiment(sqlite_store)
    for loss in (1.0, 2.0):
        make_run(sqlite_store, experiment, metrics={"loss": loss})
    source = RunSource(experiment)
    before = refresh(sqlite_store, source)
    assert read_ahead(sqlite_store, source, (SortKey(RunColumn.of("metric:loss")),)) == before


def test_what_was_changed_far_down_is_seen_when_all_is_read_again(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_reading, "PAGE", 1)
    experiment = make_experiment(any_store)
    ids = {name: make_run(any_store, experiment, name=name) for name in ("a", "b", "c", "d")}
    source = RunSource(experiment)

    def read_all() -> list[str]:
        while token := arrange(any_store, source, RunView()).next_token:
            before = arrange(any_store, source, RunView()).version
            if read_rest(any_store, source) == before:
                read_on(any_store, source, token)
        return names(arrange(any_store, source, RunView()))

    refresh(any_store, source)
    assert read_all() == ["d", "c", "b", "a"]
    client(any_store).set_tag(ids["a"], "mlflow.runName", "A")
    client(any_store).delete_run(ids["b"])
    refresh(any_store, source, anew=True)
    assert names(arrange(any_store, source, RunView())) == ["d", "c", "b", "a"]
    reread(any_store, source)
    assert "b" not in names(arrange(any_store, source, RunView()))
    assert read_all() == ["d", "c", "A"]
    assert arrange(any_store, source, RunView()).total == 3


def test_runs_that_ended_long_ago_are_read_again_where_they_are_looked_at(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_reading, "PAGE", 1)
    experiment = make_experiment(any_store)
    made = [make_run(any_store, experiment, name=name) for name in ("old", "older", "newest")]
    source = RunSource(experiment)
    refresh(any_store, source)
    while token := arrange(any_store, source, RunView()).next_token:
        read_on(any_store, source, token)
    before = refresh(any_store, source)
    assert read_again(any_store, source, made) == before
    client(any_store).set_tag(made[0], "mlflow.runName", "renamed")
    client(any_store).delete_run(made[1])
    assert refresh(any_store, source) == before
    assert read_again(any_store, source, [*made, "gone"]) > before
    assert names(arrange(any_store, source, RunView())) == ["newest", "renamed"]
