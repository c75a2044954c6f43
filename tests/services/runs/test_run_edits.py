"""Changes of runs, one or many."""

from collections.abc import Sequence

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError, Unreachable
from mlops_tui.domain.runs.label import Label, label_edits
from mlops_tui.domain.runs.run import END_TAG, NOTE_TAG, Run, RunStatus
from mlops_tui.domain.runs.run_edit import (
    ACTIVE,
    DELETED,
    LIFECYCLE,
    NAME,
    STATUS,
    EditOutcome,
    RunEdit,
    edits_of,
    tag_edits,
)
from mlops_tui.domain.store import Store
from mlops_tui.services.runs import run_edits
from mlops_tui.services.runs.run_edits import edit_runs
from mlops_tui.services.runs.runs import search_runs
from mlops_tui.services.runs.runs_by_id import find_runs
from mlops_tui.services.store import store as stores
from tests.making import make_experiment, make_run
from tests.ports import free_port


def make_runs(store: Store, *names: str) -> tuple[Run, ...]:
    experiment = make_experiment(store)
    ids = [make_run(store, experiment, name=name, tags={"team": "a"}) for name in names]
    return find_runs(store, ids, [experiment])


def again(store: Store, runs: Sequence[Run]) -> tuple[Run, ...]:
    return find_runs(store, [r.run_id for r in runs], [r.experiment_id for r in runs])


def undo(store: Store, outcome: EditOutcome) -> EditOutcome:
    return edit_runs(store, [edit.undone() for edit in reversed(outcome.done)])


def test_a_name_with_its_note_is_changed_then_brought_back(any_store: Store) -> None:
    runs = make_runs(any_store, "deep")
    outcome = edit_runs(any_store, label_edits(runs, Label("deeper", "# It\n*works*")))
    (now,) = outcome.runs
    assert (now.name, now.note) == ("deeper", "# It\n*works*")
    assert outcome.failures == ()
    (before,) = undo(any_store, outcome).runs
    assert before.name == "deep"
    assert NOTE_TAG not in before.tags


def test_tags_of_several_runs_are_set_changed_removed_then_brought_back(any_store: Store) -> None:
    runs = make_runs(any_store, "a", "b")
    outcome = edit_runs(any_store, tag_edits(runs, {"checked": "yes, by me"}, ["team"]))
    assert all(run.tags["checked"] == "yes, by me" for run in outcome.runs)
    assert all("team" not in run.tags for run in outcome.runs)
    for run in undo(any_store, outcome).runs:
        assert run.tags["team"] == "a"
        assert "checked" not in run.tags


def test_deleted_runs_are_among_the_deleted_until_restored(any_store: Store) -> None:
    runs = make_runs(any_store, "a", "b", "c")
    experiment = runs[0].experiment_id
    outcome = edit_runs(any_store, edits_of(runs[:2], LIFECYCLE, DELETED))
    assert all(run.is_deleted for run in outcome.runs)
    assert [run.name for run in search_runs(any_store, experiment).runs] == ["c"]
    deleted = search_runs(any_store, experiment, deleted=True).runs
    assert {run.name for run in deleted} == {"a", "b"}
    undo(any_store, outcome)
    assert len(search_runs(any_store, experiment).runs) == 3
    assert search_runs(any_store, experiment, deleted=True).runs == ()


def test_a_silent_run_is_settled_then_says_running_again(any_store: Store) -> None:
    experiment = make_experiment(any_store)
    run_id = make_run(any_store, experiment, status="RUNNING", metrics={"loss": [3.0, 2.0]})
    runs = find_runs(any_store, [run_id], [experiment])
    assert runs[0].last_metric_at == 1_700_000_000_001
    outcome = edit_runs(any_store, edits_of(runs, STATUS, "FAILED"))
    (settled,) = outcome.runs
    assert settled.status is RunStatus.FAILED
    assert settled.ended_at is not None
    assert settled.is_end_assumed
    assert settled.last_metric_at is None
    (running,) = undo(any_store, outcome).runs
    assert running.status is RunStatus.RUNNING
    assert running.ended_at is None
    assert END_TAG not in running.tags


def test_runs_of_several_experiments_are_found_in_the_order_asked_for(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlops_tui.services.runs.runs_by_id.MANY", 2)
    first, second = make_runs(any_store, "a", "b"), make_runs(any_store, "c", "d")
    wanted = [second[1], first[0], second[0], first[1]]
    found = find_runs(
        any_store,
        [*(run.run_id for run in wanted), "0" * 32],
        [first[0].experiment_id, second[0].experiment_id],
    )
    assert [run.name for run in found] == ["d", "a", "c", "b"]


def test_a_run_that_somebody_else_changed_is_left_alone(any_store: Store) -> None:
    runs = make_runs(any_store, "a", "b")
    stores.client(any_store).update_run(runs[0].run_id, name="theirs")
    outcome = edit_runs(any_store, edits_of(runs, NAME, "mine"))
    assert [edit.label for edit in outcome.done] == ["b"]
    assert outcome.left() == (
        "Not done for 1 of 2 runs: a: its name is 'theirs' now, not 'a': "
        "somebody changed it meanwhile."
    )
    assert [run.name for run in again(any_store, runs)] == ["theirs", "mine"]


def test_a_conflict_with_the_only_run_is_raised(sqlite_store: Store) -> None:
    runs = make_runs(sqlite_store, "a")
    stores.client(sqlite_store).update_run(runs[0].run_id, name="theirs")
    with pytest.raises(Conflict, match="Not done for a: its name is 'theirs' now"):
        edit_runs(sqlite_store, edits_of(runs, NAME, "mine"))


def test_a_run_that_is_gone_is_told(sqlite_store: Store) -> None:
    gone = RunEdit("0" * 32, "1", "ghost", NAME, "a", "b")
    with pytest.raises(NotFound, match="Not done for ghost: it is gone from the store"):
        edit_runs(sqlite_store, [gone])


def test_a_deleted_run_is_not_renamed(any_store: Store) -> None:
    runs = make_runs(any_store, "a")
    edit_runs(any_store, edits_of(runs, LIFECYCLE, DELETED))
    with pytest.raises(Conflict, match=r"it is deleted\. Restore it first"):
        edit_runs(any_store, edits_of(runs, NAME, "mine"))


def test_a_value_that_mlflow_would_cut_off_is_refused(sqlite_store: Store) -> None:
    runs = make_runs(sqlite_store, "a")
    with pytest.raises(InvalidInput, match=r"8,000 characters at most"):
        edit_runs(sqlite_store, tag_edits(runs, {"long": "x" * 8001}, []))


def failing_at(monkeypatch: pytest.MonkeyPatch, count: int, failure: ServiceError) -> list[RunEdit]:
    """Let the edit of that number fail; return the list of those that were tried."""
    tried: list[RunEdit] = []
    apply = run_edits._apply

    def flaky(mlflow_client: object, edit: RunEdit) -> None:
        tried.append(edit)
        if len(tried) == count:
            raise failure
        apply(mlflow_client, edit)  # type: ignore[arg-type]

    monkeypatch.setattr(run_edits, "_apply", flaky)
    return tried


def test_one_failure_keeps_no_other_run_from_being_deleted(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = make_runs(sqlite_store, "a", "b", "c")
    failing_at(monkeypatch, 2, ServiceError("The disk is full."))
    outcome = edit_runs(sqlite_store, edits_of(runs, LIFECYCLE, DELETED))
    assert [edit.label for edit in outcome.done] == ["a", "c"]
    assert outcome.left() == "Not done for 1 of 3 runs: b: The disk is full."
    assert [run.is_deleted for run in again(sqlite_store, runs)] == [True, False, True]
    undo(sqlite_store, outcome)
    assert not any(run.is_deleted for run in again(sqlite_store, runs))


def test_a_store_that_stops_answering_is_not_asked_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = make_runs(sqlite_store, "a", "b", "c", "d")
    tried = failing_at(monkeypatch, 2, Unreachable("Nothing listens.", "Start it."))
    outcome = edit_runs(sqlite_store, edits_of(runs, LIFECYCLE, DELETED))
    assert len(tried) == 2
    assert [edit.label for edit in outcome.done] == ["a"]
    assert outcome.left() == "Not done for 3 of 4 runs: b, c, d: Nothing listens."


def test_a_store_that_stops_answering_at_once_is_named_as_the_reason(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = make_runs(sqlite_store, "a", "b")
    failing_at(monkeypatch, 1, Unreachable("Nothing listens.", "Start it."))
    with pytest.raises(Unreachable, match=r"^Nothing listens\. Start it\.$"):
        edit_runs(sqlite_store, edits_of(runs, LIFECYCLE, DELETED))


def test_what_was_done_counts_though_it_cannot_be_read_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = make_runs(sqlite_store, "a")
    answers = [runs]

    def read_once(*_: object) -> tuple[Run, ...]:
        if answers:
            return answers.pop()
        raise Unreachable("Nothing listens.")

    monkeypatch.setattr(run_edits, "find_runs", read_once)
    outcome = edit_runs(sqlite_store, edits_of(runs, LIFECYCLE, DELETED))
    assert len(outcome.done) == 1
    assert outcome.runs == ()
    assert again(sqlite_store, runs)[0].is_deleted


def test_a_server_that_is_down_is_told_before_anything_is_tried() -> None:
    store = Store(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unreachable, match="Nothing listens"):
        edit_runs(store, [RunEdit("0" * 32, "1", "a", LIFECYCLE, ACTIVE, DELETED)])


def test_where_no_store_is_no_runs_are_found(store: Store) -> None:
    assert find_runs(store, ["0" * 32], ["1"]) == ()
