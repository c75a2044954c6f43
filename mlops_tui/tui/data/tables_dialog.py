"""A dialog that shows sentences and tables of text."""

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.table import Column, Table

Rows = Sequence[tuple[str, ...]]
WIDEST = 24
"""Cells of a column."""
MEASURED = 200
"""Rows whose cells tell how wide a column is."""


class TablesDialog(Dialog[None]):
    """Sentences above one table or several; ``command`` prints the same."""

    DEFAULT_CSS = """
    TablesDialog {
        #box { width: 100%; max-width: 160; }
        #box Table { height: auto; min-height: 3; max-height: 14; margin-bottom: 1; }
        .sentence { height: auto; }
    }
    """
    AUTO_FOCUS = "Table"

    def __init__(
        self,
        title: str,
        sentences: Iterable[str],
        tables: Sequence[tuple[Sequence[str], Rows]],
        command: str,
    ) -> None:
        super().__init__(title)
        self._sentences = tuple(sentences)
        self._tables = tables
        self._command = command

    def compose_body(self) -> Iterable[Widget]:
        """Put the sentences above the tables."""
        for sentence in self._sentences:
            yield Static(Text(one_line(sentence, 800)), classes="sentence")
        for number, _ in enumerate(self._tables):
            yield Table(id=f"table-{number}", openable=False, frozen=1)

    def on_mount(self) -> None:
        """Fill the tables."""
        for number, (titles, rows) in enumerate(self._tables):
            table = self.query_one(f"#table-{number}", Table)
            table.say("Nothing.")
            columns = [
                Column(str(n), title, _width(title, [row[n] for row in rows[:MEASURED]]))
                for n, title in enumerate(titles)
            ]

            def cell(key: str, column: str, rows: Rows = rows) -> Text:
                return plain(rows[int(key)][int(column)])

            table.show([str(n) for n in range(len(rows))], cell, columns)

    def equivalent(self) -> str:
        """Return the command that prints the same."""
        return self._command


def _width(title: str, cells: Iterable[str]) -> int:
    return min(WIDEST, max(len(title), *(len(one_line(cell, WIDEST)) for cell in (*cells, ""))))
