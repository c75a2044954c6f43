"""The runs that a person has marked."""

from dataclasses import replace

from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.domain.runs.run_edit import ACTIVE, DELETED, LIFECYCLE, NAME, NOTE, STATUS, edits_of
from mlops_tui.domain.runs.run_selection import RunSelection

RUNS = tuple(Run(run_id, "1", f"run {run_id}", RunStatus.RUNNING, 1, None) for run_id in "abc")


def test_marks_keep_their_order() -> None:
    basket = RunSelection()
    basket.mark([RUNS[2], RUNS[0]])
    basket.mark([RUNS[2], RUNS[1]])
    assert [run.run_id for run in basket.runs] == ["c", "a", "b"]
    basket.unmark(["a", "not marked"])
    assert basket.ids == {"b", "c"}
    basket.clear()
    assert len(basket) == 0


def test_only_marked_runs_are_seen_anew() -> None:
    basket = RunSelection()
    basket.mark(RUNS[:1])
    basket.see([replace(RUNS[0], name="renamed"), RUNS[1]])
    assert [run.name for run in basket.runs] == ["renamed"]


def test_each_edit_is_hoped_for_in_its_column() -> None:
    basket = RunSelection()
    expected = []
    for field, after in (
        (NAME, "new"),
        (NOTE, "text"),
        (STATUS, "KILLED"),
        (LIFECYCLE, DELETED),
    ):
        basket.expect(edits_of(RUNS[:1], field, after))
        expected.append(basket.expected["a"])
    basket.expect(edits_of([replace(RUNS[0], is_deleted=True)], LIFECYCLE, ACTIVE))
    assert [*expected, basket.expected["a"]] == [
        {"name": "new"},
        {"name": "run a"},
        {"status": "KILLED"},
        {"status": "deleting"},
        {"status": "restoring"},
    ]
    basket.expect(())
    assert basket.expected == {}
