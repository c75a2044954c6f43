"""The best values that a metric has reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_tui.domain.metrics.direction import Direction, best_point


@dataclass(frozen=True, slots=True)
class BestValue:
    """The least and the greatest finite value of one metric of one run, with their first steps.

    ``is_exact`` is False where the store only gave a sample: a value beyond may have been missed.
    """

    run_id: str
    key: str
    least: float
    least_step: int
    greatest: float
    greatest_step: int
    is_exact: bool

    def best(self, direction: Direction) -> tuple[float, int]:
        """Return the best value with its step."""
        if direction is Direction.MIN:
            return self.least, self.least_step
        return self.greatest, self.greatest_step


def best_of(
    run_id: str, key: str, steps: Sequence[int], values: Sequence[float], *, is_exact: bool
) -> BestValue | None:
    """Return the extremes of points in order of step, None without a finite value."""
    least = best_point(values, Direction.MIN)
    greatest = best_point(values, Direction.MAX)
    if least is None or greatest is None:
        return None
    ends = values[least], steps[least], values[greatest], steps[greatest]
    return BestValue(run_id, key, *ends, is_exact=is_exact)
