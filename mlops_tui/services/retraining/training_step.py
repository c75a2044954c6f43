"""The first step of an attempt: its data, its job, the run that the job made."""

from dataclasses import dataclass, replace
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.gate.rule import RuleKind
from mlops_tui.domain.gate.rules import GATED, parse_rules
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.retraining.retraining_rule import RetrainingRule
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.gate.gate_rules import read_rules
from mlops_tui.services.launchers import processes
from mlops_tui.services.retraining import attempt_runs
from mlops_tui.services.retraining.relaunch import (
    Relaunch,
    job_of,
    launch_again,
    read_relaunch,
)
from mlops_tui.services.retraining.row_sources import labelled_rows
from mlops_tui.services.retraining.training_data import columns_of, write_training_data
from mlops_tui.services.runs.runs import get_run, runs_of_job
from mlops_tui.services.store.failures import translated

TRIGGER = "mlops_tui.trigger"
TRIGGER_RUN = "mlops_tui.trigger_run_id"
FROM = "retrained_from"
FOLDER = "retraining"
"""Of the state directory: the data of attempts, by attempt."""
LONGEST_TAG = 500


@dataclass(frozen=True, slots=True)
class Context:
    """What the steps of an attempt work with."""

    store: Store
    state_dir: Path
    plan: MonitorPlan
    rule: RetrainingRule


def train(context: Context, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Launch the job, or look at the one that was launched; return the attempt as it is then.

    A job that was launched by somebody who died before that was recorded is found again.
    """
    job_id = attempt.job_id
    record = _record(context.state_dir, job_id) if job_id else None
    if record is None and job_id:
        sentence = "The record of its training job was removed: nobody can say how it ended."
        return replace(attempt, step=Step.FAILED, failed_at=Step.TRAIN, sentence=sentence)
    record = record or job_of(context.state_dir, attempt.attempt_id)
    if record is None:
        return _launch(context, attempt)
    attempt = replace(attempt, job_id=record.process_id)
    if record.is_underway:
        waits = " waits for a free slot" if record.waits else " trains"
        return replace(attempt, sentence=f"{one_line(record.title, 100)}{waits}.")
    if record.exit_code != 0:
        why = one_line(record.outcome or f"it {record.state.value}", 300)
        sentence = f"The training job {one_line(record.title, 100)} failed: {why}"
        return replace(attempt, step=Step.FAILED, failed_at=Step.TRAIN, sentence=sentence)
    return _trained(context.store, attempt)


def _record(state_dir: Path, job_id: str) -> ProcessRecord | None:
    try:
        return processes.get(state_dir, ProcessKind.JOB, job_id)
    except NotFound:
        return None


def _launch(context: Context, attempt: RetrainingAttempt) -> RetrainingAttempt:
    again = read_relaunch(context.store, context.state_dir, context.rule.launch)
    target = context.plan.target or again.target or "label"
    rows = labelled_rows(
        context.store, context.state_dir, context.plan, columns_of(again.data, target), target
    )
    folder = context.state_dir.absolute() / FOLDER / attempt.attempt_id
    data = write_training_data(again.data, target, rows, _holdouts(context, again, folder), folder)
    if data.new_rows < context.rule.minimum_labels:
        raise InvalidInput(
            f"Only {data.new_rows:,} new rows have labels; the rule asks for "
            f"{context.rule.minimum_labels:,}."
        )
    # What is trained on is recorded before the job: who finds the job finds that, too.
    attempt = attempt_runs.record(
        context.store,
        replace(
            attempt,
            data=str(data.path),
            digest=data.digest,
            rows=data.rows,
            new_rows=data.new_rows,
        ),
    )
    tags = {
        TRIGGER: one_line(attempt.because, LONGEST_TAG),
        TRIGGER_RUN: attempt.attempt_id,
    }
    if attempt.retrained_from:
        tags[FROM] = f"models:/{attempt.model}/{attempt.retrained_from}"
    record = launch_again(
        context.store, context.state_dir, again, data.path, attempt.attempt_id, tags
    )
    left_out = f", {data.left_out:,} rows to validate on left out" if data.left_out else ""
    sentence = (
        f"{one_line(record.title, 100)} trains on {data.rows:,} rows, "
        f"{data.new_rows:,} of them new{left_out}."
    )
    return replace(attempt, job_id=record.process_id, sentence=sentence)


def _holdouts(context: Context, again: Relaunch, folder: Path) -> list[Path]:
    """Return the files that the gates of the model check versions on."""
    found: dict[str, None] = {}
    for stage, text in read_rules(context.store, context.rule.model).items():
        if stage in GATED:
            for rule in parse_rules(text).rules:
                if rule.kind in (RuleKind.EVALUATE, RuleKind.P95) and "data" in rule.values:
                    found[str(rule.values["data"])] = None
    return [_here(name, again.folder, folder) for name in found]


@translated()
def _here(name: str, directory: Path, folder: Path) -> Path:
    if "://" not in name and not name.startswith(("runs:/", "models:/", "mlflow-artifacts:/")):
        return directory / expanded(name)
    from mlflow.artifacts import download_artifacts

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(download_artifacts(artifact_uri=name, dst_path=str(folder)))


def _trained(store: Store, attempt: RetrainingAttempt) -> RetrainingAttempt:
    """Return the attempt with the run that the job made and that has a model."""
    runs = [run for run in runs_of_job(store, attempt.job_id) if run.status is RunStatus.FINISHED]
    runs.sort(key=lambda run: run.started_at or 0, reverse=True)
    run = next((run for run in runs if get_run(store, run.run_id).models), None)
    if run is None:
        sentence = "The training job ended well, but no finished run of it has logged a model."
        return replace(attempt, step=Step.FAILED, failed_at=Step.TRAIN, sentence=sentence)
    sentence = f"Run {one_line(run.name, 100)} has a new model."
    return replace(attempt, step=Step.REGISTER, run_id=run.run_id, sentence=sentence)
