"""A change of a run, with what stood there before."""

from typing import Any

import pytest

from mlops_tui.domain.runs.label import UNCHANGED, Label, label_edits, label_of, label_problem
from mlops_tui.domain.runs.run import NOTE_TAG, Run, RunStatus
from mlops_tui.domain.runs.run_edit import (
    ACTIVE,
    DELETED,
    LIFECYCLE,
    NAME,
    NOTE,
    STATUS,
    TAG,
    EditFailure,
    EditOutcome,
    RunEdit,
    describe_edits,
    edit_of,
    edits_of,
    field_value,
    tag_edits,
)


def run(run_id: str = "r1", **changes: Any) -> Run:
    values: dict[str, Any] = {
        "experiment_id": "1",
        "name": f"run {run_id}",
        "status": RunStatus.FINISHED,
        "started_at": 1,
        "ended_at": 2,
    }
    return Run(run_id=run_id, **(values | changes))


def test_every_field_has_a_value() -> None:
    one = run(tags={NOTE_TAG: "good", "team": "a"})
    assert field_value(one, NAME) == "run r1"
    assert field_value(one, STATUS) == "FINISHED"
    assert field_value(one, LIFECYCLE) == ACTIVE
    assert field_value(run(is_deleted=True), LIFECYCLE) == DELETED
    assert field_value(one, NOTE) == "good"
    assert field_value(one, TAG + "team") == "a"
    assert field_value(one, TAG + "none") is None


def test_what_is_so_already_needs_no_edit() -> None:
    assert edit_of(run(), NAME, "run r1") == ()
    assert edit_of(run(), TAG + "x", None) == ()
    assert len(edits_of([run("a"), run("b", is_deleted=True)], LIFECYCLE, DELETED)) == 1


def test_an_edit_undone_goes_back() -> None:
    (edit,) = edit_of(run(), NAME, "new")
    assert (edit.undone().before, edit.undone().after) == ("new", "run r1")
    assert edit.undone().undone() == edit


def test_a_difference_is_said_in_words() -> None:
    (edit,) = edit_of(run(), TAG + "team", "b")
    assert edit.difference(run()) == ""
    assert edit.difference(run(tags={"team": "c"})) == "its tag team is 'c' now, not unset"


def test_a_removed_note_is_told_apart_from_an_empty_one() -> None:
    (edit,) = label_edits([run(tags={NOTE_TAG: "x"})], Label("run r1", ""))
    assert (edit.field, edit.before, edit.after) == (NOTE, "x", None)
    assert label_edits([run(tags={NOTE_TAG: ""})], Label("run r1", "")) == ()


def test_one_run_takes_a_label_as_it_is_typed() -> None:
    one = run(name="{n}")
    assert label_of(one) == Label("{n}", "")
    name, note = label_edits([one], Label(" {name} ", "{note}"))
    assert (name.after, note.after) == ("{name}", "{note}")


def test_several_runs_take_a_label_by_its_pattern() -> None:
    runs = [run("a", name="x{note}", tags={NOTE_TAG: "{n}"}), run("b", name="y")]
    assert label_edits(runs, UNCHANGED) == ()
    edits = label_edits(runs, Label("{n} {name}", "{note}!"))
    assert [edit.after for edit in edits] == ["1 x{note}", "{n}!", "2 y", "!"]


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        (Label("x", "y"), ""),
        (Label("  ", ""), "It needs a name."),
        (Label("x" * 501, ""), "The name has 501 characters; 500 is the most."),
        (Label("x", "y" * 8001), "The note has 8,001 characters; 8,000 is the most."),
    ],
)
def test_a_label_that_mlflow_would_cut_or_refuse_is_a_problem(label: Label, problem: str) -> None:
    assert label_problem(label) == problem


def test_tags_of_several_runs_change_where_they_differ() -> None:
    runs = [run("a", tags={"x": "1"}), run("b", tags={"x": "2", "y": "1"})]
    edits = tag_edits(runs, {"x": "2"}, ["y"])
    assert [(edit.run_id, edit.tag, edit.after) for edit in edits] == [
        ("a", "x", "2"),
        ("b", "y", None),
    ]


def described(*edits: tuple[RunEdit, ...]) -> str:
    return describe_edits([edit for group in edits for edit in group])


def test_edits_are_described_by_run_or_by_number() -> None:
    a, b = run("a"), run("b", is_deleted=True, status=RunStatus.RUNNING)
    renamed, noted = edit_of(a, NAME, "new"), edit_of(a, NOTE, "n")
    assert described(renamed, noted) == "run a: renamed to new, note changed."
    assert described(renamed, edit_of(b, NAME, "b")) == "2 runs: renamed."
    assert described(edit_of(a, LIFECYCLE, DELETED)) == "run a: deleted."
    assert described(edit_of(b, LIFECYCLE, ACTIVE)) == "run b: restored."
    assert described(edit_of(b, STATUS, "KILLED")) == "run b: now KILLED."
    assert described(edit_of(a, TAG + "x", "1"), edit_of(a, TAG + "y", "1")) == (
        "run a: tags changed."
    )


def test_what_was_left_is_told_with_its_reasons() -> None:
    edits = [edit_of(run(name), NAME, "new")[0] for name in "abcdef"]
    assert EditOutcome(tuple(edits)).left() == ""
    gone = [EditFailure(edit, "it is gone.") for edit in edits[1:]]
    assert EditOutcome((edits[0],), tuple(gone)).left() == (
        "Not done for 5 of 6 runs: run b, run c, run d and 2 more: it is gone."
    )
    assert EditOutcome((), (gone[0],)).left() == "Not done for run b: it is gone."
    twice = (gone[0], gone[0], EditFailure(edits[0], "no answer"))
    assert EditOutcome((), twice).left() == (
        "Not done for 2 of 2 runs: run b: it is gone; run a: no answer."
    )
