"""The rows of the table of runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from time import time
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from mlops_tui.domain.experiments.run_column import reader
from mlops_tui.domain.experiments.run_group import Statistic
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView
from mlops_tui.domain.plain_text import counted, one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.shortening import NamesAlike
from mlops_tui.tui.experiments.run_cells import cell_of, group_cell
from mlops_tui.tui.kit.table import Column
from mlops_tui.tui.runs.run_columns import ATTRIBUTES, RunColumns
from mlops_tui.tui.runs.silent_runs import SilentRuns

if TYPE_CHECKING:
    from mlops_tui.domain.experiments.run_group import Group
    from mlops_tui.domain.runs.run_filter import Vocabulary
    from mlops_tui.services.experiments.run_arrangement import Arrangement

MOST_CACHED = 4_000
"""Runs cached here; beyond that, those in view are read anew. 4 kB each."""

LONGEST = 60
"""Characters of a value that are looked at for the width of its column."""

MEASURED = 20
"""How many of the longest values are measured for the width of their column."""

NO_KEYS: Sequence[str] = ()


class RunList:
    """Rows in the order that the service process gave; the runs of those in view, or near it."""

    def __init__(self) -> None:
        self.columns = RunColumns()
        self.view = RunView()
        self.experiment_id: str | None = None
        self.is_experiment_deleted = False
        self.server_filter = ""
        self.deleted = False
        """Whether the deleted runs are wanted."""
        self.expected: Mapping[str, Mapping[str, str]] = {}
        """Run id to column to what it will show once its edits are done."""
        self.statistic = Statistic.MEAN
        """What the rows of groups give of a measure."""
        self.silent = SilentRuns()
        self.vocabulary: Vocabulary | None = None
        self.clear()

    def clear(self) -> None:
        """Forget all runs, as for another experiment."""
        self.arrangement: Arrangement | None = None
        self._arranged_for: RunView | None = None
        self._key_set: frozenset[str] | None = None
        self._runs: dict[str, Run] = {}
        self._names: NamesAlike | None = None
        self.silent.set_signs({})
        self.vocabulary = None

    @property
    def source(self) -> RunSource:
        """Which runs are read."""
        return RunSource(self.experiment_id or "", self.server_filter, self.shows_deleted)

    @property
    def shows_deleted(self) -> bool:
        """Whether the runs are deleted ones; those of a deleted experiment all are."""
        return self.deleted or self.is_experiment_deleted

    @property
    def view(self) -> RunView:
        """Which rows are wanted, in what order."""
        return self._view

    @view.setter
    def view(self, view: RunView) -> None:
        self._view = view
        self.columns.sort(str(key.column) for key in view.order)

    @property
    def sorted_metric(self) -> str:
        """The first metric that rows are sorted by, empty without one."""
        return next((key.column.key for key in self.view.order if key.column.is_number), "")

    @property
    def is_loaded(self) -> bool:
        """Whether anything was read."""
        return self.arrangement is not None

    @property
    def next_token(self) -> str:
        """What asks for the next page, empty when all was read."""
        return self.arrangement.next_token if self.arrangement else ""

    @property
    def progress(self) -> str:
        """How far the runs were read, empty when all were; another text after each step."""
        found = self.arrangement
        return f"{found.version} {found.next_token}" if found and found.next_token else ""

    def __len__(self) -> int:
        return self.arrangement.known if self.arrangement else 0

    def get(self, run_id: str | None) -> Run | None:
        """Return the run, None when it is not cached."""
        return self._runs.get(run_id or "")

    def version_of(self, source: RunSource, view: RunView) -> int:
        """Return the version in which these runs are shown in this view, -1 where they are not."""
        found = self.arrangement
        is_shown = found and found.source == source and view == self._arranged_for
        return found.version if found and is_shown else -1

    def apply(self, found: "Arrangement", view: RunView) -> bool:
        """Show another arrangement, unless it is older than the one that is shown."""
        before = self.arrangement
        if not found.is_loaded:
            return False
        if before and before.source == found.source and before.version > found.version:
            return False
        if before is None or before.version != found.version:
            self._runs.clear()
        self.arrangement, self._arranged_for, self._key_set = found, view, None
        self.columns.learn(found)
        self.silent.set_signs(found.signs)
        self.cache(found.runs)
        return True

    def cache(self, runs: Iterable[Run]) -> None:
        """Keep runs that were asked for."""
        if len(self._runs) > MOST_CACHED:
            self._runs.clear()
        self._runs.update((run.run_id, run) for run in runs)
        self._names = None

    def update(self, runs: Iterable[Run]) -> None:
        """Show runs as they are now, those that are cached."""
        self._runs.update((run.run_id, run) for run in runs if run.run_id in self._runs)
        self._names = None

    def group(self, key: str | None) -> "Group | None":
        """Return the group that a row stands for, None where it stands for a run."""
        return self.arrangement.groups.get(key or "") if self.arrangement else None

    def uncached(self, keys: Iterable[str]) -> list[str]:
        """Return the keys of runs that are not cached."""
        groups = self.arrangement.groups if self.arrangement else {}
        return [key for key in keys if key not in self._runs and key not in groups]

    def cached(self, keys: Iterable[str]) -> list[Run]:
        """Return the runs of rows, as far as they are cached."""
        return [self._runs[key] for key in keys if key in self._runs]

    def shown(self) -> Sequence[str]:
        """Return the keys of all rows."""
        return self.arrangement.keys if self.arrangement else NO_KEYS

    def folded(self) -> list[str]:
        """Return the keys of the rows that hold back others."""
        found, folded = self.arrangement, self.view.folded
        return [k for k in folded if k in found.groups or k in found.children] if found else []

    def count_hidden(self, run_ids: frozenset[str]) -> int:
        """Return how many of these runs have no row."""
        if not run_ids:
            return 0
        if self._key_set is None:
            self._key_set = frozenset(self.shown())
        return len(run_ids - self._key_set)

    def change_view(self, **changes: object) -> None:
        """Want other rows, or another order."""
        self.view = replace(self.view, **changes)  # type: ignore[arg-type]

    def table_columns(self) -> tuple[Column, ...]:
        """Return the columns of the table; the one sorted by is as wide as its longest text."""
        if self.view.order:
            read = reader(self.view.order[0].column, time())
            texts = {found for run in self._runs.values() if isinstance(found := read(run), str)}
            longest = sorted(texts, key=len)[-MEASURED:]
            self.columns.widest = max(
                (cell_len(one_line(each, LONGEST)) for each in longest), default=0
            )
        return self.columns.columns()

    def cell(self, key: str, column: str) -> Text:
        """Return what stands in a cell."""
        found, run = self.arrangement, self._runs.get(key)
        if found and (group := found.groups.get(key)):
            return self._group_cell(group, key, column)
        if found is None or run is None:
            return Text("·", "dim")
        if column == "status" and run.is_deleted and not found.source.deleted:
            return Text("✗ deleted", "dim")
        expected = self.expected.get(key, {}).get(column)
        room, silence = self.columns.width_of(column), self.silent.silence(run)
        cell = cell_of(run, column, room, now=time(), expected=expected, silence=silence)
        return self._named(run, cell, found) if column == "name" else cell

    def _group_cell(self, group: "Group", key: str, column: str) -> Text:
        is_folded, room = key in self.view.folded, self.columns.width_of(column)
        return group_cell(group, column, room, self.statistic, is_folded=is_folded)

    def _named(self, run: Run, cell: Text, found: "Arrangement") -> Text:
        """Return the name where it stands in the tree, cut where it differs from the others."""
        key = run.run_id
        marks = "★ " if key in self.view.pinned else ""
        depth = found.depths.get(key, 0)
        if key in found.children:
            marks += "▸ " if key in self.view.folded else "▾ "
        elif depth and self.view.nested:
            marks += "└ "
        signs = "  " * depth + marks
        if self.expected.get(key, {}).get("name"):
            return Text(signs + cell.plain, cell.style)
        if self._names is None:
            self._names = NamesAlike(each.name for each in self._runs.values())
        room = self.columns.width_of("name") - cell_len(signs)
        return Text(signs + self._names.shortened(run.name, room), cell.style)

    def why_none(self) -> str:
        """Return which keys of the filter no loaded run has."""
        from mlops_tui.domain.runs.run_filter import kindless_keys, parse

        found, words = self.arrangement, self.view.words
        if found is None or not words.strip():
            return ""
        there = {*ATTRIBUTES, *found.metrics, *found.params, *found.tags, *found.datasets}
        unknown = ", ".join(sorted(kindless_keys(parse(words)) - there))
        return f": none has {unknown}" if unknown else ""

    def summary(self) -> str:
        """Say how many are shown of how many, and whether there are more."""
        if (found := self.arrangement) is None:
            return ""
        is_whole = found.total in (None, found.known)
        known = f"{found.known:,}{'' if is_whole else f' of {found.total:,}'} loaded"
        parts = [known if found.passing == found.known else f"{found.passing:,} of {known}"]
        parts += [f"{len(self.view.hidden):,} hidden"] if self.view.hidden else []
        if found.next_token and is_whole:
            parts.append("more on the server" if found.total is None else "reading again")
        if found.unsupported:
            parts.append(f"{found.looked_at:,} tested here by {', '.join(found.unsupported)}")
        parts += [f"query: {self.server_filter}"] if self.server_filter else []
        if self.view.order and found.next_token:
            first = f"the server's first {found.sorted_ahead:,}, then "
            parts.append(f"{first if found.sorted_ahead else ''}sorted among the loaded")
        parts += ["tree (N)"] if self.view.nested else []
        if self.view.group is not None:
            groups = counted(len(found.groups), "group")
            parts.append(f"{groups} by {self.view.group.key}, {self.statistic} (m)")
        if left_out := self.columns.left_out:
            parts.append(f"+{counted(left_out, 'column')} (c)")
        return " · ".join(parts)
