"""Runs with the same value, as one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.experiments.run_column import RunColumn


class Statistic(StrEnum):
    """What the rows of groups give of a measure."""

    MEAN = "mean"
    LEAST = "least"
    GREATEST = "greatest"

    @property
    def next(self) -> "Statistic":
        """The one after it, after the last the first."""
        every = tuple(Statistic)
        return every[(every.index(self) + 1) % len(every)]


@dataclass(frozen=True, slots=True)
class Measure:
    """The values of a column over a group: how many, the extremes, their mean."""

    count: int
    least: float
    mean: float
    greatest: float

    def value(self, statistic: Statistic) -> float:
        """Return one of the three."""
        values = {Statistic.LEAST: self.least, Statistic.GREATEST: self.greatest}
        return values.get(statistic, self.mean)


@dataclass(frozen=True, slots=True)
class Group:
    """A row that stands for runs with the same value."""

    name: str
    count: int
    measures: Mapping[RunColumn, Measure]
