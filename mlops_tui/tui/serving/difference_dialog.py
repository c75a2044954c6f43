"""The answers of two servers to one request, side by side."""

import shlex
from collections.abc import Iterable, Sequence

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.serving.answer_difference import AnswerDifference
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.formatting import number, plain
from mlops_tui.tui.kit.table import Column, Table

MOST = 1_000
"""Predictions listed."""


class DifferenceDialog(Dialog[None]):
    """Lists the predictions of both, those that differ first."""

    DEFAULT_CSS = """
    DifferenceDialog {
        #box { width: 100%; max-width: 120; }
        #box Table { height: auto; min-height: 3; max-height: 14; }
    }
    """
    AUTO_FOCUS = "Table"

    def __init__(
        self, names: tuple[str, str], words: Sequence[str], found: AnswerDifference
    ) -> None:
        super().__init__(f"{names[0]} and {names[1]}: the same request")
        self._words = words
        self._found = found
        rows = sorted(found.rows, key=lambda row: row.is_equal)[:MOST]
        self._rows = {str(row.number): row for row in rows}
        self._columns = (
            Column("mark", "", 1),
            Column("number", "Row", 5, justify="right"),
            Column("first", names[0], 20, grow=True),
            Column("second", names[1], 20, grow=True),
            Column("difference", "Difference", 10, justify="right"),
        )

    def compose_body(self) -> Iterable[Widget]:
        """Show the sentence above the predictions."""
        first, second = self._found.first, self._found.second
        times = f"{first.latency_ms:.0f} ms and {second.latency_ms:.0f} ms."
        yield Static(f"{self._found.describe()} {times}", markup=False, classes="explain")
        yield Table(id="predictions")

    def on_mount(self) -> None:
        """Fill the list."""
        table = self.query_one("#predictions", Table)
        table.say("There are no predictions to compare.")
        table.show(list(self._rows), self._cell, self._columns)

    def equivalent(self) -> str:
        """Return the command that compares the same."""
        return shlex.join(self._words)

    def _cell(self, key: str, column: str) -> Text:
        row = self._rows[key]
        style = "" if row.is_equal else "bold"
        cells = {
            "mark": Text("" if row.is_equal else "≠", "bold"),
            "number": Text(key),
            "first": plain(row.first, style),
            "second": plain(row.second, style),
            "difference": Text(number(row.difference, 6) if row.difference else ""),
        }
        return cells[column]
