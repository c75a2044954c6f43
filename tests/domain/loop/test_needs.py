"""By which rules a model needs a person."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.loop.loop_line import LocalFacts, LoopLine, by_need, loop_line
from mlops_tui.domain.loop.model_facts import LastRun, ModelFacts, NextStage
from mlops_tui.domain.loop.need import Need, NeedKind, Urgency
from mlops_tui.domain.loop.needs import failing
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import GATE, ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.serving.endpoint_figures import CurvePoint, EndpointFigures, read_figures
from mlops_tui.domain.serving.model_server import ModelServer, ServerState

FACTS = ModelFacts(
    "iris",
    production="2",
    newest="2",
    experiment="Flowers",
    last_run=LastRun("r", "forest", RunStatus.FINISHED, 1_000),
)
CALM: dict[str, Json] = {"in_flight": 0, "model": {"version": "2"}}


def record(kind: ProcessKind, **fields: object) -> ProcessRecord:
    made = ProcessRecord("p1", kind, "forest", ("python",), "", (), "store", 2_000)
    return replace(made, **fields)  # type: ignore[arg-type]


def server(state: ServerState, told: Json = None, version: str = "2") -> ModelServer:
    details = {"model": "iris", "version": version}
    figures = read_figures(told)
    return ModelServer(record(ProcessKind.SERVER, details=details), state, figures)


def job(state: ProcessState, **details: str) -> ProcessRecord:
    return record(ProcessKind.JOB, state=state, details={"experiment": "Flowers"} | details)


def line(facts: ModelFacts = FACTS, *processes: ModelServer | ProcessRecord) -> LoopLine:
    servers = tuple(each for each in processes if isinstance(each, ModelServer))
    jobs = tuple(each for each in processes if isinstance(each, ProcessRecord))
    return loop_line(facts, LocalFacts(servers, jobs))


def said(found: LoopLine) -> list[str]:
    """Return each need with its urgency and its key."""
    return [f"{n.urgency.name} {n.key}: {n.sentence}" for n in found.needs]


def test_a_model_whose_endpoint_answers_by_its_production_version_needs_nothing() -> None:
    found = line(FACTS, server(ServerState.READY, CALM), job(ProcessState.FINISHED))
    assert found.needs == ()
    assert found.need is None
    assert found.endpoint is not None
    assert found.job is not None


@pytest.mark.parametrize(
    ("state", "told", "need"),
    [
        (ServerState.FAILED, None, "NOW s: endpoint of v2 failed"),
        (ServerState.LOST, None, "NOW s: endpoint of v2 is gone"),
        (ServerState.STARTING, None, "UNDERWAY : endpoint of v2 starts"),
        (
            ServerState.READY,
            CALM | {"step_s": 10, "curve": [{"per_second": 1.0, "errors_per_second": 0.3}]},
            "NOW s: 3 requests failed in 5 minutes",
        ),
        (
            ServerState.READY,
            CALM | {"capture": {"problem": "the disk is full."}},
            "NOW s: capture: the disk is full",
        ),
        (
            ServerState.READY,
            CALM | {"follow": {"kind": "stage", "target": "Production", "problem": "v3 is bad."}},
            "NOW s: endpoint stays on v2: v3 is bad",
        ),
        (
            ServerState.READY,
            CALM | {"follow": {"loading": "3"}},
            "UNDERWAY : endpoint loads v3",
        ),
        (
            ServerState.READY,
            {"in_flight": 0, "model": {"version": "1"}},
            "NEXT s: endpoint answers by v1, not by v2",
        ),
        (
            ServerState.READY,
            {"in_flight": 0, "model": {"version": "1"}, "follow": {}},
            "UNDERWAY : endpoint answers by v1, not by v2",
        ),
    ],
)
def test_an_endpoint_calls_when_it_does_not_do_what_it_should(
    state: ServerState, told: Json, need: str
) -> None:
    assert said(line(FACTS, server(state, told))) == [need]


@pytest.mark.parametrize("state", [ServerState.STOPPED, ServerState.ELSEWHERE])
def test_an_endpoint_that_somebody_stopped_calls_nobody(state: ServerState) -> None:
    assert said(line(FACTS, server(state))) == []


def test_the_endpoint_that_is_up_and_answers_by_production_counts() -> None:
    others = [server(ServerState.FAILED), server(ServerState.READY, CALM, "1")]
    up = server(ServerState.READY, CALM)
    old = server(ServerState.READY, {"in_flight": 0, "model": {"version": "1"}})
    assert line(FACTS, *others, old, up).endpoint == others[1]  # its figures say v2
    assert line(FACTS, server(ServerState.FAILED), old).endpoint == old


@pytest.mark.parametrize(
    ("state", "created_at", "needs"),
    [
        (ProcessState.WAITING, 2_000, ["UNDERWAY : forest waits in the queue"]),
        (ProcessState.RUNNING, 2_000, ["UNDERWAY : forest trains"]),
        (ProcessState.FAILED, 2_000, ["NOW o: training forest failed"]),
        (ProcessState.LOST, 2_000, ["NOW o: training forest is lost"]),
        (ProcessState.FAILED, 900, []),
        (ProcessState.STOPPED, 2_000, []),
    ],
)
def test_a_failed_training_calls_until_a_newer_run_became_a_version(
    state: ProcessState, created_at: int, needs: list[str]
) -> None:
    assert said(line(FACTS, replace(job(state), created_at=created_at))) == needs


def test_a_job_of_another_experiment_or_purpose_is_no_training_of_the_model() -> None:
    failed = job(ProcessState.FAILED)
    assert line(FACTS, replace(failed, details={"experiment": "Cars"})).job is None
    assert line(FACTS, replace(failed, details={"model": "iris"})).job is None
    assert line(replace(FACTS, experiment=""), replace(failed, details={})).job is None
    assert said(line(replace(FACTS, last_run=None), failed)) == ["NOW o: training forest failed"]


@pytest.mark.parametrize(
    ("stage", "gate", "production", "need"),
    [
        (Stage.PRODUCTION, GateState.MISSING, "2", "NEXT V: check v3 for Production"),
        (Stage.STAGING, GateState.STALE, "2", "NEXT V: check v3 for Staging"),
        (Stage.STAGING, GateState.FAILED, "2", "NEXT V: v3 failed its gate for Staging"),
        (Stage.STAGING, GateState.PASSED, "", "NEXT m: move v3 to Staging: it passed"),
        (Stage.PRODUCTION, GateState.NONE, "", "NEXT m: none in production, newest is v3"),
        (Stage.PRODUCTION, GateState.NONE, "2", ""),
        (Stage.PRODUCTION, GateState.OVERRIDDEN, "2", ""),
    ],
)
def test_the_newest_version_has_a_next_step(
    stage: Stage, gate: GateState, production: str, need: str
) -> None:
    facts = replace(FACTS, production=production, newest="3", next_stage=NextStage(stage, gate))
    assert said(line(facts)) == ([need] if need else [])


def test_while_a_version_is_checked_nobody_is_asked_to_check_it() -> None:
    following = NextStage(Stage.PRODUCTION, GateState.MISSING)
    facts = replace(FACTS, newest="3", next_stage=following)
    check = {GATE: "Production", "model": "iris", "version": "3"}
    runs = record(ProcessKind.JOB, state=ProcessState.RUNNING, details=check)
    assert said(line(facts, runs)) == ["UNDERWAY : v3 is being checked"]
    failed = replace(facts, next_stage=replace(following, gate=GateState.FAILED))
    assert said(line(failed, runs)) == ["UNDERWAY : v3 is being checked"]
    ended = replace(runs, state=ProcessState.FINISHED)
    assert said(line(facts, ended)) == ["NEXT V: check v3 for Production"]
    other = replace(runs, details=check | {"model": "wine"})
    assert said(line(facts, other)) == ["NEXT V: check v3 for Production"]


@pytest.mark.parametrize(
    ("gate", "need"),
    [
        (GateState.MISSING, "NOW V: production v2 is unchecked"),
        (GateState.FAILED, "NOW V: production v2 failed its gate"),
    ],
)
def test_a_version_that_came_past_its_gate_calls(gate: GateState, need: str) -> None:
    assert said(line(replace(FACTS, gate=gate))) == [need]
    assert said(line(replace(FACTS, gate=GateState.OVERRIDDEN))) == []


def test_a_version_that_cannot_be_used_calls_and_has_no_next_step() -> None:
    following = NextStage(Stage.PRODUCTION, GateState.MISSING)
    facts = replace(FACTS, newest="3", newest_trouble="FAILED", next_stage=following)
    assert said(line(facts)) == ["NOW m: v3 is not ready: FAILED"]


def test_what_is_broken_comes_first_then_what_is_next_then_the_names() -> None:
    following = NextStage(Stage.PRODUCTION, GateState.PASSED)
    waiting = line(replace(FACTS, name="b", newest="3", next_stage=following))
    broken = line(replace(FACTS, name="z", gate=GateState.FAILED))
    busy = line(replace(FACTS, name="a"), job(ProcessState.RUNNING))
    calm, calmer = line(replace(FACTS, name="B")), line(replace(FACTS, name="c"))
    lines = by_need([calmer, calm, busy, waiting, broken])
    assert [each.model for each in lines] == ["z", "b", "a", "B", "c"]
    both = line(
        replace(FACTS, gate=GateState.FAILED), server(ServerState.LOST), job(ProcessState.FAILED)
    )
    assert [need.kind for need in both.needs] == [NeedKind.ENDPOINT, NeedKind.JOB, NeedKind.GATE]


def test_what_goes_on_by_itself_has_no_key() -> None:
    assert Need(NeedKind.JOB, Urgency.UNDERWAY, "it trains").key == ""


def figures(*points: CurvePoint, step: float = 10.0) -> EndpointFigures:
    told = read_figures(CALM)
    assert told is not None
    return replace(told, curve=points, step_s=step)


def test_few_failing_requests_call_nobody() -> None:
    assert failing(figures(CurvePoint(100.0, 0.5, 1.0))) == 0
    assert failing(figures(CurvePoint(100.0, 1.5, 1.0), CurvePoint(0.0, 0.0, 0.0))) == 15
    assert failing(figures(CurvePoint(0.1, 0.01, 1.0), step=1.0)) == 1


@given(st.lists(st.tuples(*[st.floats(allow_nan=False)] * 2), max_size=3), st.floats())
def test_any_figures_are_counted(points: list[tuple[float, float]], step: float) -> None:
    curve = [CurvePoint(asked, failed, 0.0) for asked, failed in points]
    assert failing(figures(*curve, step=step)) >= 0
