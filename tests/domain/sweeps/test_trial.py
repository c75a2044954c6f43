from dataclasses import replace
from math import inf, nan

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run import REASON_TAG, TRIAL_TAG, Run, RunStatus
from mlops_tui.domain.sweeps.trial import (
    STATE_TAG,
    VALUES_TAG,
    Trial,
    TrialState,
    best_so_far,
    best_trial,
    judged,
    trials_of,
)


def run(number: str, value: float | None, *, state: str = "", **options: object) -> Run:
    tags = {TRIAL_TAG: number, VALUES_TAG: '{"lr": 0.1, "deep": {}}', REASON_TAG: "why"}
    known = {"run_id": f"r{number}", "status": RunStatus.FINISHED, "started_at": 1, "ended_at": 2}
    return Run(
        experiment_id="1",
        name="",
        metrics={} if value is None else {"accuracy": value},
        tags=tags | ({STATE_TAG: state} if state else {}),
        **known | options,  # type: ignore[arg-type]
    )


def trial(number: int, value: float | None, ended_at: int = 0) -> Trial:
    state = TrialState.COMPLETE if value is not None else TrialState.FAILED
    return Trial(number, {}, state, value, ended_at=ended_at)


def test_a_trial_is_read_from_the_tags_of_its_run() -> None:
    (found,) = trials_of([run("3", 0.5, state="complete")], "accuracy")
    assert found == Trial(3, {"lr": 0.1}, TrialState.COMPLETE, 0.5, "r3", "why", 1, 2)


def test_a_run_that_is_none_of_a_trial_is_left_out() -> None:
    strange = [run("", 0.5), run("-1", 0.5), run("9" * 12, 0.5), run("x", 0.5)]
    assert trials_of(strange, "accuracy") == ()


def test_a_trial_that_nobody_judged_is_what_its_run_says() -> None:
    def state(value: float | None, status: RunStatus) -> TrialState:
        (found,) = trials_of([run("0", value, status=status)], "accuracy")
        return found.state

    assert state(None, RunStatus.RUNNING) is TrialState.RUNNING
    assert state(None, RunStatus.SCHEDULED) is TrialState.RUNNING
    assert state(0.5, RunStatus.FINISHED) is TrialState.COMPLETE
    assert state(None, RunStatus.FINISHED) is TrialState.STOPPED
    assert state(nan, RunStatus.FINISHED) is TrialState.STOPPED
    assert state(0.5, RunStatus.KILLED) is TrialState.STOPPED
    assert state(0.5, RunStatus.FAILED) is TrialState.STOPPED
    assert trials_of([run("0", 0.5, state="odd")], "accuracy")[0].state is TrialState.COMPLETE


def test_only_what_has_a_value_or_was_pruned_is_not_tried_again() -> None:
    assert [state for state in TrialState if state.is_done] == ["complete", "pruned"]


def test_a_trial_without_a_finite_value_has_failed() -> None:
    ended = Trial(0, state=TrialState.COMPLETE)

    def reason(found: Run | None, metric: str = "accuracy") -> str:
        trial = judged(ended, found, metric)
        assert (trial.state, trial.value) == (TrialState.FAILED, None)
        return trial.reason

    assert reason(None) == "made no run"
    assert reason(run("0", nan)) == "accuracy is nan"
    assert reason(run("0", 0.5), "f1") == "logged no metric f1; it has accuracy"
    assert reason(run("0", None)) == "logged no metric accuracy; it has no metrics"
    good = judged(ended, run("0", 0.5), "accuracy")
    assert (good.state, good.value, good.run_id) == (TrialState.COMPLETE, 0.5, "r0")
    crashed = replace(ended, state=TrialState.FAILED, reason="exit code 1")
    assert judged(crashed, run("0", 0.5), "accuracy").reason == "exit code 1"
    assert judged(crashed, None, "accuracy").reason == "exit code 1"


def test_values_that_make_no_sense_are_no_values() -> None:
    for text in ("[1]", "{", "[" * 100_000, "null"):
        odd = run("0", inf)
        odd.tags[VALUES_TAG] = text  # type: ignore[index]
        (found,) = trials_of([odd], "accuracy")
        assert (found.point, found.value) == ({}, None)


def test_of_several_runs_of_a_trial_the_one_that_is_done_counts() -> None:
    runs = [
        run("1", 0.5, state="failed", run_id="young", started_at=9),
        run("1", 0.4, state="complete", run_id="done", started_at=5),
        run("0", None, state="failed", run_id="none", started_at=9),
        run("0", 0.1, state="failed", run_id="valued", started_at=2),
        run("2", None, state="failed", run_id="before", started_at=2),
        run("2", None, status=RunStatus.RUNNING, run_id="again", started_at=3),
        run("3", 0.4, state="complete", run_id="first", started_at=5),
        run("3", 0.6, status=RunStatus.RUNNING, run_id="second", started_at=6),
    ]
    for order in (runs, runs[::-1]):
        found = trials_of(order, "accuracy")
        assert [each.run_id for each in found] == ["valued", "done", "again", "first"]


def test_the_best_is_the_first_of_the_best_complete_ones() -> None:
    trials = [trial(0, 0.5), trial(1, 0.9), trial(2, 0.9), trial(3, None), trial(4, 0.1)]
    assert best_trial(trials, Direction.MAX) == trials[1]
    assert best_trial(trials, Direction.MIN) == trials[4]
    assert best_trial([trial(0, None)], Direction.MAX) is None


def test_the_best_so_far_follows_the_ends_of_the_trials() -> None:
    trials = [trial(0, 0.5, 3), trial(1, 0.9, 1), trial(2, None, 2), trial(3, 0.7, 4)]
    assert best_so_far(trials, Direction.MAX) == ((1, 0.9), (0, 0.9), (3, 0.9))
    assert best_so_far(trials, Direction.MIN) == ((1, 0.9), (0, 0.5), (3, 0.5))
    assert best_so_far([], Direction.MIN) == ()
