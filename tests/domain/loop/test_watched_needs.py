"""What a model needs by its monitor and its retraining."""

from dataclasses import replace

import pytest

from mlops_tui.domain.drift.drift_report import DriftReport
from mlops_tui.domain.loop.loop_line import LocalFacts, WatchFacts, loop_line
from mlops_tui.domain.loop.model_facts import LastRun, ModelFacts
from mlops_tui.domain.monitoring.alert import Alert, AlertKind
from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.runs.run import RunStatus

FACTS = ModelFacts("iris", production="2", newest="2")
ATTEMPT = RetrainingAttempt("a1", "iris", 1_000, "accuracy fell.", Step.TRAIN, sentence="On.")
RUNS = MonitorStanding(MonitorPlan("m1", "iris", "iris", "2"), MonitorState.RUNNING)

CHUNK = ChunkResult(
    *(1, 0, 1, 400, 400),
    DriftReport((), 400, 400, 400, 400),
    realised=Interval(0.75, 0.7, 0.8, 400),
    band=Interval(0.95, 0.92, 0.98, 400),
    metric="accuracy",
)


def alert(kind: AlertKind, *, acknowledged: bool = False) -> Alert:
    return Alert("x", kind, "iris", 0, "3 of 4 columns.", acknowledged=acknowledged)


def said(*watched: MonitorStanding | RetrainingAttempt, facts: ModelFacts = FACTS) -> list[str]:
    monitors = tuple(each for each in watched if isinstance(each, MonitorStanding))
    attempts = tuple(each for each in watched if isinstance(each, RetrainingAttempt))
    line = loop_line(facts, LocalFacts(), WatchFacts(monitors, attempts))
    return [f"{n.urgency.name} {n.key}: {n.sentence}" for n in line.needs]


def test_a_monitor_without_an_alert_calls_nobody() -> None:
    assert said(RUNS) == []
    assert said(replace(RUNS, state=MonitorState.STOPPED)) == []
    assert said(replace(RUNS, alerts=(alert(AlertKind.DRIFT, acknowledged=True),))) == []
    assert said(replace(RUNS, alerts=(alert(AlertKind.ENDPOINT),))) == []  # its own line says so


@pytest.mark.parametrize(
    ("standing", "need"),
    [
        (replace(RUNS, alerts=(alert(AlertKind.DRIFT),)), "NOW d: 3 of 4 columns"),
        (
            replace(RUNS, alerts=(alert(AlertKind.PERFORMANCE),)),
            "NOW d: 3 of 4 columns",
        ),
        (
            replace(RUNS, alerts=(alert(AlertKind.CONCEPT),), chunks=(CHUNK,)),
            "NOW d: accuracy 0.75, usual 0.92 to 0.98",
        ),
        (
            replace(RUNS, state=MonitorState.FAILED, problem="No reference."),
            "NOW d: monitor failed: No reference",
        ),
        (
            replace(RUNS, state=MonitorState.FAILED),
            "NOW d: monitor failed: it ended by itself",
        ),
        (replace(RUNS, state=MonitorState.BEHIND), "NEXT d: monitor is behind"),
        (replace(RUNS, problem="The store is away."), "NOW d: monitor waits: The store is away"),
    ],
)
def test_a_monitor_calls_by_its_alerts_and_when_it_does_not_get_on(
    standing: MonitorStanding, need: str
) -> None:
    assert said(standing) == [need]


def test_what_retraining_is_made_against_calls_nobody_while_it_goes_on() -> None:
    bad = replace(RUNS, alerts=(alert(AlertKind.DRIFT),))
    assert said(bad, ATTEMPT) == [
        "UNDERWAY : retraining, train: On",
        "UNDERWAY : 3 of 4 columns",
    ]
    assert said(bad, replace(ATTEMPT, step=Step.STOPPED)) == ["NOW d: 3 of 4 columns"]


@pytest.mark.parametrize(
    ("step", "version", "need"),
    [
        (Step.TRAIN, "", "allow training: accuracy fell"),
        (Step.REGISTER, "", "allow to register the new model"),
        (Step.GATE, "3", "allow to check v3"),
        (Step.STAGING, "3", "allow v3 into Staging"),
        (Step.PRODUCTION, "3", "allow v3 into Production"),
    ],
)
def test_an_attempt_that_waits_asks_for_its_step(step: Step, version: str, need: str) -> None:
    waiting = replace(ATTEMPT, step=step, version=version, waits_for_person=True)
    assert said(waiting) == [f"NOW a: {need}"]


def test_a_failed_attempt_calls_until_a_newer_run_or_rule() -> None:
    failed = replace(ATTEMPT, step=Step.FAILED, run_id="r2", sentence="The gate failed.")
    call = ["NOW R: retraining failed: The gate failed"]
    assert said(failed) == call
    assert said(failed, replace(failed, fired_at=1, sentence="Older.")) == call
    own = LastRun("r2", "loans", RunStatus.FINISHED, 2_000)
    assert said(failed, facts=replace(FACTS, last_run=own)) == call
    assert said(failed, facts=replace(FACTS, last_run=replace(own, run_id="r3"))) == []
    assert said(replace(ATTEMPT, step=Step.DONE)) == []


def test_a_rule_that_cannot_be_read_calls() -> None:
    facts = replace(FACTS, rule_problem="launch is missing.")
    assert said(facts=facts) == ["NOW R: retraining rule: launch is missing"]


def test_of_several_monitors_the_one_that_calls_counts() -> None:
    stopped = replace(RUNS, state=MonitorState.STOPPED)
    calls = replace(stopped, alerts=(alert(AlertKind.DRIFT),))
    line = loop_line(FACTS, LocalFacts(), WatchFacts((stopped, RUNS, calls)))
    assert line.monitor == calls
    line = loop_line(FACTS, LocalFacts(), WatchFacts((stopped, RUNS)))
    assert line.monitor == RUNS
