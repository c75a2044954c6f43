"""Whether the rule of a model fires now, by what its monitor recorded; beginning an attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlops_tui.domain.errors import Conflict, InvalidInput
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.domain.retraining.attempt import BY_HAND, RetrainingAttempt, Step
from mlops_tui.domain.retraining.dry_run import DryRun, dry_run
from mlops_tui.domain.retraining.facts import ChunkFacts
from mlops_tui.domain.retraining.firing import Decision, decide
from mlops_tui.domain.retraining.retraining_rule import Arrow, RetrainingRule
from mlops_tui.domain.retraining.retraining_view import StoredRule
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history
from mlops_tui.services.models.registry import versions_with_tags
from mlops_tui.services.monitoring import monitors
from mlops_tui.services.retraining import attempt_runs
from mlops_tui.services.retraining.relaunch import read_relaunch, training_time
from mlops_tui.services.worker.calls import LONG, is_kept, may_take


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rule of a model says now, with what it was decided by."""

    decision: Decision
    attempts: tuple[RetrainingAttempt, ...]
    version: str = ""
    """The version in Production."""


def facts_of(chunk: ChunkResult) -> ChunkFacts:
    """Return what a rule looks at of a chunk."""
    return ChunkFacts(
        number=chunk.number,
        ends_at=chunk.ends_at,
        rows=chunk.rows,
        labels=chunk.labels,
        drift_share=chunk.share,
        realised=chunk.realised.value if chunk.realised else None,
        estimated=chunk.estimated.value if chunk.estimated else None,
        low=chunk.band.lower if chunk.band else None,
        high=chunk.band.upper if chunk.band else None,
        lower_is_better=chunk.lower_is_better,
    )


def evaluate(store: Store, rule: RetrainingRule, standing: MonitorStanding) -> Evaluation:
    """Return what a rule says now, by the chunks of its monitor."""
    attempts = attempt_runs.list_attempts(store, rule.model)
    production = _in_production(versions_with_tags(store, rule.model)[0])
    # What the version before it did is no reason to train again.
    is_of_it = production is None or standing.version in ("", production.version)
    chunks = tuple(map(facts_of, standing.chunks)) if is_of_it else ()
    trained_at = production.created_at if production else None
    decision = decide(rule, chunks, attempts, history.now(), trained_at)
    return Evaluation(decision, attempts, production.version if production else "")


@may_take(LONG)
def try_out(store: Store, state_dir: Path, rule: RetrainingRule) -> DryRun:
    """Return what a rule would have done over the recorded chunks of its monitor.

    Raises ``ServiceError`` where it could launch nothing, or there is no such monitor.
    """
    run = monitors.find(store, rule.monitor_id)
    standing = monitors.read(store, state_dir, run.plan.monitor_id, chunks=0)
    read_relaunch(store, state_dir, rule.launch)
    production = _in_production(versions_with_tags(store, rule.model)[0])
    return dry_run(
        rule,
        tuple(map(facts_of, standing.chunks)),
        trained_at=production.created_at if production else None,
        training_time=training_time(store, state_dir, rule.launch),
    )


@is_kept
def begin(
    store: Store,
    state_dir: Path,
    stored: StoredRule,
    because: str = BY_HAND,
    seen: Sequence[RetrainingAttempt] | None = None,
) -> RetrainingAttempt:
    """Begin an attempt; one that a person asked for may train without being asked again.

    Raises ``Conflict`` where another one is underway or was begun since ``seen`` was read,
    ``ServiceError`` where its job cannot be launched from this machine.
    """
    if stored.rule is None:
        raise InvalidInput(f"The retraining rule of {stored.model} is wrong: {stored.problem}")
    read_relaunch(store, state_dir, stored.rule.launch)
    known = attempt_runs.list_attempts(store, stored.model) if seen is None else seen
    if any(each.is_underway for each in known):
        raise Conflict(
            f"An attempt to retrain {stored.model} is underway.",
            "Approve or decline it first: mlops-tui retrain attempts shows it.",
        )
    production = _in_production(versions_with_tags(store, stored.model)[0])
    attempt = RetrainingAttempt(
        "",
        stored.model,
        history.now(),
        because,
        Step.TRAIN,
        monitor_id=stored.rule.monitor_id,
        retrained_from=production.version if production else "",
        owner=attempt_runs.owner_of(state_dir),
    )
    begun = attempt_runs.begin(store, attempt, stored.text, known)
    if because == BY_HAND:
        attempt_runs.approve(store, begun.attempt_id, Arrow.TRAIN)
        begun = attempt_runs.read_attempt(store, begun.attempt_id)
    return begun


def _in_production(versions: Sequence[ModelVersion]) -> ModelVersion | None:
    return next((each for each in versions if each.stage is Stage.PRODUCTION), None)
