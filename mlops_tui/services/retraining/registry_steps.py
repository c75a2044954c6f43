"""The later steps of an attempt: register, gate, Staging, Production; each is done once."""

from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import GateRefused, NotFound
from mlops_tui.domain.gate.rules import gated_stages
from mlops_tui.domain.gate.verdict import GateState, champion_of, gate_state
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import GATE, ProcessKind, ProcessRecord
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.services.gate.gate_job import GateRequest, active_gate, launch_gate
from mlops_tui.services.gate.verdicts import read_verdict
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import registry_changes
from mlops_tui.services.models.registration import register as register_model
from mlops_tui.services.models.registry import versions_with_tags
from mlops_tui.services.retraining.relaunch import read_relaunch
from mlops_tui.services.retraining.training_step import FROM, TRIGGER_RUN, Context
from mlops_tui.services.runs.runs import get_run

STAGES = {Step.STAGING: Stage.STAGING, Step.PRODUCTION: Stage.PRODUCTION}
AFTER = {Step.STAGING: Step.PRODUCTION, Step.PRODUCTION: Step.DONE}


def register(context: Context, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Register the model of the run, unless that was done."""
    versions, _ = versions_with_tags(context.store, attempt.model)
    made = next((v for v in versions if v.tags.get(TRIGGER_RUN) == attempt.attempt_id), None)
    if made is None:
        model = get_run(context.store, attempt.run_id).models[0]
        tags = {TRIGGER_RUN: attempt.attempt_id, FROM: attempt.retrained_from}
        made = register_model(
            context.store,
            name=attempt.model,
            model=model,
            run_id=attempt.run_id,
            description=f"Retrained: {attempt.because}",
            tags={key: text for key, text in tags.items() if text},
        ).value
    sentence = f"v{made.version} is registered."
    return replace(attempt, step=Step.GATE, version=made.version, sentence=sentence)


def check(context: Context, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Run the gates of the model for the new version, one after the other; look at the verdicts."""
    versions, tags = versions_with_tags(context.store, attempt.model)
    version = _version(attempt, versions)
    stages = gated_stages(tags)
    if not stages:
        sentence = f"{attempt.model} has no gate: a person has to decide about v{attempt.version}."
        return replace(attempt, step=Step.STAGING, sentence=sentence)
    for stage in stages:
        if version.stage is stage:
            continue
        champion = champion_of(versions, stage, version.version)
        state = gate_state(version, stage, tags, champion)
        if state is GateState.PASSED:
            continue
        if state is GateState.FAILED:
            return _failed(context, attempt, version, stage)
        return _checked(context, attempt, stage, is_stale=state is GateState.STALE)
    named = " and ".join(stages)
    sentence = f"v{version.version} passed the gate for {named}."
    return replace(attempt, step=Step.STAGING, sentence=sentence)


def _failed(
    context: Context, attempt: RetrainingAttempt, version: ModelVersion, stage: Stage
) -> RetrainingAttempt:
    verdict = read_verdict(context.store, version, stage)
    reasons = [
        f"{each.rule}: {each.reason or each.outcome}"
        for each in verdict.results
        if each.is_blocking
    ]
    words = one_line("; ".join(reasons), 400)
    sentence = f"v{version.version} did not pass the gate for {stage}: {words}."
    return replace(attempt, step=Step.FAILED, failed_at=Step.GATE, sentence=sentence)


def _checked(
    context: Context, attempt: RetrainingAttempt, stage: Stage, *, is_stale: bool
) -> RetrainingAttempt:
    """Wait for the job that checks the version, or launch it."""
    label = f"v{attempt.version}"
    running = active_gate(context.state_dir, attempt.model, attempt.version, stage)
    if running is not None:
        sentence = f"The gate for {stage} checks {label}."
        return replace(attempt, gate_job=running.process_id, sentence=sentence)
    ended = _ended(context.state_dir, attempt, stage)
    if ended is not None and not (is_stale and ended.exit_code == 0):
        why = one_line(ended.outcome or f"it {ended.state.value} without a verdict", 300)
        sentence = f"The check of {label} for {stage} failed: {why}"
        return replace(attempt, step=Step.FAILED, failed_at=Step.GATE, sentence=sentence)
    again = read_relaunch(context.store, context.state_dir, context.rule.launch)
    request = GateRequest(attempt.model, attempt.version, stage, again.folder)
    python = again.form.options.get("python") or again.form.launchable.python
    record = launch_gate(context.store, context.state_dir, python, request)
    sentence = f"The gate for {stage} checks {label}."
    return replace(attempt, gate_job=record.process_id, sentence=sentence)


def _ended(state_dir: Path, attempt: RetrainingAttempt, stage: Stage) -> ProcessRecord | None:
    """Return the job that checked the version for a stage in this attempt, if it is known."""
    if not attempt.gate_job:
        return None
    try:
        record = processes.get(state_dir, ProcessKind.JOB, attempt.gate_job)
    except NotFound:
        return None
    return record if record.details.get(GATE) == stage else None


def move(context: Context, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Move the version to the stage of the step, unless it is there."""
    stage = STAGES[attempt.step]
    versions, _ = versions_with_tags(context.store, attempt.model)
    version = _version(attempt, versions)
    if version.stage is not stage:
        transition = plan_transition(versions, version.version, stage, archive_existing=True)
        try:
            registry_changes.move(
                context.store, transition, reason=f"retraining rule: {attempt.because}"
            )
        except GateRefused as refused:
            # The version in the stage, or the rules, have changed since it was checked.
            return replace(attempt, step=Step.GATE, sentence=one_line(str(refused), 400))
    if stage is Stage.PRODUCTION:
        _move_alias(context, attempt)
    sentence = f"v{attempt.version} is in {stage}."
    return replace(attempt, step=AFTER[attempt.step], sentence=sentence)


def _move_alias(context: Context, attempt: RetrainingAttempt) -> None:
    """Point the alias at the new version that the monitor, and so its endpoint, follows."""
    alias = context.plan.follows.removeprefix("@")
    if not context.plan.follows.startswith("@"):
        return
    versions, _ = versions_with_tags(context.store, attempt.model)
    holder = next((each.version for each in versions if alias in each.aliases), "")
    if holder != attempt.version:
        registry_changes.set_alias(
            context.store,
            attempt.model,
            alias,
            attempt.version,
            holder,
            reason=f"retraining rule: {attempt.because}",
        )


def has_gate(context: Context) -> bool:
    """Return whether anything is asked of a new version before a stage."""
    return bool(gated_stages(versions_with_tags(context.store, context.rule.model)[1]))


def _version(attempt: RetrainingAttempt, versions: tuple[ModelVersion, ...]) -> ModelVersion:
    found = next((each for each in versions if each.version == attempt.version), None)
    if found is None:
        raise NotFound(f"v{attempt.version} of {attempt.model} was deleted.")
    return found
