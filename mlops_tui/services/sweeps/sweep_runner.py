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
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE
from mlops_tui.domain.processes.process import SUBMITS, ProcessKind
from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan, plan_of
from mlops_tui.domain.sweeps.trial import TrialEnd, TrialState
from mlops_tui.services.launchers import all_launchers
from mlops_tui.services.launchers.launcher import Arrays
from mlops_tui.services.processes import child_environment, records, stop_request
from mlops_tui.services.store.store import prepare_environment
from mlops_tui.services.sweeps.sweep_progress import SweepProgress
from mlops_tui.services.sweeps.trial_array import TrialArray
from mlops_tui.services.sweeps.trials_here import TrialsHere

LOOK = 5.0
"""Seconds between two looks at what running trials have logged."""
FOR_GOOD = (Conflict, InvalidInput, NotFound)
"""Refusals that no patience changes, as of a run that somebody has deleted."""
AGAIN = 5.0
"""Seconds after which a store is asked again that has refused to take something."""
PATIENCE = 900.0
"""Seconds for which it may do so; then the sweep ends, to be gone on with later."""

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
    store = child_environment.store_of(environ)
    try:
        arrays = _arrays(plan) if SUBMITS in record.details else None
        progress = SweepProgress(store, plan, tags, is_array=arrays is not None)
        left = progress.begin(record)
        trials: Trials = TrialsHere(state_dir, record.cwd, environ, plan.at_once)
        if arrays:
            trials = TrialArray(arrays, folder, record, environ, plan.at_once)
            signal.signal(signal.SIGTERM, _leave)
        sys.exit(SweepRunner(folder, progress, trials, prunes=plan.prune_after > 0).run(left))
    except ServiceError as error:
        sys.exit(f"error: {error}")


def _arrays(plan: SweepPlan) -> Arrays | None:
    return all_launchers.arrays_of(plan.options.get("runs_on") or THIS_MACHINE)


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

    def why_waiting(self) -> str:
        """Return why none of them runs, where that is known."""


class Refusals:
    """A store that refuses to take something: it is asked again, for some time."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._since: float | None = None
        self._again_at = 0.0

    @property
    def is_time(self) -> bool:
        """Whether it may be asked."""
        return time.monotonic() >= self._again_at

    def hear(self, error: ServiceError) -> None:
        """Say that it refuses, the first time; raise the error when it has done so for too long."""
        now = time.monotonic()
        if self._since is None:
            self._since = now
            self._say(f"MLflow took no note: {error} It is asked again.")
        elif now > self._since + PATIENCE:
            raise error
        self._again_at = now + AGAIN

    def forget(self) -> None:
        """Begin anew, since it has taken something."""
        self._since = None


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
        self._ended: dict[int, TrialEnd] = {}
        """Trials that have ended, which is still to be written down."""
        self._refusals = Refusals(progress.say)
        self._looked_at = time.monotonic()
        self._waits_for = ""

    def run(self, numbers: Iterable[int]) -> int | str:
        """Return the exit code, or why there was no sense in going on."""
        left = deque(numbers)
        try:
            while left or self._running or self._ended:
                room = min(self._trials.room - len(self._running), len(left))
                # While the store refuses what has ended, no other trial would fare better.
                if room > 0 and not self._ended:
                    self._start([left.popleft() for _ in range(room)])
                self._watch()
                if self._progress.is_hopeless:
                    return self._patiently(self._progress.give_up)
                time.sleep(self._trials.pause)
            return self._patiently(self._progress.end)
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
        self._ended[number] = TrialState.FAILED, f"not started: {reason}"

    def _watch(self) -> None:
        """See which trials have ended, or go too badly."""
        for number, trial in list(self._running.items()):
            end = trial.end()
            if end is None:
                continue
            if stop_request.is_requested(self._folder):
                self._wait_for_the_end()
            del self._running[number]
            self._ended[number] = end
        if (why := self._trials.why_waiting()) != self._waits_for:
            self._waits_for = why
            self._progress.say(why or "A trial runs.")
        self._conclude()
        if self._prunes and time.monotonic() > self._looked_at + LOOK:
            going = [number for number, trial in self._running.items() if trial.is_going]
            # What cannot be read now is judged at the next look.
            with suppress(ServiceError):
                self._trials.stop(self._progress.worse(going))
            self._looked_at = time.monotonic()

    def _conclude(self) -> None:
        """Write down how trials have ended; what the store refuses is tried again later."""
        if not self._refusals.is_time:
            return
        for number, end in list(self._ended.items()):
            try:
                self._progress.conclude(number, *end)
            except FOR_GOOD as error:
                self._progress.leave_out(number, str(error))
            except ServiceError as error:
                self._refusals.hear(error)
                return
            del self._ended[number]
            self._refusals.forget()

    def _patiently(self, write: Callable[[], int | str]) -> int | str:
        """Write down how the sweep has ended, as long as the store refuses that."""
        while True:
            try:
                return write()
            except FOR_GOOD:
                raise
            except ServiceError as error:
                self._refusals.hear(error)
                time.sleep(AGAIN)

    def _wait_for_the_end(self) -> None:
        """Judge nothing any more: our supervisor is ending us all."""
        while True:
            time.sleep(self._trials.pause)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
