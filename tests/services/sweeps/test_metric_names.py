import json
import sys
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sweep_plan import SWEEP_TAG
from mlops_tui.services.jobs.forms import LaunchContext
from mlops_tui.services.processes import records
from mlops_tui.services.sweeps.metric_names import likely_metrics
from tests.detached import planned
from tests.making import make_experiment, make_run

TRAIN = Target(TargetKind.SCRIPT, "/w/train.py")


def test_metrics_of_the_same_program_come_first_then_those_that_many_runs_have(
    sqlite_store: Store, tmp_path: Path
) -> None:
    place = LaunchContext(sqlite_store, tmp_path / "state", tmp_path, sys.executable)
    assert likely_metrics(place, TRAIN) == ()
    details = {"kind": "script", "target": TRAIN.name, "values": json.dumps({})}
    job = replace(planned("python"), kind=ProcessKind.JOB, state=ProcessState.FINISHED)
    records.create(place.state_dir, replace(job, details=details))
    one, other = make_experiment(sqlite_store), make_experiment(sqlite_store)
    make_run(sqlite_store, one, metrics={"loss": 1, "a b": 1})
    make_run(sqlite_store, other, metrics={"loss": 1, "accuracy": 1, "system/cpu": 1})
    make_run(sqlite_store, other, metrics={"f1": 1}, tags={JOB_TAG: job.process_id})
    make_run(sqlite_store, one, metrics={"auc": 1}, tags={"mlflow.source.name": TRAIN.name})
    make_run(sqlite_store, one, metrics={"best_f1": 1}, tags={SWEEP_TAG: "{}"})
    found = likely_metrics(place, TRAIN)
    assert (set(found[:2]), found[2], set(found[3:])) == (
        {"f1", "auc"},
        "loss",
        {"accuracy", "a b"},
    )
