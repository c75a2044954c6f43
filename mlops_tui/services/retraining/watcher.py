"""Called by the process of a monitor: looks at the rule of its model, goes on with its attempt."""

import sys
from pathlib import Path

from mlops_tui.domain.errors import Conflict, ServiceError, Unreachable
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.retraining.attempt import RetrainingAttempt
from mlops_tui.domain.retraining.retraining_view import StoredRule
from mlops_tui.domain.store import Store
from mlops_tui.services.retraining import attempt_runs, evaluation
from mlops_tui.services.retraining.advance import advance, alone
from mlops_tui.services.retraining.retraining_rules import read_rule
from mlops_tui.services.retraining.training_step import Context

_told: dict[str, str] = {}
"""Model to the failure that was told last: it is told once, not at each look."""


def look(store: Store, state_dir: Path, plan: MonitorPlan, standing: MonitorStanding) -> str:
    """Look at the rule of the monitor's model; begin an attempt, or go on with the last one.

    Returns what a person should know, as a sentence for an alert: that somebody is waited for, that
    an attempt failed, why the rule cannot be followed; empty where there is nothing. Never raises.
    """
    try:
        sentence = _looked(store, state_dir, plan, standing)
    except (Unreachable, Conflict) as error:
        # The store is away, or somebody is faster: the next look does it.
        _tell(plan.model, error.message)
        return ""
    except ServiceError as error:
        _tell(plan.model, str(error))
        return f"Retraining of {one_line(plan.model, 100)}: {error}"
    except Exception as error:  # noqa: BLE001 - a fault of ours must not end the monitor
        _tell(plan.model, f"{type(error).__name__}: {error}")
        return f"Retraining of {one_line(plan.model, 100)} failed; the log of the monitor says why."
    _told.pop(plan.model, None)
    return sentence


def _looked(store: Store, state_dir: Path, plan: MonitorPlan, standing: MonitorStanding) -> str:
    stored = read_rule(store, plan.model)
    if stored is None:
        return ""
    if stored.rule is None:
        raise ServiceError(f"its rule cannot be followed: {stored.problem}")
    if stored.rule.monitor_id not in (plan.monitor_id, plan.title):
        return ""
    with alone(state_dir, plan.model):
        return _followed(store, state_dir, plan, standing, stored)


def _followed(
    store: Store, state_dir: Path, plan: MonitorPlan, standing: MonitorStanding, stored: StoredRule
) -> str:
    assert stored.rule is not None  # noqa: S101 - checked by the only caller
    attempts = attempt_runs.list_attempts(store, plan.model)
    underway = next((each for each in attempts if each.is_underway), None)
    if underway is None:
        found = evaluation.evaluate(store, stored.rule, standing)
        if not found.decision.fires:
            return _of_last(attempts, stored)
        because = found.decision.sentence
        underway = evaluation.begin(store, state_dir, stored, because, found.attempts)
    if underway.owner != attempt_runs.owner_of(state_dir):
        return ""  # its own machine goes on with it
    context = Context(store, state_dir, plan, stored.rule)
    attempt = advance(context, underway)
    return told(attempt) if attempt.waits_for_person or not attempt.is_underway else ""


def told(attempt: RetrainingAttempt) -> str:
    """Return what a person should know of an attempt, empty where that is nothing."""
    name = one_line(attempt.model, 100)
    if attempt.waits_for_person:
        said = attempt.sentence or attempt.because
        return f"Retraining of {name} waits for you before the step {attempt.step}. {said}"
    if attempt.failed_at is not None:
        return f"Retraining of {name} failed. {attempt.sentence}"
    return ""


def _of_last(attempts: tuple[RetrainingAttempt, ...], stored: StoredRule) -> str:
    """Return what is to be said of the last attempt, unless the rule was resumed since."""
    last = next(iter(attempts), None)
    is_old = last is None or stored.rule is None or last.fired_at < stored.rule.since
    return "" if is_old or last is None else told(last)


def _tell(model: str, problem: str) -> None:
    """Write a failure to the log of the monitor, once."""
    if _told.get(model) != problem:
        _told[model] = problem
        print(f"Retraining of {model}: {one_line(problem, 600)}", file=sys.stderr, flush=True)  # noqa: T201 - the monitor's log
