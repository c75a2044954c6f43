"""Which columns of runs are shown, in what order, how wide."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rich.cells import cell_len

from mlops_tui.domain.experiments.run_column import MEASURES, RunColumn, Source
from mlops_tui.domain.metrics.direction import Direction, guess_direction
from mlops_tui.tui.kit.column_layout import Column, Justify
from mlops_tui.tui.kit.formatting import plain


class KnownKeys(Protocol):
    """The keys that rows have, with the columns that are shown while nobody has chosen others."""

    @property
    def metrics(self) -> Sequence[str]:
        """The keys of metrics."""

    @property
    def params(self) -> Sequence[str]:
        """The keys of params."""

    @property
    def tags(self) -> Sequence[str]:
        """The keys of tags."""

    @property
    def datasets(self) -> Sequence[str]:
        """The names of data sets."""

    @property
    def first_columns(self) -> Sequence[str]:
        """The texts of the columns that tell most."""


ATTRIBUTES: Mapping[str, tuple[str, int]] = {
    "status": ("Status", 10),
    "name": ("Name", 18),
    "age": ("Age", 5),
    "duration": ("Time", 6),
    "started": ("Started", 19),
    "ended": ("Ended", 19),
    "user": ("User", 10),
    "id": ("Id", 32),
}
"""Title with width of what every run has."""

ALWAYS = ("status", "name")
"""Columns that cannot be taken away: rows are told apart by them."""

USUAL = (*ALWAYS, "age", "duration")

OF_VERSIONS: Mapping[str, tuple[str, int]] = {
    "version:number": ("Version", 7),
    "version:stage": ("Stage", 12),
    "version:status": ("Status", 26),
    "version:aliases": ("Aliases", 12),
    "version:gate": ("Gate", 12),
    "version:age": ("Age", 5),
    "version:flavor": ("Flavor", 12),
    "version:size": ("Size", 8),
    "version:run": ("Run", 18),
    "version:user": ("User", 10),
    "version:description": ("Description", 40),
}
"""The same of what every version of a registered model has."""

TITLES = {**ATTRIBUTES, **OF_VERSIONS}

RIGHT = {"age", "duration", "version:age", "version:size"}
"""Columns whose values stand at the right."""

WIDEST_SORTED = 40
"""Cells that a column may take because it is sorted by."""

SIGNS = {
    Source.MIN: "min {}",
    Source.MAX: "max {}",
    Source.MIN_STEP: "step of min {}",
    Source.MAX_STEP: "step of max {}",
    Source.TAG: "{} (tag)",
    Source.DATASET: "{} (data)",
}


ORDER = (
    {Source.ATTRIBUTE, Source.VERSION},
    MEASURES,
    {Source.PARAM},
    {Source.TAG},
    {Source.DATASET},
)
"""Sources of columns in the order in which they stand while nobody has moved one."""

GROUPED = {Source.PARAM, Source.TAG, Source.DATASET}

NEVER_SHARED = {
    f"tag:mlflow.{key}" for key in ("runName", "user", "note.content", "log-model.history")
}
"""Tags in which runs differ, or that repeat an attribute."""

GROUPING = ("status", "user")
"""What every run has that many share."""


class RunColumns:
    """The columns that a person has chosen, else the usual ones of the rows.

    ``attributes`` are what every row has; ``always`` are shown whatever is chosen; the ``usual``
    ones come before the columns that tell most, ``last`` behind them.
    """

    def __init__(
        self,
        attributes: Iterable[str] = ATTRIBUTES,
        always: Sequence[str] = ALWAYS,
        usual: Sequence[str] = USUAL,
        last: Sequence[str] = (),
    ) -> None:
        self._attributes = tuple(attributes)
        self.always = tuple(always)
        self._first, self._last = tuple(usual), tuple(last)
        self.has_histories = True
        """Whether the best values of whole histories are offered as columns."""
        self.chosen: tuple[str, ...] | None = None
        self.widths: dict[str, int] = {}
        self._own_widths: dict[str, int] = {}
        self.directions: Mapping[str, Direction] = {}
        """Whether less or more of a metric is better, where a person has said so."""
        self._found: KnownKeys | None = None
        self._usual: tuple[str, ...] = (*usual, *last)
        self.sorted_by: tuple[str, ...] = ()
        """The columns that rows are sorted by: they are shown while nobody has chosen others."""
        self.widest = 0
        """The cells that the longest value of the first of them takes."""

    def learn(self, found: KnownKeys) -> None:
        """Note which columns the rows offer, and which are shown at first."""
        first = dict.fromkeys((*self._first, *found.first_columns, *self._last))
        self._usual, self._found = tuple(first), found

    def insist(self, column: str) -> None:
        """Show a column among the usual ones, behind those that are always shown."""
        if column not in self._usual:
            first = len(self.always)
            self._usual = (*self._usual[:first], column, *self._usual[first:])

    @property
    def available(self) -> Sequence[str]:
        """All columns that the runs have."""
        if (found := self._found) is None:
            return self._attributes
        histories = found.metrics if self.has_histories else ()
        return (
            *self._attributes,
            *(f"metric:{key}" for key in found.metrics),
            *(text for key in histories for text in self._best(key)),
            *(f"param:{key}" for key in found.params),
            *(f"tag:{key}" for key in found.tags),
            *(f"dataset:{name}" for name in found.datasets),
        )

    @property
    def grouping(self) -> Sequence[str]:
        """The columns by which runs make groups, those that group best first."""
        keyed = [each for each in self.available if RunColumn.of(each).source in GROUPED]
        return (*(each for each in keyed if each not in NEVER_SHARED), *GROUPING)

    def _best(self, key: str) -> tuple[str, str]:
        """Return the best value of a metric, with the step at which it was reached."""
        direction = self.directions.get(key) or guess_direction(key)
        return f"{direction}:{key}", f"{direction}-step:{key}"

    def is_greatest_first(self, column: RunColumn) -> bool:
        """Return whether the best, else the greatest, of a column is its greatest value."""
        direction = column.source.direction
        if column.source is Source.METRIC:
            direction = self.directions.get(column.key) or guess_direction(column.key)
        return direction is not Direction.MIN

    @property
    def left_out(self) -> int:
        """How many metrics and params are not shown while nobody has chosen columns."""
        if self.chosen is not None or (found := self._found) is None:
            return 0
        shown = Counter(RunColumn.of(each).source for each in self.shown)
        there = len(found.metrics) + len(found.params)
        return max(0, there - shown[Source.METRIC] - shown[Source.PARAM])

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that are shown, in their order."""
        return self.usual if self.chosen is None else self.chosen

    @property
    def usual(self) -> tuple[str, ...]:
        """The columns that are shown while nobody has chosen others."""
        return self._with_order(self._usual)

    @property
    def histories(self) -> list[str]:
        """The metrics whose histories must be looked at."""
        return list(
            dict.fromkeys(c.key for c in map(RunColumn.of, self.shown) if c.looks_at_history)
        )

    @property
    def measures(self) -> tuple[RunColumn, ...]:
        """The columns that hold measures."""
        return tuple(each for each in map(RunColumn.of, self.shown) if each.is_number)

    def choose(self, columns: Iterable[str] | None) -> None:
        """Show these columns in this order, None for the usual ones again."""
        if columns is None:
            self.chosen = None
            return
        wanted = [each for each in columns if each not in self.always]
        self.chosen = (*self.always, *dict.fromkeys(wanted))

    def sort(self, order: Iterable[str]) -> None:
        """Note what rows are sorted by; a column that is newly sorted by is shown from then on."""
        before, self.sorted_by = self.sorted_by, tuple(order)
        if self.chosen is not None and self.sorted_by != before:
            self.chosen = self._with_order(self.chosen)

    def _with_order(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        for added in self.sorted_by:
            columns = columns if added in columns else tuple(with_column(columns, added))
        return columns

    def columns(self) -> tuple[Column, ...]:
        """Return the columns for the table."""
        return tuple(map(self._column, self.shown))

    def width_of(self, text: str) -> int:
        """Return how many cells a column has; one that is sorted by has what its values take."""
        if text in self.sorted_by[:1] and text not in self.widths and text not in TITLES:
            titled = cell_len(column_title(RunColumn.of(text))) + 2
            return max(8, min(WIDEST_SORTED, max(titled, self.widest)))
        if text not in self.widths and text not in self._own_widths:
            title = column_title(RunColumn.of(text))
            own = TITLES[text][1] if text in TITLES else min(max(len(title) + 1, 8), 16)
            self._own_widths[text] = own
        return self.widths.get(text) or self._own_widths[text]

    def _column(self, text: str) -> Column:
        column = RunColumn.of(text)
        justify: Justify = "decimal" if column.is_number else "left"
        if text in RIGHT:
            justify = "right"
        return Column(text, column_title(column), self.width_of(text), justify)


def with_column(shown: Sequence[str], added: str) -> list[str]:
    """Return the columns with one more: behind those of its metric, else of its kind."""
    wanted, there = RunColumn.of(added), [RunColumn.of(each) for each in shown]
    of_metric = [
        place
        for place, each in enumerate(there)
        if wanted.is_number and each.is_number and each.key == wanted.key
    ]
    kind = _kind(wanted)
    kin = of_metric or [place for place, each in enumerate(there) if _kind(each) <= kind]
    place = kin[-1] + 1 if kin else 0
    return [*shown[:place], added, *shown[place:]]


def _kind(column: RunColumn) -> int:
    return next(place for place, sources in enumerate(ORDER) if column.source in sources)


def column_title(column: RunColumn) -> str:
    """Return what a column is called over its values."""
    if str(column) in TITLES:
        return TITLES[str(column)][0]
    return SIGNS.get(column.source, "{}").replace("{}", plain(column.key).plain)


def titles(columns: Iterable[str]) -> dict[str, str]:
    """Return what columns are called, by their texts."""
    return {text: column_title(RunColumn.of(text)) for text in columns}
