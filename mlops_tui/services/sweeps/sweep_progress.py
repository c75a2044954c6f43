"""The progress of a sweep: judges its trials, records them in MLflow, prints them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.runs.run import JOB_TAG, Run, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan, sentence, space_of
from mlops_tui.domain.sweeps.trial import Trial, TrialState, best_trial, judged
from mlops_tui.domain.sweeps.trial_job import trial_job, trial_tags
from mlops_tui.services.launchers import all_launchers
from mlops_tui.services.processes import records
from mlops_tui.services.sweeps import sweeps
from mlops_tui.services.sweeps.samplers import sampler_of
from mlops_tui.services.sweeps.sweep_runs import SweepRuns
from mlops_tui.services.sweeps.trial_curves import TrialCurves

HOPELESS = 3
"""Trials that all fail before any is complete: then the sweep itself is wrong."""

CUT_OFF = "all were ended early"


class SweepProgress:
    """The trials of a sweep that runs; ``tags`` are those of its job's runs.

    ``is_array`` tells that each trial is a job of its own.
    """

    def __init__(
        self, store: Store, plan: SweepPlan, tags: Mapping[str, str], *, is_array: bool = False
    ) -> None:
        self._plan = plan
        self._is_array = is_array
        self._tags = dict(tags)
        self._launchable = sweeps.launchable_of(store, plan)
        self._space = space_of(self._launchable, plan)
        self._runs = SweepRuns(store, plan, tags[JOB_TAG])
        self._curves = TrialCurves(store, plan)
        self._trials: dict[int, Trial] = {}
        self._tags_of: dict[int, dict[str, str]] = {}
        self._failed_first: list[str] | None = []

    def begin(self, record: ProcessRecord) -> list[int]:
        """Make the run of the sweep, or open it again; return the trials that are left."""
        experiment = record.details.get("experiment", "")
        own = {key: value for key, value in self._tags.items() if not key.startswith("mlflow.")}
        known = self._runs.begin(record.title, experiment, own)
        self._trials = {trial.number: trial for trial in known if trial.state.is_done}
        self._sampler = sampler_of(self._plan, self._space.swept, len(self._trials))
        self.say(f"Sweep {self._runs.parent}: {sentence(self._plan, all_launchers.forms())}")
        if self._trials:
            self.say(f"{len(self._trials)} trials were done before.")
            self._failed_first = None
            for trial in self._trials.values():
                self._learn(trial, self._curves.of(trial))
        return [number for number in range(self._plan.trials) if number not in self._trials]

    def open(self, number: int) -> JobSpec:
        """Return what runs the next trial. Raises ``ServiceError``."""
        point = self._sampler.suggest(number)
        self._trials[number] = Trial(number, point, started_at=records.now())
        self.say(f"Trial {number}: {_shown(point)}")
        own = trial_tags(self._plan, self._runs.parent, number, point)
        job = {JOB_TAG: records.new_id()} if self._is_array else {}
        self._tags_of[number] = self._tags | own | job
        spec = trial_job(self._launchable, self._plan, self._space.fixed, number, point)
        return replace(spec, tags=self._tags_of[number])

    def worse(self, running: Iterable[int]) -> list[int]:
        """Return which of the running trials are to be ended early."""
        runs = {number: self._run_of(number) for number in running}
        known = {number: run.run_id for number, run in runs.items() if run}
        hopeless = self._curves.hopeless(known)
        for number, step in hopeless.items():
            self.say(f"Trial {number} is worse than the median at step {step}.")
        return list(hopeless)

    def conclude(self, number: int, state: TrialState, reason: str = "") -> None:
        """Judge a trial by its run, record the result in MLflow and print it.

        Raise ``ServiceError`` when the store refuses something: nothing has been concluded then.
        """
        begun = replace(self._trials[number], state=state, reason=reason, ended_at=records.now())
        trial = judged(begun, self._run_of(number), self._plan.metric)
        self._runs.conclude(trial, self._tags_of[number])
        curve = self._curves.of(trial)
        trials = self._trials | {number: trial}
        self._runs.tell_best(tuple(trials.values()))
        self._trials = trials
        self._learn(trial, curve)
        self._count(trial)
        self.say(f"Trial {number} {self._outcome(trial)}")

    def leave_out(self, number: int, reason: str) -> None:
        """Leave out a trial whose result cannot be recorded."""
        self._trials[number] = replace(self._trials[number], state=TrialState.FAILED, reason=reason)
        self._count(self._trials[number])
        self.say(f"Trial {number} is left out: {reason}")

    @property
    def is_hopeless(self) -> bool:
        """Whether a further trial makes no sense."""
        return self._failed_first is not None and len(self._failed_first) >= HOPELESS

    def give_up(self) -> str:
        """End the run of a hopeless sweep; return why."""
        self._runs.end(RunStatus.FAILED)
        reason = (self._failed_first or [""])[-1]
        return f"error: the first {HOPELESS} trials failed: {reason}"

    def end(self) -> int | str:
        """End the run of a sweep without trials left; return its exit code, or what is wrong."""
        trials = tuple(self._trials.values())
        failed = [trial for trial in trials if trial.state is TrialState.FAILED]
        best = best_trial(trials, self._plan.direction)
        if best is None:
            self._runs.end(RunStatus.FAILED)
            return f"error: no trial was complete: {failed[-1].reason if failed else CUT_OFF}"
        self._runs.end(RunStatus.FINISHED)
        pruned = sum(trial.state is TrialState.PRUNED for trial in trials)
        counts = ((len(failed), "failed"), (pruned, "ended early"))
        also = "".join(f"; {count} {what}" for count, what in counts if count)
        self.say(
            f"Best of {len(trials)}{also}: trial {best.number} with "
            f"{self._plan.metric} {best.value:.6g}: {_shown(best.point)}"
        )
        return 0

    def _run_of(self, number: int) -> Run | None:
        """Return the run right below the sweep's that the trial made, one with the metric first."""
        found = self._runs.runs_of(self._tags_of[number])
        own = [run for run in found if run.parent_id == self._runs.parent]
        valued = [run for run in own if self._plan.metric in run.metrics]
        return next(iter(valued or own), None)

    def _learn(self, trial: Trial, curve: MetricHistory | None) -> None:
        """Let the sampler hear of a trial; what it cannot make use of ends no sweep."""
        try:
            self._sampler.tell(trial, curve)
        except Exception as error:  # noqa: BLE001 - Optuna documents none of its own
            self.say(f"Trial {trial.number} teaches the sampler nothing: {error}")

    def _count(self, trial: Trial) -> None:
        if trial.state is not TrialState.FAILED:
            self._failed_first = None
        elif self._failed_first is not None:
            self._failed_first.append(trial.reason)

    def _outcome(self, trial: Trial) -> str:
        if trial.state is TrialState.FAILED:
            return f"failed: {trial.reason}"
        if not trial.is_complete:
            return "was ended early" if trial.state is TrialState.PRUNED else "was stopped"
        best = best_trial(tuple(self._trials.values()), self._plan.direction)
        mark = " ★ the best so far" if best == trial else ""
        return f"is complete: {self._plan.metric} {trial.value:.6g}{mark}"

    def say(self, line: str) -> None:
        """Write a line to the sweep's log."""
        print(line, flush=True)  # noqa: T201 - that is our output


def _shown(point: Mapping[str, Value]) -> str:
    return " ".join(f"{name}={value}" for name, value in point.items())
