"""The versions of one model, as rows of a table."""

from collections.abc import Callable, Iterable, Mapping
from time import time
from typing import TYPE_CHECKING

from rich.text import Text

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.experiments.run_column import RunColumn, Source
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.domain.gate.standing import standing
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.domain.versions.row_keys import row_keys
from mlops_tui.domain.versions.version_row import ModelFiles, VersionRow, arranged, reader
from mlops_tui.tui.kit.formatting import age, plain, status_cell
from mlops_tui.tui.kit.formatting import number as formatted
from mlops_tui.tui.kit.table import Column
from mlops_tui.tui.runs.run_columns import OF_VERSIONS, RunColumns

if TYPE_CHECKING:
    from mlops_tui.domain.models.stage import Stage

NUMBER, STATUS = "version:number", "version:status"
USUAL = (NUMBER, "version:stage", "version:aliases", "version:gate", "version:age")
LAST = ("version:flavor", "version:size", "version:description")

MOST_RUNS = 2_000
"""Runs that are kept while other models are looked at; 4 kB each."""


class VersionList:
    """The versions of one model by number, newest first; some as they are expected to become.

    ``show`` is called when they have changed.
    """

    def __init__(self, show: Callable[[], None]) -> None:
        self.words = ""
        """The filter."""
        self.order: tuple[SortKey, ...] = ()
        """What the versions are sorted by; nothing means newest first."""
        self.columns = RunColumns(OF_VERSIONS, (NUMBER,), USUAL, LAST)
        self.columns.has_histories = False
        self.show = show
        self._runs: dict[str, Run | None] = {}
        """The runs that were read by their ids, None for those that are gone."""
        self.reset(None)

    def reset(self, model: str | None) -> None:
        """Forget all versions: another model is shown, None where there is none."""
        self.model = model
        self.is_read = False
        self.marked: frozenset[str] = frozenset()
        self._known: dict[str, ModelVersion] = {}
        self._expected: dict[str, ModelVersion] = {}
        self._files: dict[str, ModelFiles] = {}
        self._model_tags: Mapping[str, str] = {}
        self._standing: dict[str, str] = {}
        if len(self._runs) > MOST_RUNS:
            self._runs.clear()
        self._learn()

    def forget(self) -> None:
        """Let runs and files be read anew."""
        self._runs.clear()
        self._files.clear()

    def __contains__(self, number: str) -> bool:
        return number in self._known

    def get(self, number: str | None) -> ModelVersion | None:
        """Return the version as the server knows it, None when there is none."""
        return self._known.get(number or "")

    def all(self) -> tuple[ModelVersion, ...]:
        """Return the versions as the server knows them."""
        return tuple(self._known.values())

    def holder(self, alias: str) -> str | None:
        """Return the number of the version that has an alias."""
        return next((v.version for v in self._known.values() if alias in v.aliases), None)

    def confirm(
        self, versions: Iterable[ModelVersion], model_tags: Mapping[str, str] | None = None
    ) -> None:
        """Show the versions as the server knows them; among the model's tags are its gates."""
        self._known = {version.version: version for version in versions}
        self._model_tags = self._model_tags if model_tags is None else model_tags
        newest: dict[Stage, str] = {}
        for number, version in self._known.items():
            newest.setdefault(version.stage, number)
        self._standing = {
            number: standing(version, self._model_tags, newest)
            for number, version in self._known.items()
        }
        self.marked &= self._known.keys()
        self.is_read = True
        self._learn()
        self.show()

    def expect(self, *versions: ModelVersion) -> None:
        """Show versions as they are expected to become; none takes that back."""
        self._expected = {version.version: version for version in versions}
        self.show()

    def unread_runs(self) -> list[str]:
        """Return the runs that were not read yet, those of the newest versions first."""
        ids = dict.fromkeys(v.run_id for v in self._known.values() if v.run_id)
        return [run_id for run_id in ids if run_id not in self._runs]

    def open_runs(self) -> list[str]:
        """Return the runs that had not ended when they were read."""
        ids = dict.fromkeys(v.run_id for v in self._known.values() if v.run_id)
        return [i for i in ids if (run := self._runs.get(i)) and run.status in OPEN]

    def add_runs(self, asked: Iterable[str], runs: Iterable[Run]) -> None:
        """Show what was read of the runs that were asked for; the others are gone."""
        found: dict[str, Run | None] = {run.run_id: run for run in runs}
        self._runs |= {run_id: found.get(run_id) for run_id in asked}
        self._learn()
        self.show()

    def unread_files(self, numbers: Iterable[str]) -> list[ModelVersion]:
        """Return which of some versions are shown with columns about their files, not read yet."""
        if not {"version:flavor", "version:size"} & {*self.columns.shown}:
            return []
        return [self._known[n] for n in numbers if n in self._known and n not in self._files]

    def add_files(self, asked: Iterable[ModelVersion], files: Mapping[str, ModelFiles]) -> None:
        """Show what the files of the versions that were asked for say, nothing of the others."""
        self._files |= {each.version: files.get(each.version, ModelFiles()) for each in asked}
        self.show()

    def row(self, number: str) -> VersionRow:
        """Return a version with what was read of its run and files."""
        version = self._known[number]
        run, files = self._runs.get(version.run_id), self._files.get(number)
        return VersionRow(version, run, files, self._standing.get(number, ""))

    def rows(self) -> list[VersionRow]:
        """Return all versions, newest first."""
        return [self.row(number) for number in self._known]

    def targets(self, current: ModelVersion | None) -> list[ModelVersion]:
        """Return the marked versions, else the one under the cursor."""
        if self.marked:
            return [each for each in self.all() if each.version in self.marked]
        return [current] if current else []

    def shown(self) -> list[str]:
        """Return the numbers that pass the filter, in their order."""
        from mlops_tui.domain.runs.run_filter import parse, passes

        test = passes(parse(self.words)) if self.words.strip() else None
        return [row.version.version for row in arranged(self.rows(), self.order, time(), test)]

    def sort_by(self, order: Iterable[SortKey]) -> None:
        """Sort by other columns."""
        self.order = tuple(order)
        self.columns.sort(str(key.column) for key in self.order)

    @property
    def sorted_metric(self) -> str:
        """The first metric that versions are sorted by, empty without one."""
        return next((key.column.key for key in self.order if key.column.is_number), "")

    def _learn(self) -> None:
        """Note which columns the versions offer; a status only where one is not ready."""
        self.columns.learn(row_keys(self.rows()))
        if not all(version.is_ready for version in self._known.values()):
            self.columns.insist(STATUS)

    def table_columns(self) -> tuple[Column, ...]:
        """Return the columns of the table."""
        return self.columns.columns()

    def cell(self, number: str, column: str) -> Text:
        """Return what stands in a cell; an expected stage is marked."""
        row = self.row(number)
        if column == "version:stage" and number in self._expected:
            return Text(f"… {self._expected[number].stage}", "italic")
        if column in CELLS:
            return CELLS[column](row)
        parsed = RunColumn.of(column)
        is_of_run = parsed.source not in (Source.VERSION, Source.TAG)
        if is_of_run and row.run is None:
            run_id = row.version.run_id
            return Text("…" if run_id and run_id not in self._runs else "", "dim")
        value = row.run.metrics.get(parsed.key) if row.run and parsed.is_number else None
        found = reader(parsed, time())(row) if value is None else value
        if isinstance(found, float):
            return Text(formatted(found, self.columns.width_of(column)))
        return plain(found or "")


def _status(row: VersionRow) -> Text:
    trouble, is_failed = row.version.trouble, "FAILED" in row.version.status
    if not trouble:
        return plain(row.version.status.lower())
    return plain(f"✗ {trouble}", "red" if is_failed else "yellow")


def _described(row: VersionRow) -> Text:
    if row.version.is_ready:
        return plain(row.version.description)
    told = " · ".join(filter(None, (row.version.trouble, row.version.description)))
    return plain(f"✗ {told}", "red" if "FAILED" in row.version.status else "yellow")


def _size(row: VersionRow) -> Text:
    return Text(bytes_size(row.files.size) if row.files and row.files.size is not None else "")


CELLS: Mapping[str, Callable[[VersionRow], Text]] = {
    NUMBER: lambda row: Text(f"v{row.version.version}"),
    STATUS: _status,
    "version:stage": lambda row: status_cell(row.version.stage),
    "version:aliases": lambda row: plain(" ".join(f"@{each}" for each in row.version.aliases)),
    "version:gate": lambda row: status_cell(row.gate),
    "version:age": lambda row: Text(age(row.version.created_at)),
    "version:size": _size,
    "version:run": lambda row: plain(row.run.name if row.run else row.version.run_id),
    "version:description": _described,
}
"""What reads better than the value of a column."""
