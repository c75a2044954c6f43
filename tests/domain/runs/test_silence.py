"""Runs that say RUNNING, but have not been heard of."""

from typing import Any

from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.domain.runs.silence import assumed_end, last_sign, last_signs


def run(run_id: str, parent: str = "", **changes: Any) -> Run:
    values: dict[str, Any] = {
        "experiment_id": "1",
        "name": run_id,
        "status": RunStatus.RUNNING,
        "started_at": 100,
        "ended_at": None,
        "tags": {"mlflow.parentRunId": parent} if parent else {},
    }
    return Run(run_id=run_id, **(values | changes))


def test_the_last_sign_is_the_youngest_of_all() -> None:
    assert last_sign(run("a")) == 100
    assert last_sign(run("a", last_metric_at=300)) == 300
    assert last_sign(run("a", last_metric_at=50)) == 100
    assert last_sign(run("a", started_at=None)) is None


def test_only_running_runs_have_signs_to_look_for() -> None:
    assert last_signs([run("a", status=RunStatus.FINISHED)]) == {}
    assert last_signs([run("a"), run("b", status=RunStatus.KILLED)]) == {"a": 100}


def test_a_parent_lives_through_its_childrens_children() -> None:
    child = run("child", "parent", status=RunStatus.FINISHED, ended_at=200)
    grandchild = run("grandchild", "child", last_metric_at=400)
    assert last_signs([grandchild, run("parent"), child]) == {"parent": 400, "grandchild": 400}


def test_a_parent_that_is_not_loaded_or_its_own_child_is_no_trouble() -> None:
    assert last_signs([run("a", "elsewhere"), run("b", "c"), run("c", "b", last_metric_at=9)]) == {
        "a": 100,
        "b": 100,
        "c": 100,
    }


def test_a_run_that_nobody_saw_end_ended_when_it_was_last_heard_of() -> None:
    assert assumed_end(run("a", last_metric_at=300), 1_000) == 300
    assert assumed_end(run("a", last_metric_at=300), 1_000, (200, 700)) == 700
    assert assumed_end(run("a", last_metric_at=300_000), 1_000) == 100
    assert assumed_end(run("a", started_at=0, last_metric_at=-5), 1_000) == 1_000
