"""The process of a sweep: ``python -m mlops_tui.services.sweep_runner STATE_DIR``.

It is a job like any other: its supervisor ends it with all of its trials, then settles the runs
that are left open. So it does nothing at its end but leave.
"""

import json
import os
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.process import ProcessKind, ProcessRecord
from mlops_tui.domain.recipe import Value
from mlops_tui.domain.run import JOB_TAG, Run, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweep_plan import SweepPlan, plan_of, sentence, space_of
from mlops_tui.domain.trial import Trial, TrialState, best_trial, judged
from mlops_tui.domain.trial_job import trial_job, trial_tags
from mlops_tui.services import records, stop_request, sweeps
from mlops_tui.services.samplers import sampler_of
from mlops_tui.services.store import prepare_environment
from mlops_tui.services.sweep_runs import SweepRuns
from mlops_tui.services.trial_curves import TrialCurves
from mlops_tui.services.trial_process import TrialProcess

POLL = 0.2
"""Seconds between two looks at the trials."""

LOOK = 5.0
"""Seconds between two looks at what running trials have logged."""

HOPELESS = 3
"""Trials that all fail before any is complete: then the sweep itself is wrong."""

PATIENT = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "7", "MLFLOW_HTTP_REQUEST_TIMEOUT": "120"}
"""MLflow's own patience with a server: nobody waits at a screen here."""


def main(state_dir: Path) -> None:
    """Make the sweep of the job in whose environment we are."""
    environ = dict(os.environ)
    for name, value in PATIENT.items():
        os.environ.setdefault(name, value)
    prepare_environment()
    job_id = json.loads(environ["MLFLOW_RUN_CONTEXT"])[JOB_TAG]
    folder = records.directory(state_dir, ProcessKind.JOB, job_id)
    record = records.read(folder)
    plan = plan_of(record) if record else None
    if record is None or plan is None:
        sys.exit(f"{folder} holds no plan of a sweep.")
    try:
        runner = SweepRunner(folder, record, plan, environ)
        sys.exit(runner.run())
    except ServiceError as error:
        sys.exit(f"error: {error}")


class SweepRunner:
    """Makes the trials that are left, some at once, until none is."""

    def __init__(
        self, folder: Path, record: ProcessRecord, plan: SweepPlan, environ: dict[str, str]
    ) -> None:
        self._folder = folder
        self._record = record
        self._plan = plan
        self._environ = environ
        self._tags: dict[str, str] = json.loads(environ["MLFLOW_RUN_CONTEXT"])
        registry = environ.get("MLFLOW_REGISTRY_URI", "")
        self._store = Store(environ.get("MLFLOW_TRACKING_URI", ""), registry)
        self._launchable = sweeps.launchable_of(self._store, plan)
        self._space = space_of(self._launchable, plan)
        self._runs = SweepRuns(self._store, plan, record.process_id)
        self._curves = TrialCurves(self._store, plan)
        self._trials: dict[int, Trial] = {}
        self._running: dict[int, TrialProcess] = {}
        self._failed_first: list[str] | None = []
        self._looked_at = time.monotonic()

    def run(self) -> int | str:
        """Return the exit code, or why there was no sense in going on."""
        experiment = self._record.details.get("experiment", "")
        own = {key: value for key, value in self._tags.items() if not key.startswith("mlflow.")}
        known = self._runs.begin(self._record.title, experiment, own)
        self._trials = {trial.number: trial for trial in known if trial.state.is_done}
        self._sampler = sampler_of(self._plan, self._space.swept, len(self._trials))
        self._say(f"Sweep {self._runs.parent}: {sentence(self._plan)}")
        if self._trials:
            self._say(f"{len(self._trials)} trials were done before.")
            self._failed_first = None
            for trial in self._trials.values():
                self._sampler.tell(trial, self._curves.of(trial))
        left = deque(n for n in range(self._plan.trials) if n not in self._trials)
        while left or self._running:
            while left and len(self._running) < self._plan.at_once and not self._is_hopeless:
                self._start(left.popleft())
            self._watch()
            if self._is_hopeless:
                return self._give_up()
            time.sleep(POLL)
        return self._end()

    @property
    def _is_hopeless(self) -> bool:
        return self._failed_first is not None and len(self._failed_first) >= HOPELESS

    def _start(self, number: int) -> None:
        point = self._sampler.suggest(number)
        self._trials[number] = Trial(number, point, started_at=records.now())
        self._say(f"Trial {number}: {_shown(point)}")
        context = json.dumps(self._tags_of(number))
        try:
            spec = trial_job(self._launchable, self._plan, self._space.fixed, number, point)
            self._running[number] = TrialProcess(
                number,
                spec.command,
                self._record.cwd,
                self._environ | {"MLFLOW_RUN_CONTEXT": context},
            )
        except (ServiceError, OSError, ValueError) as error:
            self._conclude(number, TrialState.FAILED, f"not started: {error}")

    def _tags_of(self, number: int) -> dict[str, str]:
        own = trial_tags(self._plan, self._runs.parent, number, self._trials[number].point)
        return self._tags | own

    def _watch(self) -> None:
        """See which trials have ended, or go too badly."""
        for number, process in list(self._running.items()):
            code = process.exit_code()
            if code is None:
                continue
            if stop_request.is_made(self._folder):
                self._wait_for_the_end()
            del self._running[number]
            if process.is_asked_to_end:
                self._conclude(number, TrialState.PRUNED)
            elif code:
                self._conclude(number, TrialState.FAILED, process.reason())
            else:
                self._conclude(number, TrialState.COMPLETE)
        if self._plan.prune_after and time.monotonic() > self._looked_at + LOOK:
            self._prune()
            self._looked_at = time.monotonic()

    def _wait_for_the_end(self) -> None:
        """Judge nothing any more: our supervisor is ending us all."""
        while True:
            time.sleep(POLL)

    def _prune(self) -> None:
        going = [n for n, process in self._running.items() if not process.is_asked_to_end]
        runs = {number: self._run_of(number) for number in going}
        known = {number: run.run_id for number, run in runs.items() if run}
        for number, step in self._curves.hopeless(known).items():
            self._say(f"Trial {number} is worse than the median at step {step}.")
            self._running[number].stop()

    def _conclude(self, number: int, state: TrialState, reason: str = "") -> None:
        """Judge a trial by its run, write it down, say it."""
        begun = replace(self._trials[number], state=state, reason=reason, ended_at=records.now())
        trial = judged(begun, self._run_of(number), self._plan.metric)
        self._runs.conclude(trial, self._tags_of(number))
        self._trials[number] = trial
        self._sampler.tell(trial, self._curves.of(trial))
        self._count(trial)
        self._runs.tell_best(tuple(self._trials.values()))
        self._say(f"Trial {number} {self._outcome(trial)}")

    def _run_of(self, number: int) -> Run | None:
        """Return the run right below the sweep's that the trial made, one with the metric first."""
        own = [run for run in self._runs.runs_of(number) if run.parent_id == self._runs.parent]
        valued = [run for run in own if self._plan.metric in run.metrics]
        return next(iter(valued or own), None)

    def _count(self, trial: Trial) -> None:
        if trial.state is not TrialState.FAILED:
            self._failed_first = None
        elif self._failed_first is not None:
            self._failed_first.append(trial.reason)

    def _outcome(self, trial: Trial) -> str:
        if trial.state is TrialState.FAILED:
            return f"failed: {trial.reason}"
        if trial.state is TrialState.PRUNED:
            return "was ended early"
        best = best_trial(tuple(self._trials.values()), self._plan.direction)
        mark = " ★ the best so far" if best == trial else ""
        return f"is complete: {self._plan.metric} {trial.value:.6g}{mark}"

    def _give_up(self) -> str:
        """End what runs; say why no further trial makes sense."""
        for process in self._running.values():
            process.stop()
        self._runs.end(RunStatus.FAILED)
        reason = (self._failed_first or [""])[-1]
        return f"error: the first {HOPELESS} trials failed: {reason}"

    def _end(self) -> int | str:
        trials = tuple(self._trials.values())
        failed = [trial for trial in trials if trial.state is TrialState.FAILED]
        best = best_trial(trials, self._plan.direction)
        if best is None:
            self._runs.end(RunStatus.FAILED)
            return f"error: no trial was complete: {failed[-1].reason if failed else 'all pruned'}"
        self._runs.end(RunStatus.FINISHED)
        also = f"; {len(failed)} failed" if failed else ""
        self._say(
            f"Best of {len(trials)}{also}: trial {best.number} with "
            f"{self._plan.metric} {best.value:.6g}: {_shown(best.point)}"
        )
        return 0

    def _say(self, line: str) -> None:
        print(line, flush=True)  # noqa: T201 - the sweep's log


def _shown(point: Mapping[str, Value]) -> str:
    return " ".join(f"{name}={value}" for name, value in point.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
