"""What a person does with retraining: look at it, allow a step, stop an attempt, begin one."""

from pathlib import Path

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.retraining.attempt import RetrainingAttempt
from mlops_tui.domain.retraining.retraining_rule import Arrow
from mlops_tui.domain.retraining.retraining_view import Retraining
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from mlops_tui.services.launchers import processes
from mlops_tui.services.monitoring import monitors
from mlops_tui.services.retraining import attempt_runs, evaluation
from mlops_tui.services.retraining.advance import advance, alone
from mlops_tui.services.retraining.retraining_rules import (
    read_rule,
    required_rule,
)
from mlops_tui.services.retraining.training_step import Context
from mlops_tui.services.worker.calls import LONG, is_kept, may_take


@may_take(LONG)
def read_retraining(store: Store, state_dir: Path, model: str) -> Retraining:
    """Return the rule of a model with what it says now. Raises ``NotFound`` without the model."""
    stored = read_rule(store, model)
    if stored is None:
        attempts = attempt_runs.list_attempts(store, model)
        return Retraining(model, None, "There is no rule: nothing is retrained.", attempts)
    if stored.rule is None:
        attempts = attempt_runs.list_attempts(store, model)
        return Retraining(model, stored, f"The rule cannot be read: {stored.problem}", attempts)
    try:
        monitor = monitors.find(store, stored.rule.monitor_id)
    except ServiceError as error:
        attempts = attempt_runs.list_attempts(store, model)
        return Retraining(model, stored, str(error), attempts)
    standing = monitors.read(store, state_dir, monitor.plan.monitor_id, chunks=0)
    found = evaluation.evaluate(store, stored.rule, standing)
    sentence = found.decision.sentence
    if found.decision.fires:
        sentence = f"It fires at the next look of the monitor: {sentence}"
    return Retraining(model, stored, sentence, found.attempts)


@may_take(LONG)
@is_kept
def begin_now(store: Store, state_dir: Path, model: str) -> RetrainingAttempt:
    """Begin an attempt whatever the conditions say; return it. Raises ``Conflict``."""
    stored = required_rule(store, model)
    with alone(state_dir, model):
        begun = evaluation.begin(store, state_dir, stored)
    return go_on(store, state_dir, begun)


@may_take(LONG)
@is_kept
def approve(store: Store, state_dir: Path, model: str) -> RetrainingAttempt:
    """Allow the step for which an attempt waits, and do it; return the attempt.

    Raises ``NotFound`` where none is underway, ``Conflict`` where it waits for nobody.
    """
    attempt = _underway(store, model)
    if not attempt.waits_for_person:
        raise Conflict(f"The attempt to retrain {model} waits for nobody: {attempt.sentence}")
    attempt_runs.approve(store, attempt.attempt_id, Arrow(attempt.step.value))
    return go_on(store, state_dir, attempt_runs.read_attempt(store, attempt.attempt_id))


@may_take(LONG)
@is_kept
def decline(store: Store, state_dir: Path, model: str, reason: str = "") -> RetrainingAttempt:
    """Stop the attempt that is underway, with its jobs on this machine; return it."""
    attempt = _underway(store, model)
    declined = attempt_runs.decline(store, attempt.attempt_id, reason)
    if attempt.owner == attempt_runs.owner_of(state_dir):
        for job_id in filter(None, (attempt.job_id, attempt.gate_job)):
            try:
                if processes.get(state_dir, ProcessKind.JOB, job_id).state.is_active:
                    jobs.stop_job(store, state_dir, job_id)
            except NotFound:
                continue
    return declined


@may_take(LONG)
@is_kept
def go_on(store: Store, state_dir: Path, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Go on with an attempt of this machine as far as possible; one of another one stays."""
    if not attempt.is_underway or attempt.owner != attempt_runs.owner_of(state_dir):
        return attempt
    stored = required_rule(store, attempt.model)
    if stored.rule is None:
        raise ServiceError(f"The retraining rule of {attempt.model} is wrong: {stored.problem}")
    with alone(state_dir, attempt.model):
        now = attempt_runs.read_attempt(store, attempt.attempt_id)
        context = Context(store, state_dir, _plan(store, attempt), stored.rule)
        return advance(context, now)


def _plan(store: Store, attempt: RetrainingAttempt) -> MonitorPlan:
    return monitors.find(store, attempt.monitor_id).plan


def _underway(store: Store, model: str) -> RetrainingAttempt:
    found = next((a for a in attempt_runs.list_attempts(store, model) if a.is_underway), None)
    if found is None:
        raise NotFound(f"No attempt to retrain {one_line(model, 100)} is underway.")
    return found
