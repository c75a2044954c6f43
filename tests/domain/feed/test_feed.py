"""What is new among the runs of all experiments."""

from collections.abc import Mapping
from math import inf, nan

import pytest

from mlops_tui.domain.feed.feed import Entry, News, entry, in_order, with_reason, with_sweeps_folded
from mlops_tui.domain.feed.read_marks import Marks, first_marks
from mlops_tui.domain.runs.run import JOB_TAG, Run, RunStatus

HOUR = 3_600_000


def made(
    run_id: str,
    status: str = "FINISHED",
    started: int | None = 0,
    ended: int | None = None,
    metrics: Mapping[str, float] | None = None,
    heard: int | None = None,
) -> Entry:
    run = Run(
        run_id=run_id,
        experiment_id="1",
        name=run_id,
        status=RunStatus(status),
        started_at=started,
        ended_at=ended,
        metrics=metrics or {},
        last_metric_at=heard,
    )
    return entry(run, "Flowers")


@pytest.mark.parametrize(
    ("status", "metrics", "what"),
    [
        ("RUNNING", {"loss": 0.5}, News.RUNNING),
        ("SCHEDULED", {}, News.RUNNING),
        ("FINISHED", {"loss": 0.5}, News.FINISHED),
        ("FAILED", {}, News.FAILED),
        ("KILLED", {}, News.KILLED),
        ("RUNNING", {"loss": nan, "accuracy": 0.1}, News.NAN),
        ("FINISHED", {"loss": inf}, News.NAN),
        ("FINISHED", {"loss": -inf}, News.NAN),
        ("FAILED", {"loss": nan}, News.FAILED),
        ("KILLED", {"loss": nan}, News.KILLED),
    ],
)
def test_what_a_run_is_comes_from_its_status_then_from_its_metrics(
    status: str, metrics: Mapping[str, float], what: News
) -> None:
    assert made("a", status, metrics=metrics).what is what


def test_an_entry_keeps_only_what_the_feed_tells() -> None:
    tags = {"mlflow.parentRunId": "p", JOB_TAG: "j", "mlflow.note.content": "x" * 5_000}
    run = Run("a", "1", "a", RunStatus.FINISHED, 1, 2, {"loss": nan, "lr": 1.0}, {"p": "1"}, tags)
    kept = entry(run, "Flowers").run
    assert (list(kept.metrics), kept.params) == (["loss"], {})
    assert (kept.parent_id, kept.job_id, kept.note) == ("p", "j", "")


def test_what_runs_comes_first_then_what_ended_last() -> None:
    entries = [
        made("old", ended=10),
        made("new", ended=30),
        made("young", "RUNNING", started=20),
        made("elder", "RUNNING", started=5, heard=100),
        made("dead", "RUNNING", started=15, heard=20),
        made("untold", "KILLED", started=25),
        made("timeless", started=None),
    ]
    order = [one.run.run_id for one in in_order(entries, {"dead"})]
    assert order == ["young", "elder", "new", "untold", "dead", "old", "timeless"]


def test_a_run_that_only_runs_is_no_news_to_be_read() -> None:
    assert not Marks().is_unread(made("a", "RUNNING", started=5))


def test_what_ends_is_unread_until_it_is_seen_and_again_when_it_ends_again() -> None:
    before, again = made("a", ended=10), made("a", "FAILED", ended=20)
    assert Marks().is_unread(before)
    seen = Marks().with_seen({"a": 10}, 9)
    assert not seen.is_unread(before)
    assert seen.is_unread(again)


def test_a_run_that_became_nan_is_read_once_while_it_runs_and_unread_when_it_ends() -> None:
    for heard in (20, 30):
        one = made("a", "RUNNING", started=10, heard=heard, metrics={"loss": nan})
        assert Marks(floor=100).is_unread(one)
        assert not Marks(0, {"a": 10}).is_unread(one)
    assert Marks(0, {"a": 10}).is_unread(made("a", "FAILED", 10, 40, {"loss": nan}))


def test_marks_are_bounded_and_what_is_dropped_counts_as_read() -> None:
    marks = Marks(0, {"a": 1, "b": 5}).with_seen({"c": 3, "b": 4}, 2)
    assert marks == Marks(1, {"b": 5, "c": 3})
    assert not marks.is_unread(made("a", ended=1))
    assert marks.is_unread(made("d", ended=2))
    assert Marks(7).with_seen({"a": 1}, 5).floor == 7


def test_at_the_first_look_only_the_troubles_of_late_are_unread() -> None:
    entries = [
        made("finished", ended=99 * HOUR),
        made("failed", "FAILED", ended=99 * HOUR),
        made("killed", "KILLED", ended=98 * HOUR),
        made("long ago", "FAILED", ended=2 * HOUR),
        made("running", "RUNNING", started=1),
        made("going on", "RUNNING", started=1, metrics={"loss": nan}),
        made("nan", ended=97 * HOUR, metrics={"loss": inf}),
    ]
    for is_whole in (True, False):
        marks = first_marks(entries, trouble_since=76 * HOUR, is_whole=is_whole)
        unread = {one.run.run_id for one in entries if marks.is_unread(one)}
        assert unread == {"failed", "killed", "going on", "nan"}
        older = made("older", ended=HOUR)
        assert marks.is_unread(older) is is_whole
    assert first_marks([], trouble_since=0, is_whole=False) == Marks()


def trial(run_id: str, number: int, status: str, parent: str, reason: str = "") -> Entry:
    tags = {"mlops_tui.trial": str(number), "mlflow.parentRunId": parent}
    tags |= {"mlops_tui.trial.reason": reason} if reason else {}
    run = Run(run_id, "1", run_id, RunStatus(status), 1, number, tags=tags)
    return entry(run, "Flowers")


def test_a_sweep_is_one_entry_that_counts_its_trials() -> None:
    entries = (
        made("sweep", "RUNNING"),
        *(trial(f"t{number}", number, "FINISHED", "sweep") for number in range(3)),
        trial("t3", 3, "FAILED", "sweep"),
        made("nested child"),
        *(trial(f"old{number}", number, "FINISHED", "gone") for number in range(4)),
    )
    folded = {one.run.run_id: dict(one.trials) for one in with_sweeps_folded(entries)}
    assert folded == {
        "sweep": {News.FINISHED: 3, News.FAILED: 1},
        "nested child": {},
        "old3": {News.FINISHED: 4},
    }
    assert with_sweeps_folded(()) == ()


def test_a_failed_run_has_the_reason_of_its_trial_or_of_its_job() -> None:
    run = Run("a", "1", "a", RunStatus.FAILED, 1, 2, tags={JOB_TAG: "j"})
    assert with_reason(entry(run, "F"), {"j": "ValueError: no"}).reason == "ValueError: no"
    assert with_reason(trial("t", 0, "FAILED", "s", "NaN loss"), {}).reason == "NaN loss"
    done = Run("a", "1", "a", RunStatus.FINISHED, 1, 2, tags={JOB_TAG: "j"})
    assert with_reason(entry(done, "F"), {"j": "ValueError: no"}).reason == ""
