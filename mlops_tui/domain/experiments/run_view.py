"""The view of runs: filter, sort order, columns and groups."""

from dataclasses import dataclass

from mlops_tui.domain.experiments.run_column import RunColumn


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
