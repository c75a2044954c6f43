"""A rule fires, a real job trains on the new rows, a real gate checks it, a person lets it in."""

import hashlib
import json
from pathlib import Path

import mlflow
import pandas as pd
import pytest

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.models.registry_event import EventKind
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.retraining.attempt import Step
from mlops_tui.services.gate.gate_rules import write_rules
from mlops_tui.services.jobs import jobs
from mlops_tui.services.models import history
from mlops_tui.services.models.registration import register
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.retraining import attempt_runs, retraining
from mlops_tui.services.runs.runs import get_run, runs_of_job
from mlops_tui.services.store import store as stores
from tests import detached
from tests.services.retraining.conftest import MODEL, Watched

GATE = """
[[rule]]
evaluate = "accuracy"
dataset = "holdout"
target = "label"
min = 0.5
better_by = -0.5
"""


def waits(watched: Watched, step: Step) -> str:
    """Return what the watcher says once the attempt waits for a person before a step."""

    def look() -> str:
        said = watched.look()
        (attempt, *_) = watched.attempts()
        assert attempt.is_underway, attempt.sentence
        return said if attempt.step is step and attempt.waits_for_person else ""

    return detached.wait_for(look)


def forget(watched: Watched, **fields: str) -> None:
    """Set fields of the newest attempt, as if its writer had died before it recorded them."""
    (attempt, *_) = watched.attempts()
    for name, value in fields.items():
        stores.client(watched.store).set_tag(
            attempt.attempt_id, f"mlops_tui.retraining.{name}", value
        )


@pytest.mark.slow
def test_drift_leads_to_a_new_version_in_production(watched: Watched) -> None:
    store = watched.store
    job = _first_version(watched)
    write_rules(store, MODEL, Stage.PRODUCTION, GATE, "")
    watched.drift(False, True)
    watched.set_rule(job, "train", "register", "gate", "staging")
    _begin_once(watched)
    said = waits(watched, Step.PRODUCTION)
    assert said.startswith("Retraining of flowers waits for you before the step production.")
    assert watched.versions() == {"2": Stage.STAGING, "1": Stage.PRODUCTION}
    forget(watched, step="register", version="", gate_job="", waits_for_person="")
    waits(watched, Step.PRODUCTION)
    assert watched.versions() == {"2": Stage.STAGING, "1": Stage.PRODUCTION}

    with pytest.raises(Conflict, match="An attempt to retrain flowers is underway"):
        retraining.begin_now(store, watched.state_dir, MODEL)
    done = retraining.approve(store, watched.state_dir, MODEL)
    assert (done.step, done.sentence) == (Step.DONE, "v2 is in Production.")
    assert watched.versions() == {"2": Stage.PRODUCTION, "1": Stage.ARCHIVED}
    assert watched.look() == ""
    assert len(watched.attempts()) == 1
    _check_run(watched, done.run_id, done.attempt_id, done.data)
    _check_history(watched, done.attempt_id)


def _first_version(watched: Watched) -> str:
    """Train and register the version that is in Production; return the job."""
    store = watched.store
    job = jobs.launch(store, watched.state_dir, watched.spec())
    assert detached.settled(watched.state_dir, job).exit_code == 0
    (run,) = runs_of_job(store, job.process_id)
    (model,) = get_run(store, run.run_id).models
    made = register(store, name=MODEL, model=model, run_id=run.run_id).value
    stores.client(store).transition_model_version_stage(MODEL, made.version, "Production")
    return job.process_id


def _begin_once(watched: Watched) -> None:
    """Let the rule fire; its job is launched once, though its launch was not recorded."""
    watched.look()
    (attempt,) = watched.attempts()
    assert attempt.step is Step.TRAIN
    assert (attempt.rows, attempt.new_rows) == (260, 60)
    forget(watched, job_id="")
    watched.look()
    assert watched.attempts()[0].job_id == attempt.job_id
    assert len(jobs.list_jobs(watched.state_dir)) == 2


def _check_history(watched: Watched, attempt_id: str) -> None:
    """Check that the history says that the rule did it."""
    told = history.events(watched.store, MODEL)
    moved = next(e for e in told if (e.version, e.kind) == ("2", EventKind.STAGE))
    assert moved.reason.startswith("retraining rule: More than 20% of the columns drifted")
    assert moved.gate_run
    assert sum(event.kind is EventKind.RETRAINING for event in told) == 1
    assert stores.client(watched.store).get_run(attempt_id).info.status == "FINISHED"


def _check_run(watched: Watched, run_id: str, attempt_id: str, data: str) -> None:
    """Check that the run says what triggered it, and what it was trained on."""
    detail = get_run(watched.store, run_id)
    tags = detail.run.tags
    assert tags["mlops_tui.trigger"].startswith(
        "More than 20% of the columns drifted in the last chunk"
    )
    assert tags["mlops_tui.trigger_run_id"] == attempt_id
    assert tags["retrained_from"] == "models:/flowers/1"
    given = {each.context: each for each in detail.datasets}
    digest = hashlib.md5(Path(data).read_bytes(), usedforsecurity=False).hexdigest()
    assert given["training"].digest == digest
    held_out = mlflow.artifacts.download_artifacts(json.loads(given["validation"].source)["uri"])
    assert len(pd.read_parquet(held_out)) == 52
    (version,) = [v for v in list_versions(watched.store, MODEL) if v.version == "2"]
    assert version.description.startswith("Retrained: ")
    assert attempt_runs.read_attempt(watched.store, attempt_id).run_id == version.run_id
