"""A model with a monitor whose chunks drift, and what it was trained on."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlops_tui import recipes
from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift, FeatureKind
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.job_spec import JobSpec, job_spec
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor import ChunkSize, MonitorPlan, SourceKind
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.retraining.attempt import RetrainingAttempt
from mlops_tui.domain.runs.run import JOB_TAG, LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.launchables import read_launchable
from mlops_tui.services.models.registration import register
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.monitoring import monitor_runs, monitors
from mlops_tui.services.processes import records
from mlops_tui.services.retraining import attempt_runs, retraining_rules, watcher
from mlops_tui.services.store import store as stores
from tests import detached
from tests.making import make_experiment, make_run

if TYPE_CHECKING:
    import pandas as pd

MODEL = "flowers"
NAMES = ["width", "length"]
RULE = """
launch = "{job}"
argument = "data"
monitor = "{model}"
drift_share = 0.2
minimum_labels = 10
without_asking = {arrows}
"""


def rows(count: int, seed: int = 0, shift: float = 0.0) -> "pd.DataFrame":
    """Return rows whose label follows from their width and length."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(loc=shift, size=(count, 2)), columns=NAMES)
    frame["label"] = (frame.sum(axis=1) > 2 * shift).astype(int)
    return frame


def chunk(number: int, *, drifted: bool, labels: int = 50) -> ChunkResult:
    """Return a chunk that ended now, in which half of the columns drifted, or none."""
    feature = FeatureDrift(
        "width", FeatureKind.NUMBER, drifted, 0.4, "Wasserstein/σ", 0.1, 0.01, 0.2, 100, 100,
        0.0, 0.0,
    )  # fmt: skip
    now = records.now() - 1_000 + number
    report = DriftReport((feature,), 100, 100, 100, 100)
    drift = {"columns": 2, "columns_drifted": int(drifted)}
    return ChunkResult(number, now - 500, now, 100, labels, report, **drift)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Watched:
    """A registered model that is monitored; ``base.csv`` is what it was trained on."""

    store: Store
    state_dir: Path
    folder: Path
    plan: MonitorPlan

    def spec(self, **changed: object) -> JobSpec:
        """Return the job that trained the first version."""
        target = Target(TargetKind.RECIPE, "tabular")
        found = read_launchable(target, self.store, self.folder, sys.executable)
        recipe = recipes.find("tabular")
        assert recipe
        defaults = {each.name: each.default for each in recipe.parameters}
        values = {
            **defaults,
            "data": str(self.folder / "base.csv"),
            "estimator": "logistic_regression",
            "run_name": "First",
            **changed,
        }
        return job_spec(found, values, JobOptions(python=sys.executable))  # type: ignore[arg-type]

    def job_that_ran(self, **changed: object) -> ProcessRecord:
        """Return the record of a job that has ended, as if it had trained the first version."""
        spec = self.spec(**changed)
        record = replace(
            detached.planned(*spec.command, cwd=self.folder),
            kind=ProcessKind.JOB,
            title=spec.title,
            state=ProcessState.FINISHED,
            exit_code=0,
            started_at=1_000,
            ended_at=61_000,
            details=spec.details(),
            store=self.store.label,
        )
        records.create(self.state_dir, record)
        return record

    def register(self, stage: Stage = Stage.PRODUCTION, job: str = "") -> ModelVersion:
        """Register a version without files in a stage, which a job has made, if it is named."""
        run_id = make_run(self.store, make_experiment(self.store), tags={JOB_TAG: job})
        model = LoggedModel("m", f"runs:/{run_id}/m", "", "READY", ())
        made = register(self.store, name=MODEL, model=model, run_id=run_id).value
        client = stores.client(self.store)
        client.transition_model_version_stage(MODEL, made.version, stage.value)
        return made

    def drift(self, *shown: bool) -> None:
        """Write chunks of the monitor, in which columns drifted or not."""
        run = monitor_runs.open_run(self.store, self.plan, "1", {})
        results = [chunk(n, drifted=is_drifted) for n, is_drifted in enumerate(shown, 1)]
        for place, each in enumerate(results, 1):
            monitor_runs.write_chunk(self.store, run, each, results[:place], {}, {})

    def set_rule(self, job: str, *arrows: str, more: str = "") -> None:
        """Set the rule of the model, with the arrows that are given away."""
        monitor_runs.open_run(self.store, self.plan, "1", {})
        text = RULE.format(job=job, model=self.plan.title, arrows=json.dumps(arrows)) + more
        before = retraining_rules.read_rule(self.store, MODEL)
        retraining_rules.write_rule(self.store, MODEL, text, before.text if before else "")

    def look(self) -> str:
        """Let the watcher look once; return what it says."""
        standing = monitors.read(self.store, self.state_dir, self.plan.monitor_id, chunks=0)
        return watcher.look(self.store, self.state_dir, self.plan, standing)

    def attempts(self) -> tuple[RetrainingAttempt, ...]:
        """Return the attempts, newest first."""
        return attempt_runs.list_attempts(self.store, MODEL)

    def versions(self) -> dict[str, Stage]:
        """Return the stage of each version."""
        return {each.version: each.stage for each in list_versions(self.store, MODEL)}


@pytest.fixture
def watched(sqlite_store: Store, tmp_path: Path) -> Iterator[Watched]:
    """Return a model without versions, whose monitor reads the files of a folder."""
    watcher._told.clear()
    with detached.nothing_left_behind():
        yield watched_model(sqlite_store, tmp_path)


def watched_model(store: Store, folder: Path) -> Watched:
    """Return such a model in a store; its files and the state directory lie in the folder."""
    (folder / "new").mkdir()
    rows(200).to_csv(folder / "base.csv", index=False)
    fresh = rows(80, seed=5, shift=1.0)
    fresh.loc[60:, "label"] = None
    fresh.to_csv(folder / "new" / "one.csv", index=False)
    plan = MonitorPlan(
        monitor_id=records.new_id(),
        title="flowers/Production",
        model=MODEL,
        version="1",
        follows="/Production",
        source=SourceKind.FILES,
        path=str(folder / "new"),
        chunk=ChunkSize(),
        target="label",
    )
    return Watched(store, folder / "state", folder, plan)
