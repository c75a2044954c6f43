"""One of a few."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from mlops_tui.tui.dialogs.dialog import Dialog
from mlops_tui.tui.formatting import plain
from mlops_tui.tui.widgets.table import Column, Table


class ChooseDialog(Dialog[str]):
    """A list to pick from with enter."""

    HAS_EQUIVALENT = False

    def __init__(self, title: str, choices: Sequence[str], column: str) -> None:
        super().__init__(title)
        self._choices = choices
        self._column = column

    def compose_body(self) -> Iterable[Widget]:
        """Show the list."""
        yield Table()

    def on_mount(self) -> None:
        """Fill the list."""
        column = Column("choice", self._column, 30, grow=True)
        self.query_one(Table).show(self._choices, lambda key, _column: plain(key), [column])

    @on(Table.Opened)
    def _chosen(self, event: Table.Opened) -> None:
        self.dismiss(event.key)
