"""What is known of the runs of an experiment."""

from dataclasses import replace

from mlops_tui.domain.experiments.known_runs import KnownRuns
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.runs.best_value import BestValue
from mlops_tui.domain.runs.run import Run, RunPage, RunStatus
from mlops_tui.domain.runs.run_filter import Kind


def run(number: int, **changes: object) -> Run:
    made = Run(f"r{number}", "1", f"run {number}", RunStatus.FINISHED, 1_000 * number, 2)
    return replace(made, **changes)  # type: ignore[arg-type]


def known(*pages: RunPage, deleted: bool = False) -> KnownRuns:
    made = KnownRuns(RunSource("1", deleted=deleted))
    made.refresh(pages[0])
    for page in pages[1:]:
        made.extend(page)
    return made


def ids(found: KnownRuns) -> list[str]:
    return [each.run_id for each in found.runs]


def test_the_first_page_is_read_anew_while_later_ones_stay() -> None:
    found = known(RunPage((run(5), run(4)), "t"), RunPage((run(3), run(2)), "u"))
    found.refresh(RunPage((run(6), run(5)), "t"))
    assert ids(found) == ["r6", "r5", "r4", "r3", "r2"]
    assert found.next_token == "u"
    found.refresh(RunPage((run(6),)))
    assert ids(found) == ["r6"]
    assert found.next_token == ""


def test_more_new_runs_than_a_page_leave_no_gap() -> None:
    found = known(RunPage((run(3), run(2)), "t"), RunPage((run(1),)))
    assert found.total == 3
    found.refresh(RunPage((run(8), run(7)), "u"))
    assert ids(found) == ["r8", "r7"]
    assert found.next_token == "u"
    assert found.total is None


def test_the_version_grows_only_when_something_changed() -> None:
    found = known(RunPage((run(2), run(1))))
    before = found.version
    found.refresh(RunPage((run(2), run(1))))
    assert found.version == before
    found.refresh(RunPage((run(2, name="new"), run(1))))
    assert found.version > before


def test_what_is_deleted_leaves_the_active_runs_only() -> None:
    found = known(RunPage((run(2), run(1))))
    found.update([run(2, is_deleted=True), run(1, name="new"), run(9)])
    assert [(each.run_id, each.name) for each in found.runs] == [("r1", "new")]
    deleted = known(RunPage((run(1, is_deleted=True),)), deleted=True)
    deleted.update([run(1, is_deleted=True, name="new")])
    assert ids(deleted) == ["r1"]


def test_a_page_that_found_nothing_does_not_lose_the_place() -> None:
    found = known(RunPage((), "start", looked_at=2), RunPage((run(1),), "further", looked_at=2))
    found.refresh(RunPage((), "start", looked_at=2))
    assert ids(found) == ["r1"]
    assert (found.next_token, found.looked_at) == ("further", 4)


def test_extremes_stay_with_a_run_that_has_ended() -> None:
    found = known(RunPage((run(2, metrics={"x": 1.0}), run(1, metrics={"x": 1.0}))))
    assert found.without_extremes("x") == ["r2", "r1"]
    best = BestValue("r2", "x", 0.5, 3, 1.0, 4, is_exact=True)
    found.learn([best, replace(best, run_id="unknown")])
    assert found.without_extremes("x") == ["r1"]
    found.refresh(RunPage((run(2, metrics={"x": 1.0}, name="new"), run(1))))
    assert [dict(each.extremes) for each in found.runs] == [{"x": best}, {}]


def test_those_of_a_running_run_are_looked_at_again() -> None:
    running = run(1, status=RunStatus.RUNNING, metrics={"x": 1.0})
    found = known(RunPage((running,)))
    found.learn([BestValue("r1", "x", 0.5, 3, 1.0, 4, is_exact=True)])
    found.refresh(RunPage((replace(running, metrics={"x": 2.0}),)))
    assert found.without_extremes("x") == ["r1"]


def test_keys_parents_and_signs_are_known() -> None:
    child = run(2, tags={"mlflow.parentRunId": "far"}, params={"lr": "1"}, datasets={"iris": "d"})
    alive = run(1, status=RunStatus.RUNNING, metrics={"b": 1, "a": 2}, ended_at=None)
    found = known(RunPage((child, alive)))
    assert found.keys()[Kind.METRIC] == ("a", "b")
    assert found.keys()[Kind.PARAM] == ("lr",)
    assert found.datasets() == ("iris",)
    assert found.missing_parents() == ["far"]
    found.add_context(["far"], [replace(run(0), run_id="far")])
    assert found.missing_parents() == []
    assert found.get("far") == replace(run(0), run_id="far")
    assert found.signs() == {"r1": (1_000, "")}
    assert found.unfinished_beyond(RunPage((child,))) == ["r1"]
