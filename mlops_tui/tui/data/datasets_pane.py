"""The data sets that runs were given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.message import Message

from mlops_tui.domain.data.dataset_version import DatasetList, NamedDataset
from mlops_tui.domain.matching import finder, searchable
from mlops_tui.domain.shortening import NamesAlike
from mlops_tui.services.data import datasets
from mlops_tui.tui.data.data_keys import DATASETS
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.formatting import age, plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Column, Table

COLUMNS = (
    Column("versions", "Versions", 8, "right"),
    Column("runs", "Runs", 6, "right"),
    Column("used", "Used", 4, "right"),
    Column("first", "First", 5, "right"),
    Column("models", "Models", 16, grow=True),
    Column("contexts", "Context", 12, grow=True),
    Column("source", "Source", 8),
)
NO_DATASETS = (
    "No run was given a data set yet: code calls mlflow.log_input(dataset); a job that is "
    "started here logs the files in its form."
)


class DatasetsPane(Pane):
    """The data sets, the one used last first; the versions of one stand below them."""

    BINDINGS = bindings(DATASETS)

    @dataclass
    class Chosen(Message):
        """The cursor went to another data set."""

        name: str

    def __init__(self) -> None:
        super().__init__()
        self.chosen: str | None = None
        """The data set whose versions are shown."""
        self.filter = ListFilter(
            self,
            lambda _words: self.show_rows(),
            label="data",
            example="words of name, context, source, model; esc drops",
        )
        self._datasets: Mapping[str, NamedDataset] = {}
        self._searched: Mapping[str, str] = {}
        self._names = NamesAlike(())
        self._goal = ""
        """The data set that the cursor is to go to as soon as it is read."""

    def compose(self) -> ComposeResult:
        """Put what was left out below the table."""
        yield Table(id="datasets", frozen=1)
        yield SteadyText(id="datasets-remark")
        yield FilterBar()

    async def load(self) -> None:
        """Read the data sets; raises ``ServiceError``."""
        self._apply(await self.host.ask(datasets.list_datasets, self.shell.settings.store))

    def _apply(self, read: DatasetList) -> None:
        self._datasets = {each.name: each for each in read.datasets}
        self._searched = {each.name: searchable(_strings(each)) for each in read.datasets}
        self._names = NamesAlike(self._datasets)
        remark = self.query_one("#datasets-remark", SteadyText)
        remark.display = bool(read.remark)
        remark.update(Text(f"! {read.remark}", "yellow"), layout=False)
        self.show_rows()
        if self._goal:
            self.query_one("#datasets", Table).move_to(self._goal)
            self._goal = ""
        self._follow_cursor()

    def show_rows(self) -> None:
        """Show the data sets that pass the filter."""
        table, passes = self.query_one("#datasets", Table), finder(self.filter.words)
        shown = [name for name, text in self._searched.items() if passes(text)]
        table.say("Nothing matches the filter." if self._datasets else NO_DATASETS)
        total = f"{len(self._datasets):,}"
        count = total if len(shown) == len(self._datasets) else f"{len(shown):,}/{total}"
        title = Column("name", f"Data set ({count})", 20, grow=True)
        table.show(shown, self._cell, (title, *COLUMNS))

    def go_to(self, name: str) -> None:
        """Put the cursor on a data set, as soon as it is read."""
        self._goal = self.chosen = name
        self.filter.drop()
        self.query_one("#datasets", Table).move_to(name)

    def copyable(self) -> str:
        """Return the name of the data set."""
        return self.chosen or ""

    def action_filter(self) -> None:
        """Filter the data sets as one types."""
        self.filter.open()

    @on(Table.Highlighted, "#datasets")
    def _follow_cursor(self) -> None:
        name = self.query_one("#datasets", Table).cursor_key
        if name is not None and name != self.chosen and not self._goal:
            self.chosen = name
            self.post_message(self.Chosen(name))

    def _cell(self, name: str, column: str) -> Text:
        if column == "name":
            width = self.query_one("#datasets", Table).width_of("name")
            return plain(self._names.shortened(name, width))
        return CELLS[column](self._datasets[name])


CELLS: Mapping[str, Callable[[NamedDataset], Text]] = {
    "versions": lambda dataset: Text(f"{dataset.versions:,}"),
    "runs": lambda dataset: Text(f"{dataset.runs:,}"),
    "used": lambda dataset: Text(age(dataset.last_used_at)),
    "first": lambda dataset: Text(age(dataset.first_used_at)),
    "models": lambda dataset: plain(", ".join(map(str, dataset.models))),
    "contexts": lambda dataset: plain(", ".join(dataset.contexts)),
    "source": lambda dataset: plain(", ".join(dataset.source_types)),
}


def _strings(dataset: NamedDataset) -> tuple[str, ...]:
    models = map(str, dataset.models)
    return (dataset.name, dataset.newest, *dataset.contexts, *dataset.source_types, *models)
