"""The versions of one data set, with what is known of the one under the cursor and its runs."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from mlops_tui.domain.data.dataset import DatasetRuns
from mlops_tui.domain.data.dataset_version import (
    DatasetVersion,
    DatasetVersions,
    TrainedModel,
    source_text,
)
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.data import dataset_runs, datasets, source_file
from mlops_tui.tui.data import looking_into
from mlops_tui.tui.data.data_keys import DATASET_VERSIONS
from mlops_tui.tui.data.version_facts import facts_of_version
from mlops_tui.tui.kit.formatting import age, plain, status_cell
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.table import Column, Table

if TYPE_CHECKING:
    from mlops_tui.domain.data.file_state import SourceFile

REST = 0.15
"""Seconds for which the cursor rests on a version before its runs are read."""

TWO = 2
OF_VERSION = frozenset({"view_model", "profile", "differ"})
"""Actions that are about the version under the cursor, or the marked ones."""

COLUMNS = (
    Column("runs", "Runs", 6, "right"),
    Column("used", "Used", 4, "right"),
    Column("rows", "Rows", 10, "right"),
    Column("columns", "Cols", 5, "right"),
    Column("models", "Models", 14, grow=True),
    Column("contexts", "Context", 12, grow=True),
    Column("source", "Source", 20, grow=True),
)
RUNS = (
    Column("experiment", "Experiment", 12, grow=True),
    Column("age", "Age", 4, "right"),
    Column("status", "Status", 10),
)


class DatasetVersionsPane(Pane):
    """Versions above; of the one under the cursor what is known of it, and its runs."""

    BINDINGS = bindings(DATASET_VERSIONS)

    def __init__(self) -> None:
        super().__init__()
        self.dataset: str | None = None
        """The data set whose versions are shown."""
        self._read = DatasetVersions()
        self._versions: Mapping[str, DatasetVersion] = {}
        self._runs: dict[tuple[str, str], DatasetRuns] = {}
        self._files: dict[tuple[str, str], SourceFile] = {}
        """What stands where a version came from."""
        self._marked: frozenset[str] = frozenset()
        self._goal = ""
        """The version that the cursor is to go to as soon as it is read."""

    def compose(self) -> ComposeResult:
        """Put what is known of one version, and its runs, below the versions."""
        yield Table(id="dataset-versions", frozen=1, on_mark=self._mark)
        with Horizontal():
            with VerticalScroll(can_focus=False):
                yield Static(id="dataset-facts", markup=False)
            yield Table(id="dataset-runs")

    @property
    def current(self) -> DatasetVersion | None:
        """The version under the cursor."""
        return self._versions.get(self.query_one("#dataset-versions", Table).cursor_key or "")

    def show_dataset(self, name: str | None) -> None:
        """Show the versions of another data set, none until they are read."""
        if name == self.dataset:
            return
        self.dataset = name
        self.action_clear_marks()
        self._apply(DatasetVersions())
        self.query_one("#dataset-versions", Table).say("reading…" if name else "")

    def forget(self) -> None:
        """Let the runs of all versions be read anew."""
        self._runs.clear()
        self._files.clear()

    async def load(self) -> None:
        """Read the versions; raises ``ServiceError``."""
        name = self.dataset
        if name is None:
            self._apply(DatasetVersions())
            return
        read = await self.host.ask(datasets.versions_of, self.shell.settings.store, name)
        if name == self.dataset:
            self._apply(read)

    def go_to(self, name: str, digest: str) -> None:
        """Put the cursor on a version as soon as it is read."""
        self.show_dataset(name)
        self._goal = digest
        self._go()

    def _go(self) -> None:
        if self._goal in self._versions:
            self.query_one("#dataset-versions", Table).move_to(self._goal)
            self._goal = ""

    def _apply(self, read: DatasetVersions) -> None:
        before = {key: (each.runs, each.last_used_at) for key, each in self._versions.items()}
        self._versions = {each.digest: each for each in read.versions}
        for digest, each in self._versions.items():
            if before.get(digest) != (each.runs, each.last_used_at):
                self._runs.pop(each.key, None)
        self._read = read
        self._show_rows()
        self._go()
        self._show_current()

    def _show_rows(self) -> None:
        table, count = self.query_one("#dataset-versions", Table), f"{len(self._versions):,}"
        table.say("No version is left." if self.dataset else "")
        title = Column("digest", f"Version ({count})", 12, grow=True)
        table.show(list(self._versions), self._cell, (title, *COLUMNS))

    @on(Table.Highlighted, "#dataset-versions")
    def _show_current(self) -> None:
        version = self.current
        self._show_facts()
        self._show_runs(self._runs.get(version.key) if version else DatasetRuns(()))
        self.refresh_keys()
        if version is not None:
            self._read_runs(version)
            self._look_at_file(version)

    def _show_facts(self) -> None:
        version = self.current
        file = self._files.get(version.key) if version else None
        known = facts_of_version(version, file, self._read.remark) if version else Text("")
        self.query_one("#dataset-facts", Static).update(known)

    @work(group="source file", exclusive=True)
    async def _look_at_file(self, version: DatasetVersion) -> None:
        if version.key in self._files:
            return
        await asyncio.sleep(REST)
        state_dir = self.shell.settings.state_dir
        with suppress(ServiceError):
            self._files[version.key] = await self.host.ask(
                source_file.look_at, state_dir, version.source, version.digest
            )
            self._show_facts()

    @work(group="dataset runs", exclusive=True)
    async def _read_runs(self, version: DatasetVersion) -> None:
        if version.key in self._runs:
            return
        await asyncio.sleep(REST)
        store = self.shell.settings.store
        try:
            read = await self.host.ask(
                dataset_runs.runs_of_dataset, store, version.name, version.digest
            )
        except ServiceError as error:
            table = self.query_one("#dataset-runs", Table)
            table.say(f"Not read: {one_line(str(error), 200)}")
            return
        self._runs[version.key] = read
        if self.current and self.current.key == version.key:
            self._show_runs(read)

    def _show_runs(self, read: DatasetRuns | None) -> None:
        runs = {run.run_id: run for run in read.runs} if read else {}
        more = "" if read is None or read.is_all else "+"
        count = f"{len(runs):,}{more}" if read else "…"
        table = self.query_one("#dataset-runs", Table)
        table.say("" if read else "reading…")

        def cell(key: str, column: str) -> Text:
            run = runs[key]
            match column:
                case "status":
                    return status_cell(run.status)
                case "age":
                    return Text(age(run.started_at))
            return plain(run.name if column == "name" else run.experiment_name)

        table.show(list(runs), cell, (Column("name", f"Run ({count})", 14, grow=True), *RUNS))

    @on(Table.Opened, "#dataset-versions")
    def _focus_runs(self) -> None:
        self.query_one("#dataset-runs").focus()

    @on(Table.Opened, "#dataset-runs")
    def _open_run(self, event: Table.Opened) -> None:
        self.shell.navigation.open_run(event.key)

    def copyable(self) -> str:
        """Return the id of the run, else the digest of the version."""
        runs = self.query_one("#dataset-runs", Table)
        if runs.has_focus:
            return runs.cursor_key or ""
        return self.current.digest if self.current else ""

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the version under the cursor."""
        if (reason := super().why_unavailable(action)) or action not in OF_VERSION:
            return reason
        if self.current is None:
            return "There is no version under the cursor."
        if action == "differ" and len(self._marked) != TWO:
            return "Mark two versions with space first."
        has_no_model = action == "view_model" and not self.current.models
        return "No registered model was trained on this version." if has_no_model else ""

    def _mark(self, _digest: str) -> None:
        self._marked = self.query_one("#dataset-versions", Table).marked
        self.refresh_keys()

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self._marked = self.query_one("#dataset-versions", Table).marked = frozenset()
        self.refresh_keys()

    def action_profile(self) -> None:
        """Show what is in the file of the version."""
        if self.current:
            self.host.begin(looking_into.show_profile(self.host, self.current))

    def action_differ(self) -> None:
        """Show what differs between the two marked versions, from the older to the newer."""
        marked = [self._versions[each] for each in self._versions if each in self._marked]
        if len(marked) == TWO:
            after, before = marked
            self.host.begin(looking_into.show_difference(self.host, before, after))

    def action_view_model(self) -> None:
        """Go to a model version that was trained on these data."""
        if self.current and self.current.models:
            self.host.begin(self._view_model(self.current.models))

    async def _view_model(self, models: tuple[TrainedModel, ...]) -> None:
        chosen = models[0]
        if len(models) > 1:
            choices = {str(number): str(model) for number, model in enumerate(models)}
            picked = await self.shell.push_screen_wait(
                PickDialog("Go to which version?", choices, "Trained on these data")
            )
            if picked is None:
                return
            chosen = models[int(picked)]
        await self.shell.navigation.show_model(chosen.name, chosen.version)

    def _cell(self, digest: str, column: str) -> Text:
        return CELLS[column](self._versions[digest])


def _count(number: int | None) -> Text:
    return Text("" if number is None else f"{number:,}")


CELLS: Mapping[str, Callable[[DatasetVersion], Text]] = {
    "digest": lambda version: plain(version.digest),
    "runs": lambda version: _count(version.runs),
    "used": lambda version: Text(age(version.last_used_at)),
    "rows": lambda version: _count(version.rows),
    "columns": lambda version: _count(version.columns),
    "models": lambda version: plain(", ".join(map(str, version.models))),
    "contexts": lambda version: plain(", ".join(version.contexts)),
    "source": lambda version: plain(source_text(version.source)),
}
