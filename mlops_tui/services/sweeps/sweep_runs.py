"""The runs of a sweep in MLflow: the one that holds it, those of its trials below."""

import getpass
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.jobs.recipe import to_text
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import JOB_TAG, NOTE_TAG, REASON_TAG, TRIAL_TAG, Run, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sweep_plan import SWEEP_TAG, SweepPlan, sentence
from mlops_tui.domain.sweeps.trial import (
    STATE_TAG,
    Trial,
    TrialState,
    best_trial,
    trials_of,
)
from mlops_tui.domain.sweeps.trial_job import PARENT_TAG
from mlops_tui.domain.tags import LONGEST_VALUE
from mlops_tui.services.launchers import all_launchers
from mlops_tui.services.runs.runs import tagged_runs
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client

if TYPE_CHECKING:
    from mlflow import MlflowClient

BEST_RUN_TAG = "mlops_tui.sweep.best_run"
"""The id of the best trial's run, on the sweep's."""

DEFAULT_EXPERIMENT = "0"

STATUSES = {
    TrialState.COMPLETE: RunStatus.FINISHED,
    TrialState.PRUNED: RunStatus.KILLED,
    TrialState.STOPPED: RunStatus.KILLED,
}
"""What a run that a trial has left open becomes; FAILED for the other ends."""


class SweepRuns:
    """Records a sweep and its trials in MLflow while it runs."""

    def __init__(self, store: Store, plan: SweepPlan, job_id: str) -> None:
        self._store = store
        self._plan = plan
        self._job_id = job_id
        self._best: Trial | None = None
        self.parent = plan.parent_run

    @property
    def _client(self) -> "MlflowClient":
        return client(self._store)

    @translated()
    def begin(self, name: str, experiment: str, tags: Mapping[str, str]) -> tuple[Trial, ...]:
        """Make the run of the sweep, or open it again; return the trials that it has already."""
        if self.parent:
            self._client.set_tag(self.parent, JOB_TAG, self._job_id)
            self._client.update_run(self.parent, RunStatus.RUNNING.value)
            return trials_of(children(self._store, self.parent), self._plan.metric)
        own = {
            **tags,
            JOB_TAG: self._job_id,
            SWEEP_TAG: self._plan.to_json(),
            NOTE_TAG: note(self._plan),
            "mlflow.source.type": "LOCAL",
            "mlflow.source.name": self._plan.target.name,
            "mlflow.user": _user(),
        }
        made = self._client.create_run(self._experiment_id(experiment), tags=own, run_name=name)
        self.parent = made.info.run_id
        return ()

    def _experiment_id(self, name: str) -> str:
        if not name:
            return DEFAULT_EXPERIMENT
        from mlops_tui.services.experiments.experiments import create_experiment

        found = self._client.get_experiment_by_name(name)
        return found.experiment_id if found else create_experiment(self._store, name).experiment_id

    def runs_of(self, tags: Mapping[str, str]) -> list[Run]:
        """Return the runs that the trial with these tags made, the newest first."""
        return list(tagged_runs(self._store, {key: tags[key] for key in (JOB_TAG, TRIAL_TAG)}))

    @translated()
    def conclude(self, trial: Trial, tags: Mapping[str, str]) -> None:
        """Write down how a trial ended; what it left open is ended, what left no run gets one."""
        status = STATUSES.get(trial.state, RunStatus.FAILED)
        for run in self.runs_of(tags):
            if run.status in (RunStatus.RUNNING, RunStatus.SCHEDULED):
                self._client.set_terminated(run.run_id, status.value)
        run_id = trial.run_id or self._make(tags)
        if not trial.run_id:
            self._client.set_terminated(run_id, status.value)
        if trial.reason:
            self._client.set_tag(run_id, REASON_TAG, one_line(trial.reason))
        self._client.set_tag(run_id, STATE_TAG, trial.state.value)

    def _make(self, tags: Mapping[str, str]) -> str:
        experiment = self._client.get_run(self.parent).info.experiment_id
        own = {**tags, "mlflow.user": _user()}
        return str(self._client.create_run(experiment, tags=own).info.run_id)

    @translated()
    def tell_best(self, trials: Sequence[Trial]) -> None:
        """Log the best value so far, with the number of trials that have ended as its step.

        What it was reached with stands in tags: params could not change any more.
        """
        best = best_trial(trials, self._plan.direction)
        if best is None or best.value is None:
            return
        ended = sum(trial.state is not TrialState.RUNNING for trial in trials)
        self._client.log_metric(self.parent, best_name(self._plan), best.value, step=ended)
        if best != self._best:
            named = {f"best_{name}": to_text(value) for name, value in best.point.items()}
            for key, text in {**named, BEST_RUN_TAG: best.run_id}.items():
                self._client.set_tag(self.parent, key, text)
            self._best = best

    @translated()
    def end(self, status: RunStatus) -> None:
        """End the run of the sweep."""
        self._client.set_terminated(self.parent, status.value)


def best_name(plan: SweepPlan) -> str:
    """Return the metric that the run of a sweep has its best value in."""
    return f"best_{plan.metric}"


def children(store: Store, parent_run: str) -> tuple[Run, ...]:
    """Return the runs right below a sweep's, in whatever experiments."""
    return tagged_runs(store, {PARENT_TAG: parent_run})


def note(plan: SweepPlan) -> str:
    """Return what a sweep does, in Markdown."""
    fields = "\n".join(f"- `{name}`: `{text}`" for name, text in plan.fields.items())
    return f"{sentence(plan, all_launchers.forms())}\n\n{fields}"[:LONGEST_VALUE]


def _user() -> str:
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return ""
