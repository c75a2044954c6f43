"""What a column of a table of runs holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_attributes import NAMES, TEXTS, text_of, time_of

Reader = Callable[[Run], str | float | None]


class Source(StrEnum):
    """Where a column takes its values from; ``MIN`` to ``MAX_STEP`` look at whole histories."""

    ATTRIBUTE = "attribute"
    METRIC = "metric"
    MIN = "min"
    MAX = "max"
    MIN_STEP = "min-step"
    MAX_STEP = "max-step"
    PARAM = "param"
    TAG = "tag"
    DATASET = "dataset"
    VERSION = "version"
    """What the registry says of a version of a model; of a run it says nothing."""

    @property
    def direction(self) -> Direction | None:
        """Which extreme of a history is meant, None for what has none."""
        extremes = {"min": Direction.MIN, "max": Direction.MAX}
        return extremes.get(self.value.partition("-")[0])


@dataclass(frozen=True, slots=True)
class RunColumn:
    """A column; its text, like ``metric:loss``, names it in tables and files.

    An attribute is named by itself, as in a filter. A data set's key is its name.
    """

    source: Source
    key: str

    def __str__(self) -> str:
        return self.key if self.source is Source.ATTRIBUTE else f"{self.source}:{self.key}"

    @classmethod
    def of(cls, text: str) -> "RunColumn":
        """Return the column that a text names; raises ``ValueError``."""
        if text in NAMES:
            return cls(Source.ATTRIBUTE, text)
        source, _, key = text.partition(":")
        if source == Source.ATTRIBUTE or not key:
            raise ValueError(f"{text!r} names no column")
        return cls(Source(source), key)

    @property
    def is_number(self) -> bool:
        """Whether its values are measures, to be aligned at the right."""
        return self.source in MEASURES

    @property
    def turned(self) -> "RunColumn":
        """The same of the other extreme; itself where there is none."""
        direction = self.source.direction
        if direction is None:
            return self
        turned = self.source.replace(direction, direction.opposite, 1)
        return RunColumn(Source(turned), self.key)

    @property
    def looks_at_history(self) -> bool:
        """Whether a whole history must be read for its values."""
        return self.source.direction is not None


MEASURES = {Source.METRIC, Source.MIN, Source.MAX, Source.MIN_STEP, Source.MAX_STEP}


def reader(column: RunColumn, now: float) -> Reader:
    """Return what reads the column of a run, None where the run has nothing there, or NaN.

    ``now`` is in seconds of the epoch; ages and durations are in seconds.
    """
    key, source = column.key, column.source
    readers: Mapping[Source, Reader] = {
        Source.ATTRIBUTE: lambda run: _attribute(run, key, now),
        Source.METRIC: lambda run: _without_nan(run.metrics.get(key)),
        Source.PARAM: lambda run: run.params.get(key),
        Source.TAG: lambda run: run.tags.get(key),
        Source.DATASET: lambda run: run.datasets.get(key),
        Source.VERSION: lambda _run: None,
    }
    return readers.get(source, lambda run: _extreme(run, key, source))


def _attribute(run: Run, name: str, now: float) -> str | float | None:
    return text_of(run, name) if name in TEXTS else time_of(run, name, now)


def _without_nan(value: float | None) -> float | None:
    return None if value is None or isnan(value) else value


def _extreme(run: Run, key: str, source: Source) -> float | None:
    found = run.extremes.get(key)
    if found is None or source.direction is None:
        return None
    value, step = found.best(source.direction)
    return step if source in (Source.MIN_STEP, Source.MAX_STEP) else value
