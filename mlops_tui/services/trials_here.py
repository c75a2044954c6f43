"""Trials that run on this machine, below their sweep's process."""

import json
from collections.abc import Iterable, Mapping

from mlops_tui.domain.job_spec import JobSpec
from mlops_tui.services.trial_process import TrialProcess


class TrialsHere:
    """Starts trials, some at once."""

    pause = 0.2

    def __init__(self, cwd: str, environ: Mapping[str, str], at_once: int) -> None:
        self._cwd = cwd
        self._environ = environ
        self.room = at_once

    def start(self, jobs: Mapping[int, JobSpec]) -> dict[int, TrialProcess | str]:
        """Start trials by number; each is given, or why it could not be started."""
        return {number: self._started(number, job) for number, job in jobs.items()}

    def stop(self, trials: Iterable[TrialProcess]) -> None:
        """Ask trials to end; whoever does not is ended with the sweep, by its supervisor."""
        for trial in trials:
            trial.stop()

    def _started(self, number: int, job: JobSpec) -> TrialProcess | str:
        environ = {**self._environ, "MLFLOW_RUN_CONTEXT": json.dumps(job.tags)}
        try:
            return TrialProcess(number, job.command, self._cwd, environ)
        except (OSError, ValueError) as error:
            return str(error)
