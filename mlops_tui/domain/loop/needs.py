"""The rules by which a model needs a person."""

from collections.abc import Iterator

from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.loop.model_facts import ModelFacts
from mlops_tui.domain.loop.need import Need, NeedKind, Urgency
from mlops_tui.domain.plain_text import counted
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.domain.serving.endpoint_figures import EndpointFigures
from mlops_tui.domain.serving.model_server import ModelServer, ServerState

FEW = 0.01
"""The share of requests that may fail without anybody being called: clients err, too."""
MOST = 1e12
"""Requests that are counted at most: whoever answers may tell any number."""
UNCHECKED = (GateState.MISSING, GateState.STALE)


def needs_of(
    facts: ModelFacts,
    endpoint: ModelServer | None,
    job: ProcessRecord | None,
    check: ProcessRecord | None,
) -> tuple[Need, ...]:
    """Return what a model needs by its versions and its processes.

    ``job`` is the newest training of its experiment, ``check`` a gate that is being run.
    """
    found = [
        *_of_endpoint(facts, endpoint),
        *_of_job(facts, job),
        *_of_production(facts),
        *_of_newest(facts, check),
    ]
    return tuple(found)


def _of_endpoint(facts: ModelFacts, server: ModelServer | None) -> Iterator[Need]:
    if server is None:
        return
    version = f"v{server.version}"
    if server.state is ServerState.FAILED:
        yield _endpoint(server, f"endpoint of {version} failed")
    elif server.state is ServerState.LOST:
        yield _endpoint(server, f"endpoint of {version} is gone")
    elif server.state is ServerState.STARTING:
        yield _endpoint(server, f"endpoint of {version} starts", Urgency.UNDERWAY)
    elif server.state is ServerState.READY and server.figures:
        yield from _of_figures(facts, server, server.figures)


def _of_figures(facts: ModelFacts, server: ModelServer, figures: EndpointFigures) -> Iterator[Need]:
    if errors := failing(figures):
        yield _endpoint(server, f"{counted(errors, 'request')} failed in 5 minutes")
    if problem := figures.capture.problem:
        yield _endpoint(server, f"capture: {problem.rstrip('.')}")
    follow = figures.follow
    if follow and follow.problem:
        stays = f"endpoint stays on v{server.version}: {follow.problem.rstrip('.')}"
        yield _endpoint(server, stays)
    elif follow and follow.loading:
        yield _endpoint(server, f"endpoint loads v{follow.loading}", Urgency.UNDERWAY)
    elif facts.production and server.version != facts.production:
        sentence = f"endpoint answers by v{server.version}, not by v{facts.production}"
        yield _endpoint(server, sentence, Urgency.UNDERWAY if follow else Urgency.NEXT)


def _endpoint(server: ModelServer, sentence: str, urgency: Urgency = Urgency.NOW) -> Need:
    return Need(NeedKind.ENDPOINT, urgency, sentence, server.record.process_id)


def failing(figures: EndpointFigures) -> int:
    """Return the number of requests that failed in the last 5 minutes, 0 where those are few."""
    points = figures.curve
    asked = sum(point.per_second for point in points)
    failed = sum(point.errors_per_second for point in points)
    count = failed * figures.step_s
    if not count > 0 or failed < FEW * asked:
        return 0
    return round(max(1, min(count, MOST)))


def _of_job(facts: ModelFacts, job: ProcessRecord | None) -> Iterator[Need]:
    if job is None:
        return
    if job.state is ProcessState.WAITING:
        yield Need(NeedKind.JOB, Urgency.UNDERWAY, f"{job.title} waits in the queue")
    elif job.state.is_active:
        yield Need(NeedKind.JOB, Urgency.UNDERWAY, f"{job.title} trains")
    elif job.state in (ProcessState.FAILED, ProcessState.LOST) and _is_newer(job, facts):
        verb = "failed" if job.state is ProcessState.FAILED else "is lost"
        yield Need(NeedKind.JOB, Urgency.NOW, f"training {job.title} {verb}", job.process_id)


def _is_newer(job: ProcessRecord, facts: ModelFacts) -> bool:
    """Return whether a job is newer than the run that became the newest version."""
    return (facts.last_run.at or 0 if facts.last_run else 0) < job.created_at


def _of_production(facts: ModelFacts) -> Iterator[Need]:
    words = {
        GateState.MISSING: "is unchecked",
        GateState.STALE: "is unchecked",
        GateState.FAILED: "failed its gate",
    }
    if facts.production and facts.gate in words:
        sentence = f"production v{facts.production} {words[facts.gate]}"
        yield Need(NeedKind.GATE, Urgency.NOW, sentence, facts.production)


def _of_newest(facts: ModelFacts, check: ProcessRecord | None) -> Iterator[Need]:
    newest = f"v{facts.newest}"
    if facts.newest_trouble:
        sentence = f"{newest} is not ready: {facts.newest_trouble}"
        yield Need(NeedKind.VERSION, Urgency.NOW, sentence, facts.newest)
        return
    if check is not None:
        what = f"v{check.details.get('version', '')} is being checked"
        yield Need(NeedKind.GATE, Urgency.UNDERWAY, what)
    if (following := facts.next_stage) is None:
        return
    stage = following.stage
    if check is None and following.gate in UNCHECKED:
        sentence = f"check {newest} for {stage}"
        yield Need(NeedKind.GATE, Urgency.NEXT, sentence, facts.newest)
    elif check is None and following.gate is GateState.FAILED:
        sentence = f"{newest} failed its gate for {stage}"
        yield Need(NeedKind.GATE, Urgency.NEXT, sentence, facts.newest)
    elif following.gate is GateState.PASSED:
        sentence = f"move {newest} to {stage}: it passed"
        yield Need(NeedKind.STAGE, Urgency.NEXT, sentence, facts.newest)
    elif not facts.production and following.gate is GateState.NONE:
        sentence = f"none in production, newest is {newest}"
        yield Need(NeedKind.STAGE, Urgency.NEXT, sentence, facts.newest)
