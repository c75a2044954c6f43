"""The experiments of a store."""

from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.experiments.experiment import MONITORING, Experiment
from mlops_tui.domain.runs.label import Label
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import experiments
from mlops_tui.services.experiments.experiments import (
    create_experiment,
    delete_experiment,
    label_experiment,
    list_experiments,
    restore_experiment,
)
from mlops_tui.services.runs.runs import search_runs
from mlops_tui.services.store import own_experiments
from mlops_tui.services.store import store as stores
from mlops_tui.services.store.failures import translated
from tests.making import make_experiment, make_run, unique


def test_experiments_come_newest_first_without_deleted_ones(any_store: Store) -> None:
    names = [unique(name) for name in ("first", "deleted", "last [red]")]
    ids = [make_experiment(any_store, name) for name in names]
    stores.client(any_store).delete_experiment(ids[1])
    found = [one for one in list_experiments(any_store) if one.name in names]
    assert [one.name for one in found] == [names[2], names[0]]
    assert found[0].experiment_id == ids[2]
    assert found[0].artifact_location
    assert found[0].created_at is not None


def test_the_experiment_of_monitors_comes_last(sqlite_store: Store) -> None:
    make_experiment(sqlite_store, "mine")
    own_experiments.begin(sqlite_store, stores.client(sqlite_store), MONITORING)
    make_experiment(sqlite_store, "newest")
    names = [each.name for each in list_experiments(sqlite_store)]
    assert names == ["newest", "mine", "Default", "Model monitoring"]


def test_more_experiments_than_a_page_holds_are_all_listed(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments, "PAGE", 2)
    made = {make_experiment(any_store) for _ in range(5)}
    assert made <= {one.experiment_id for one in list_experiments(any_store)}


def test_a_name_that_is_taken_is_told_without_sql(any_store: Store) -> None:
    with pytest.raises(Conflict) as caught, translated():
        stores.client(any_store).create_experiment("Default")
    assert caught.value.message == "Experiment(name=Default) already exists."


def found(store: Store, name: str, *, deleted: bool = False) -> Experiment | None:
    everything = list_experiments(store, deleted=deleted)
    return next((one for one in everything if one.name == name), None)


def test_an_experiment_is_created_under_its_name(any_store: Store) -> None:
    name = unique("Flowers [red]")
    made = create_experiment(any_store, f"  {name} ")
    assert made == found(any_store, name)
    assert (made.name, made.note, made.is_deleted) == (name, "", False)


def test_artifacts_lie_beside_the_file_whatever_the_working_directory(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    made = create_experiment(store, "Größe / [x] #1")
    assert Path(made.artifact_location).parent == tmp_path / "mlruns"
    assert Path(made.artifact_location).name.startswith("Gr-e-x-1-")
    run_id = make_run(store, made.experiment_id)
    stores.client(store).log_text(run_id, "here", "note.txt")
    assert (Path(made.artifact_location) / run_id / "artifacts" / "note.txt").read_text() == "here"
    assert list(elsewhere.iterdir()) == []


def test_a_server_decides_itself_where_artifacts_lie(server_store: Store) -> None:
    made = create_experiment(server_store, unique("Flowers"))
    assert made.artifact_location == f"mlflow-artifacts:/{made.experiment_id}"


def test_a_renamed_experiments_artifacts_are_no_others(sqlite_store: Store) -> None:
    first = create_experiment(sqlite_store, "A")
    label_experiment(sqlite_store, first.experiment_id, Label("A", ""), Label("B", ""))
    assert create_experiment(sqlite_store, "A").artifact_location != first.artifact_location


def test_an_experiment_without_a_name_is_not_created(store: Store) -> None:
    with pytest.raises(InvalidInput, match="It needs a name"):
        create_experiment(store, "  ")
    assert not stores.exists(store)


def test_a_taken_name_is_refused(any_store: Store) -> None:
    name = create_experiment(any_store, unique("taken")).name
    with pytest.raises(Conflict, match=f"There is an experiment '{name}' already"):
        create_experiment(any_store, name)
    other = create_experiment(any_store, unique("other"))
    before = Label(other.name, "")
    with pytest.raises(Conflict, match=f"There is an experiment '{name}' already"):
        label_experiment(any_store, other.experiment_id, before, Label(name, "with a note"))
    assert found(any_store, other.name) == other


def test_the_name_of_a_deleted_experiment_stays_reserved(any_store: Store) -> None:
    made = create_experiment(any_store, unique("gone"))
    delete_experiment(any_store, made.experiment_id)
    with pytest.raises(Conflict, match=r"taken by a deleted experiment.*Restore that one"):
        create_experiment(any_store, made.name)


def test_a_name_with_its_note_is_changed_then_brought_back(any_store: Store) -> None:
    made = create_experiment(any_store, unique("before"))
    before, after = Label(made.name, ""), Label(unique("after"), "# Why\n*so*")
    now = label_experiment(any_store, made.experiment_id, before, after)
    assert Label(now.name, now.note) == after
    assert found(any_store, after.name) == now
    label_experiment(any_store, made.experiment_id, after, before)
    assert found(any_store, made.name) is not None


def test_a_label_that_somebody_else_changed_is_left_alone(any_store: Store) -> None:
    made = create_experiment(any_store, unique("mine"))
    theirs = unique("theirs")
    stores.client(any_store).rename_experiment(made.experiment_id, theirs)
    with pytest.raises(Conflict, match=f"is '{theirs}' now"):
        label_experiment(
            any_store, made.experiment_id, Label(made.name, ""), Label(unique("x"), "")
        )


def fail_tags(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ServiceError("The disk is full.")

    monkeypatch.setattr(stores.client(store), "set_experiment_tag", refuse)


def test_a_note_that_fails_takes_the_new_name_back(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_experiment(sqlite_store, "A")
    fail_tags(sqlite_store, monkeypatch)
    for name in ("A", "B"):
        with pytest.raises(ServiceError, match=r"Nothing was changed: The disk is full"):
            label_experiment(sqlite_store, made.experiment_id, Label("A", ""), Label(name, "n"))
    assert found(sqlite_store, "A") is not None


def test_a_name_that_cannot_be_taken_back_is_told(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_experiment(sqlite_store, "A")
    fail_tags(sqlite_store, monkeypatch)
    rename = stores.client(sqlite_store).rename_experiment

    def rename_once(experiment_id: str, name: str) -> None:
        if name == "A":
            raise ServiceError("The disk is fuller.")
        rename(experiment_id, name)

    monkeypatch.setattr(stores.client(sqlite_store), "rename_experiment", rename_once)
    with pytest.raises(
        ServiceError, match=r"named 'B' now, but its note was not changed: .*fuller"
    ):
        label_experiment(sqlite_store, made.experiment_id, Label("A", ""), Label("B", "n"))


def test_a_deleted_experiment_comes_back_with_the_runs_it_had(any_store: Store) -> None:
    made = create_experiment(any_store, unique("kept"))
    runs = [make_run(any_store, made.experiment_id) for _ in range(3)]
    stores.client(any_store).delete_run(runs[0])
    already = delete_experiment(any_store, made.experiment_id)
    assert already == (runs[0],)
    assert found(any_store, made.name) is None
    gone = found(any_store, made.name, deleted=True)
    assert gone is not None
    assert gone.is_deleted
    assert len(search_runs(any_store, made.experiment_id, deleted=True).runs) == 3
    restore_experiment(any_store, made.experiment_id, keep_deleted=already)
    assert found(any_store, made.name) is not None
    active = search_runs(any_store, made.experiment_id).runs
    assert {run.run_id for run in active} == set(runs[1:])


def test_runs_that_could_not_be_kept_deleted_are_counted(sqlite_store: Store) -> None:
    made = create_experiment(sqlite_store, "A")
    delete_experiment(sqlite_store, made.experiment_id)
    with pytest.raises(NotFound, match="is restored, but with it 1 of the runs"):
        restore_experiment(sqlite_store, made.experiment_id, keep_deleted=["0" * 32])


def test_what_is_not_there_is_neither_deleted_nor_restored(any_store: Store) -> None:
    for act in (delete_experiment, restore_experiment):
        with pytest.raises(NotFound, match="999999"):
            act(any_store, "999999")
