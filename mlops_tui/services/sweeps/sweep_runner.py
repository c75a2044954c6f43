"""The process of a sweep: ``python -m mlops_tui.services.sweeps.sweep_runner STATE_DIR``.

It is a job like any other: its supervisor ends it with all of its trials, then settles the runs
that are left open. So it does nothing at its end but leave.
"""

import json
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.jobs.process import SUBMITS, ProcessKind
from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.domain.sweeps.trial import TrialEnd, TrialState
from mlops_tui.services.processes import records, stop_request
from mlops_tui.services.store import prepare_environment
from mlops_tui.services.sweeps.sweep_progress import SweepProgress
from mlops_tui.services.sweeps.trial_array import TrialArray
from mlops_tui.services.sweeps.trials_here import TrialsHere

LOOK = 5.0
"""Seconds between two looks at what running trials have logged."""

PATIENT = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "7", "MLFLOW_HTTP_REQUEST_TIMEOUT": "120"}
"""MLflow's own patience with a server: nobody waits at a screen here."""


def main(state_dir: Path) -> None:
    """Make the sweep of the job in whose environment we are."""
    environ = dict(os.environ)
    for name, value in PATIENT.items():
        os.environ.setdefault(name, value)
    prepare_environment()
    tags: dict[str, str] = json.loads(environ["MLFLOW_RUN_CONTEXT"])
    folder = records.directory(state_dir, ProcessKind.JOB, tags[JOB_TAG])
    record = records.read(folder)
    plan = plan_of(record) if record else None
    if record is None or plan is None:
        sys.exit(f"{folder} holds no plan of a sweep.")
    registry = environ.get("MLFLOW_REGISTRY_URI", "")
    store = Store(environ.get("MLFLOW_TRACKING_URI", ""), registry)
    try:
        is_array = SUBMITS in record.details
        progress = SweepProgress(store, plan, tags, is_array=is_array)
        left = progress.begin(record)
        trials: Trials = TrialsHere(state_dir, record.cwd, environ, plan.at_once)
        if is_array:
            trials = TrialArray(folder, record, environ, plan.at_once)
            signal.signal(signal.SIGTERM, _leave)
        sys.exit(SweepRunner(folder, progress, trials, prunes=plan.prune_after > 0).run(left))
    except ServiceError as error:
        sys.exit(f"error: {error}")


def _leave(*_: object) -> None:
    """Stop what runs on the cluster, of which our supervisor does not know."""
    # What we start for that is below our supervisor, and asked to end with us.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


class RunningTrial(Protocol):
    """A trial, wherever it runs."""

    @property
    def is_going(self) -> bool:
        """Whether it runs, and nobody wants its end."""

    def end(self) -> TrialEnd | None:
        """Return how it ended, None while it has not."""


class Trials(Protocol):
    """Where trials run."""

    room: int
    """How many can be started together."""
    pause: float
    """Seconds between two looks at them."""

    def start(self, jobs: Mapping[int, JobSpec]) -> Mapping[int, RunningTrial | str]:
        """Start trials by number; each is given, or why it could not be started."""

    def stop(self, numbers: Iterable[int]) -> None:
        """Ask trials to end."""


class SweepRunner:
    """Makes the trials that are left, some at once, until none is."""

    def __init__(
        self, folder: Path, progress: SweepProgress, trials: Trials, *, prunes: bool
    ) -> None:
        self._folder = folder
        self._progress = progress
        self._trials = trials
        self._prunes = prunes
        self._running: dict[int, RunningTrial] = {}
        self._looked_at = time.monotonic()

    def run(self, numbers: Iterable[int]) -> int | str:
        """Return the exit code, or why there was no sense in going on."""
        left = deque(numbers)
        try:
            while left or self._running:
                if room := min(self._trials.room - len(self._running), len(left)):
                    self._start([left.popleft() for _ in range(room)])
                self._watch()
                if self._progress.is_hopeless:
                    return self._progress.give_up()
                time.sleep(self._trials.pause)
            return self._progress.end()
        finally:
            self._trials.stop(self._running)

    def _start(self, numbers: Iterable[int]) -> None:
        jobs = {}
        for number in numbers:
            try:
                jobs[number] = self._progress.open(number)
            except ServiceError as error:
                self._fail(number, str(error))
        for number, trial in self._trials.start(jobs).items():
            if isinstance(trial, str):
                self._fail(number, trial)
            else:
                self._running[number] = trial

    def _fail(self, number: int, reason: str) -> None:
        self._progress.conclude(number, TrialState.FAILED, f"not started: {reason}")

    def _watch(self) -> None:
        """See which trials have ended, or go too badly."""
        for number, trial in list(self._running.items()):
            end = trial.end()
            if end is None:
                continue
            if stop_request.is_made(self._folder):
                self._wait_for_the_end()
            del self._running[number]
            self._progress.conclude(number, *end)
        if self._prunes and time.monotonic() > self._looked_at + LOOK:
            going = [number for number, trial in self._running.items() if trial.is_going]
            self._trials.stop(self._progress.worse(going))
            self._looked_at = time.monotonic()

    def _wait_for_the_end(self) -> None:
        """Judge nothing any more: our supervisor is ending us all."""
        while True:
            time.sleep(self._trials.pause)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
