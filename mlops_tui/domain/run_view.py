"""How a person wants to see runs: which, in what order, under what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mlops_tui.domain.run_column import RunColumn


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column that runs are sorted by."""

    column: RunColumn
    greatest_first: bool = True

    @property
    def reversed(self) -> "SortKey":
        """The same column the other way round."""
        return SortKey(self.column, not self.greatest_first)


@dataclass(frozen=True, slots=True)
class RunView:
    """What is shown of known runs.

    ``folded`` holds the keys of groups or parents whose rows are not shown. ``measures`` are the
    columns that a group gives least, mean and greatest value of.
    """

    words: str = ""
    order: tuple[SortKey, ...] = ()
    group: RunColumn | None = None
    nested: bool = False
    hidden: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    folded: frozenset[str] = frozenset()
    measures: tuple[RunColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """The values of a column over a group: how many, the extremes, their mean."""

    count: int
    least: float
    mean: float
    greatest: float


@dataclass(frozen=True, slots=True)
class Group:
    """A row that stands for runs with the same value."""

    name: str
    count: int
    measures: Mapping[RunColumn, Measure]


@dataclass(frozen=True, slots=True)
class Rows:
    """The keys of rows in their order: run ids, or the keys of ``groups``.

    ``depths`` holds how deep a row is nested, where it is; ``children`` how many a parent has.
    """

    keys: Sequence[str]
    count: int
    """How many runs passed, shown or folded away."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    depths: Mapping[str, int] = field(default_factory=dict)
    children: Mapping[str, int] = field(default_factory=dict)
