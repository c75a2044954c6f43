"""The tables of a run: params or tags, the models that it logged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from mlops_tui.domain.matching import matches
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.runs.model_metrics_text import measured_line

PAIRS = (Column("key", "Key", 30), Column("value", "Value", 40, grow=True))
MODELS = (
    Column("name", "Model", 24),
    Column("status", "Status", 10),
    Column("metrics", "Measured on", 30, grow=True),
    Column("uri", "URI", 44),
)


class Pairs(Vertical):
    """Params or tags, those that match a filter."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._pairs: Mapping[str, str] | None = None
        self._words = ""

    def compose(self) -> ComposeResult:
        """Show the table alone."""
        yield Table(id=f"{self._what}-table", openable=False)

    def show(self, pairs: Mapping[str, str]) -> None:
        """Show other params or tags."""
        self._pairs = pairs
        self.filter(self._words)

    def filter(self, words: str) -> None:
        """Show only the pairs that match."""
        self._words = words
        if self._pairs is None:
            return  # not read yet, as the table says
        pairs, table = dict(self._pairs), self.query_one(Table)
        nothing = f"None of the {self._what} matches the filter."
        table.say(nothing if pairs else f"This run has no {self._what}.")
        keys = [key for key in sorted(pairs) if matches(words, (f"{key}={pairs[key]}",))]
        table.show(keys, lambda key, col: plain(key if col == "key" else pairs[key]), PAIRS)

    def copyable(self) -> str:
        """Return the value under the cursor."""
        return (self._pairs or {}).get(self.query_one(Table).cursor_key or "", "")


class LoggedModels(Vertical):
    """The models that the run has logged."""

    @dataclass
    class Opened(Message):
        """Enter was pressed on a model."""

        uri: str

    def compose(self) -> ComposeResult:
        """Show the table alone."""
        yield Table(id="models-table")

    def show(self, models: Sequence[LoggedModel]) -> None:
        """Show other models."""
        by_uri, table = {model.uri: model for model in models}, self.query_one(Table)
        table.say("This run has logged no model.")
        table.show(list(by_uri), lambda key, column: _model_cell(by_uri[key], column), MODELS)

    def copyable(self) -> str:
        """Return the URI of the model under the cursor."""
        return self.query_one(Table).cursor_key or ""

    @on(Table.Opened)
    def _opened(self, event: Table.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(event.key))


def _model_cell(model: LoggedModel, column: str) -> Text:
    if column == "metrics":
        return plain(measured_line(model.metrics))
    return plain(str(getattr(model, column)))
