"""Which of the loaded runs are presumed dead."""

from collections.abc import Mapping
from time import time

from mlops_tui.domain.runs.run import Run


class SilentRuns:
    """RUNNING runs without a sign of life for ``after`` seconds, unless their job is alive.

    ``live_jobs`` are the ids of our jobs that are alive, None as long as nobody has looked: until
    then no run of a job is presumed dead.
    """

    def __init__(self) -> None:
        self.after = 600.0
        self.live_jobs: frozenset[str] | None = None
        self._signs: Mapping[str, tuple[int, str]] = {}

    def set_signs(self, signs: Mapping[str, tuple[int, str]]) -> None:
        """Set when each RUNNING run last gave a sign of life (milliseconds), with its job."""
        self._signs = signs

    def silence(self, run: Run) -> float | None:
        """Return for how many milliseconds a run presumed dead has been silent, else None."""
        return self._presumed(*self._signs.get(run.run_id, NEVER))

    def count(self) -> int:
        """Return how many runs are presumed dead."""
        return sum(self._presumed(*sign) is not None for sign in self._signs.values())

    def needs_live_jobs(self) -> bool:
        """Return whether it matters which jobs are alive."""
        return any(job and self._silence(sign) is not None for sign, job in self._signs.values())

    def _presumed(self, sign: int | None, job: str) -> float | None:
        silent = self._silence(sign)
        if silent is None or not job:
            return silent
        return None if self.live_jobs is None or job in self.live_jobs else silent

    def _silence(self, sign: int | None) -> float | None:
        silent = 0 if sign is None else time() * 1000 - sign
        return silent if silent > self.after * 1000 else None


NEVER = None, ""
