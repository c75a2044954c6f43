"""The data sets of a run."""

from collections.abc import Sequence

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from mlops_tui.domain.data.dataset import DatasetColumn, DatasetRuns, columns_of, facts_of
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.matching import matches
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import DatasetInput
from mlops_tui.services.data import dataset_runs
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import age, plain, status_cell
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.shell import shell_of

DATASETS = (
    Column("name", "Data set", 24, grow=True),
    Column("digest", "Digest", 12),
    Column("context", "Context", 12),
    Column("source_type", "Source", 10),
)

NO_DATASETS = "This run has logged no data set: its code can call mlflow.log_input(dataset)."
NO_COLUMNS = "It has no schema that can be read."
SHOWN = 300
"""Characters of a fact."""


class RunDatasets(Vertical):
    """Data sets above; of the one under the cursor its source, profile, columns, other runs."""

    DEFAULT_CSS = """
    RunDatasets > Table { height: auto; min-height: 2; max-height: 25%; }
    RunDatasets > VerticalScroll { height: auto; max-height: 7; padding: 0 1; }
    RunDatasets > VerticalScroll { border-top: solid $surface-lighten-2; }
    RunDatasets > Horizontal { height: 1fr; border-top: solid $surface-lighten-2; }
    RunDatasets > Horizontal > Table { width: 1fr; }
    RunDatasets #dataset-runs { border-left: vkey $surface-lighten-2; }
    RunDatasets.-none > Table { height: 1fr; max-height: 100%; }
    RunDatasets.-none > VerticalScroll, RunDatasets.-none > Horizontal { display: none; }
    """

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
        self._datasets: dict[str, DatasetInput] = {}
        self._shown: DatasetInput | None = None
        self._columns: Sequence[DatasetColumn] = ()
        self._runs: dict[DatasetInput, DatasetRuns] = {}
        self._words = ""

    def compose(self) -> ComposeResult:
        """Put the data sets above the facts, the columns and the other runs of one."""
        yield Table(DATASETS, id="datasets")
        with VerticalScroll():
            yield Static(id="dataset-facts", markup=False)
        with Horizontal():
            yield Table(id="dataset-columns", openable=False)
            yield Table(id="dataset-runs")

    def load(self, datasets: Sequence[DatasetInput], *, anew: bool = False) -> None:
        """Show the data sets of the run, ``anew`` with what is cached of other runs read again."""
        if anew:
            self._runs.clear()
        self._datasets = {str(number): each for number, each in enumerate(datasets)}
        self.set_class(not datasets, "-none")
        table = self.query_one("#datasets", Table)
        table.say(NO_DATASETS)
        table.show(list(self._datasets), self._dataset_cell)
        self._show_current()

    def filter(self, words: str) -> None:
        """Show only the columns whose names or types match."""
        self._words = words
        self._show_columns()

    def copyable(self) -> str:
        """Return what is under the cursor: a source, a column, or the id of a run."""
        table = next((each for each in self.query(Table) if each.has_focus), None)
        if table is None:
            return ""
        key = table.cursor_key or ""
        if table.id == "dataset-columns":
            return next((c.name for n, c in enumerate(self._columns) if str(n) == key), "")
        if table.id == "datasets" and key in self._datasets:
            dataset = self._datasets[key]
            return next(iter(facts_of(dataset.source).values()), dataset.digest)
        return key

    def on_show(self) -> None:
        """Read the other runs, which are not read while this is hidden."""
        self._read_runs()

    @on(Table.Highlighted, "#datasets")
    def _show_current(self) -> None:
        current = self._datasets.get(self.query_one("#datasets", Table).cursor_key or "")
        if current is not None and current != self._shown:
            self._shown = current
            self._columns = columns_of(current.schema)
            self.query_one("#dataset-facts", Static).update(described(current))
            self._show_columns()
        self._read_runs()

    @on(Table.Opened, "#datasets")
    def _focus_runs(self) -> None:
        self.query_one("#dataset-runs").focus()

    @on(Table.Opened, "#dataset-runs")
    def _open_run(self, event: Table.Opened) -> None:
        shell_of(self).navigation.open_run(event.key)

    def _show_columns(self) -> None:
        columns = self._columns
        shown = [str(n) for n, c in enumerate(columns) if matches(self._words, (c.name, c.type))]
        count = (
            f"{len(columns):,}"
            if len(shown) == len(columns)
            else f"{len(shown):,} of {len(columns):,}"
        )
        table = self.query_one("#dataset-columns", Table)
        table.say("No column matches the filter." if columns else NO_COLUMNS)
        titles = (Column("name", f"Column ({count})", 18, grow=True), Column("type", "Type", 14))
        table.show(shown, lambda key, column: plain(getattr(columns[int(key)], column)), titles)

    def _dataset_cell(self, key: str, column: str) -> Text:
        return plain(getattr(self._datasets[key], column))

    @work(group="dataset runs", exclusive=True)
    async def _read_runs(self) -> None:
        dataset = self._shown
        if dataset is None or not self.size:
            return
        cached = self._runs.get(dataset)
        self._show_runs(cached)
        if cached is not None:
            return
        table = self.query_one("#dataset-runs", Table)
        store = shell_of(self).settings.store
        try:
            answer = await ask(
                self, dataset_runs.runs_of_dataset, store, dataset.name, dataset.digest
            )
        except ServiceError as error:
            table.say(f"Not read: {one_line(str(error), 200)}")
            return
        self._runs[dataset] = answer
        self._show_runs(answer)

    def _show_runs(self, read: DatasetRuns | None) -> None:
        runs = read.runs if read else ()
        others = {run.run_id: run for run in runs if run.run_id != self.run_id}
        more = "" if read is None or read.is_all else "+"
        count = f"{len(others)}{more}" if read else "…"
        table = self.query_one("#dataset-runs", Table)
        table.say("No other run used this data set." if read else "reading…")
        titles = (
            Column("name", f"Also in ({count})", 14, grow=True),
            Column("experiment", "Experiment", 12),
            Column("age", "Age", 4),
            Column("status", "Status", 10),
        )

        def cell(key: str, column: str) -> Text:
            run = others[key]
            if column == "status":
                return status_cell(run.status)
            if column == "age":
                return Text(age(run.started_at))
            return plain(run.name if column == "name" else run.experiment_name)

        table.show(list(others), cell, titles)


def described(dataset: DatasetInput) -> Text:
    """Return source and profile of a data set."""
    pairs = {"source": plain(dataset.source_type)}
    for name, value in facts_of(dataset.source).items():
        pairs[name or "at"] = Text(one_line(value, SHOWN))
    profile = facts_of(dataset.profile)
    counts = (
        f"{one_line(name, SHOWN)} {one_line(value, SHOWN)}" for name, value in profile.items()
    )
    pairs["profile"] = Text(
        " · ".join(counts).strip() or "none was logged", "" if profile else "dim"
    )
    return facts(pairs)
