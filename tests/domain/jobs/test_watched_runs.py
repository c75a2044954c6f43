"""The runs of a job that is watched."""

from dataclasses import replace

from mlops_tui.domain.jobs.watched_runs import WatchedRuns
from mlops_tui.domain.runs.run import RunStatus
from tests.domain.made_up import made_up

NEWEST = made_up("newest", metrics={"loss": 0.1, "system/cpu": 9.0})
OLDEST = made_up("oldest", metrics={"loss": 0.5, "accuracy": 0.7})
EMPTY = made_up("empty")


def test_the_newest_run_that_has_a_metric_tells_its_value_the_machines_last() -> None:
    values = WatchedRuns((NEWEST, EMPTY, OLDEST)).values
    assert list(values.items()) == [("accuracy", 0.7), ("loss", 0.1), ("system/cpu", 9.0)]


def test_the_measured_runs_are_those_with_a_metric() -> None:
    assert WatchedRuns((NEWEST, EMPTY, OLDEST)).measured == (NEWEST, OLDEST)
    assert WatchedRuns().measured == ()


def test_they_are_settled_once_all_have_ended() -> None:
    running = replace(EMPTY, status=RunStatus.RUNNING)
    assert WatchedRuns((NEWEST, OLDEST)).is_settled
    assert WatchedRuns().is_settled
    assert not WatchedRuns((NEWEST, running)).is_settled
