"""What a model needs by what its monitor found out, and by its retraining."""

from collections.abc import Iterator

from mlops_tui.domain.loop.model_facts import ModelFacts
from mlops_tui.domain.loop.need import Need, NeedKind, Urgency
from mlops_tui.domain.monitoring.alert import Alert, AlertKind
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step

WORSE = {
    AlertKind.PERFORMANCE: NeedKind.PERFORMANCE,
    AlertKind.CONCEPT: NeedKind.PERFORMANCE,
    AlertKind.DRIFT: NeedKind.DRIFT,
}
"""The alerts that are about the model itself; those of its processes are seen in those."""


def of_monitor(
    standing: MonitorStanding | None, attempt: RetrainingAttempt | None
) -> Iterator[Need]:
    """Yield what a monitor calls for; what an attempt is made against calls nobody."""
    if standing is None:
        return
    monitor_id = standing.plan.monitor_id
    is_met = attempt is not None and attempt.is_underway
    for alert in standing.open_alerts:
        if alert.kind in WORSE:
            urgency = Urgency.UNDERWAY if is_met else Urgency.NOW
            yield Need(WORSE[alert.kind], urgency, _told(alert, standing), monitor_id)
    if standing.state is MonitorState.FAILED:
        why = standing.problem.rstrip(".") or "it ended by itself"
        yield Need(NeedKind.MONITOR, Urgency.NOW, f"monitor failed: {why}", monitor_id)
    elif standing.state is MonitorState.BEHIND:
        yield Need(NeedKind.MONITOR, Urgency.NEXT, "monitor is behind", monitor_id)
    elif standing.state is MonitorState.RUNNING and standing.problem:
        sentence = f"monitor waits: {standing.problem.rstrip('.')}"
        yield Need(NeedKind.MONITOR, Urgency.NOW, sentence, monitor_id)


def _told(alert: Alert, standing: MonitorStanding) -> str:
    """Return what an alert is about: of performance the number, of drift the columns."""
    chunk = standing.last
    measured = chunk and (chunk.realised or chunk.estimated)
    if alert.kind is AlertKind.DRIFT or not (chunk and measured and chunk.band):
        return alert.sentence.rstrip(".")
    usual = f"usual {chunk.band.lower:.3g} to {chunk.band.upper:.3g}"
    return f"{chunk.metric or 'metric'} {measured.value:.3g}, {usual}"


def of_retraining(facts: ModelFacts, attempt: RetrainingAttempt | None) -> Iterator[Need]:
    """Yield what retraining waits for, does, or failed at."""
    if facts.rule_problem:
        sentence = f"retraining rule: {facts.rule_problem.rstrip('.')}"
        yield Need(NeedKind.RETRAINING, Urgency.NOW, sentence, facts.name)
    if attempt is None:
        return
    told = attempt.sentence.rstrip(".") or attempt.because.rstrip(".")
    if attempt.waits_for_person:
        what = _asked(attempt)
        yield Need(NeedKind.APPROVAL, Urgency.NOW, what, attempt.attempt_id)
    elif attempt.is_underway:
        sentence = f"retraining, {attempt.step}: {told}"
        yield Need(NeedKind.RETRAINING, Urgency.UNDERWAY, sentence, attempt.attempt_id)
    elif attempt.step is Step.FAILED and _is_newest(facts, attempt):
        sentence = f"retraining failed: {told}"
        yield Need(NeedKind.RETRAINING, Urgency.NOW, sentence, attempt.attempt_id)


def _asked(attempt: RetrainingAttempt) -> str:
    """Return what a person is asked to allow."""
    version = f"v{attempt.version}" if attempt.version else "the new model"
    return {
        Step.TRAIN: f"allow training: {attempt.because.rstrip('.')}",
        Step.REGISTER: "allow to register the new model",
        Step.GATE: f"allow to check {version}",
        Step.STAGING: f"allow {version} into Staging",
        Step.PRODUCTION: f"allow {version} into Production",
    }.get(attempt.step, f"allow {attempt.step}")


def _is_newest(facts: ModelFacts, attempt: RetrainingAttempt) -> bool:
    """Return whether nothing came of it since: no newer rule, no newer run."""
    since = facts.rule.since if facts.rule else 0
    run = facts.last_run
    is_last = run is None or run.run_id == attempt.run_id or attempt.fired_at > (run.at or 0)
    return attempt.fired_at > since and is_last
