"""The runs of a job that is watched."""

from collections.abc import Iterator
from dataclasses import dataclass

from mlops_tui.domain.metrics.metric import is_system
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN


@dataclass(frozen=True, slots=True)
class WatchedRuns:
    """The newest runs of a job, newest first."""

    runs: tuple[Run, ...] = ()
    has_more: bool = False
    """Whether there are older ones."""
    are_elsewhere: bool = False
    """Whether the job writes to another store than the one that was asked."""

    @property
    def is_settled(self) -> bool:
        """Whether all of them have ended."""
        return all(run.status not in OPEN for run in self.runs)

    @property
    def measured(self) -> tuple[Run, ...]:
        """The runs that have logged a metric."""
        return tuple(run for run in self.runs if run.metrics)

    @property
    def values(self) -> dict[str, float]:
        """The last value of each metric in the newest run that has it; the machine's come last."""
        found = dict(self._newest_last())
        return {key: found[key] for key in sorted(found, key=lambda key: (is_system(key), key))}

    def _newest_last(self) -> Iterator[tuple[str, float]]:
        for run in reversed(self.runs):
            yield from run.metrics.items()
