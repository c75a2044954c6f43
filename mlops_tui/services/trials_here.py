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
        self._trials: dict[int, TrialProcess] = {}

    def start(self, jobs: Mapping[int, JobSpec]) -> Mapping[int, TrialProcess | str]:
        """Start trials by number; each is given, or why it could not be started."""
        return {number: self._started(number, job) for number, job in jobs.items()}

    def stop(self, numbers: Iterable[int]) -> None:
        """Ask trials to end."""
        for number in numbers:
            self._trials[number].stop()

    def _started(self, number: int, job: JobSpec) -> TrialProcess | str:
        environ = {**self._environ, "MLFLOW_RUN_CONTEXT": json.dumps(job.tags)}
        try:
            self._trials[number] = TrialProcess(number, job.command, self._cwd, environ)
        except (OSError, ValueError) as error:
            return str(error)
        return self._trials[number]
