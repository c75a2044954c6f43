"""Trials that run on this machine, below their sweep's process."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from mlops_tui.domain.jobs.gpu_shares import shares
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.services.launchers import gpus
from mlops_tui.services.sweeps.trial_process import TrialProcess


class TrialsHere:
    """Starts trials, some at once, each on GPUs of its own."""

    pause = 0.2

    def __init__(self, state_dir: Path, cwd: str, environ: Mapping[str, str], at_once: int) -> None:
        self.room = at_once
        self._cwd = cwd
        self._environ = environ
        self._shares = shares(gpus.usable_gpus(state_dir, environ), at_once)
        self._share_of: dict[int, tuple[str, ...]] = {}
        self._trials: dict[int, TrialProcess] = {}

    def start(self, jobs: Mapping[int, JobSpec]) -> Mapping[int, TrialProcess | str]:
        """Start trials by number; each is given, or why it could not be started."""
        return {number: self._started(number, job) for number, job in jobs.items()}

    def stop(self, numbers: Iterable[int]) -> None:
        """Ask trials to end."""
        for number in numbers:
            self._trials[number].stop()

    def why_waiting(self) -> str:
        """Return nothing: they start at once."""
        return ""

    def _started(self, number: int, job: JobSpec) -> TrialProcess | str:
        share = self._share_of[number] = self._free_share()
        told = {"MLFLOW_RUN_CONTEXT": json.dumps(job.tags), **gpus.cuda_env(share, self._environ)}
        environ = {**self._environ, **told}
        try:
            self._trials[number] = TrialProcess(number, job.command, self._cwd, environ)
        except (OSError, ValueError) as error:
            return str(error)
        return self._trials[number]

    def _free_share(self) -> tuple[str, ...]:
        """Return the GPUs of which the fewest trials that run make use."""
        running = [n for n, trial in self._trials.items() if trial.exit_code() is None]
        taken = [self._share_of[number] for number in running]
        return min(self._shares, key=taken.count, default=())
