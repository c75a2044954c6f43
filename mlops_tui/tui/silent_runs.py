"""Which of the loaded runs are presumed dead."""

from collections.abc import Collection
from time import time

from mlops_tui.domain.run import Run
from mlops_tui.domain.silence import last_signs


class SilentRuns:
    """RUNNING runs without a sign of life for ``after`` seconds, unless their job is alive.

    ``live_jobs`` are the ids of our jobs that are alive, None as long as nobody has looked: until
    then no run of a job is presumed dead.
    """

    def __init__(self) -> None:
        self.after = 600.0
        self.live_jobs: frozenset[str] | None = None
        self._signs: dict[str, int] = {}
        self._running: tuple[Run, ...] = ()

    def learn(self, runs: Collection[Run]) -> None:
        """Take in the loaded runs."""
        self._signs = last_signs(runs)
        self._running = tuple(run for run in runs if run.run_id in self._signs)

    def silence(self, run: Run) -> float | None:
        """Return for how many milliseconds a run presumed dead has been silent, else None."""
        silent = self._silence(run)
        if silent is None or not run.job_id:
            return silent
        return None if self.live_jobs is None or run.job_id in self.live_jobs else silent

    def count(self) -> int:
        """Return how many runs are presumed dead."""
        return sum(self.silence(run) is not None for run in self._running)

    def wants_jobs(self) -> bool:
        """Return whether it matters which jobs are alive."""
        return any(run.job_id and self._silence(run) is not None for run in self._running)

    def _silence(self, run: Run) -> float | None:
        sign = self._signs.get(run.run_id)
        silent = 0 if sign is None else time() * 1000 - sign
        return silent if silent > self.after * 1000 else None
