"""The same rows in our table, in Textual's: ``python -m tests.benchmarks.table_apps KIND``."""

import sys
from collections.abc import Sequence

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.table import Table

ROWS = 1_000

COLUMNS = (
    Column("status", "status", 10),
    Column("name", "name", 20),
    Column("age", "age", 5, "right"),
    Column("duration", "duration", 8, "right"),
    Column("accuracy", "accuracy", 8, "right"),
    Column("loss", "loss", 8, "right"),
    Column("depth", "depth", 5, "right"),
)


def cells(number: int) -> Sequence[Text]:
    """Return the cells of a run such as the list of runs shows it."""
    failed = number % 7 == 0
    return (
        Text("✗ failed" if failed else "✓ finished", style="red" if failed else "green"),
        Text(f"RandomForest_Run_{number}"),
        Text(f"{number % 60}m"),
        Text(f"{number % 50 + 3}.{number % 10}s"),
        Text(f"{0.8 + number % 100 / 1000:.3f}"),
        Text(f"{1 / (number + 1):.5f}"),
        Text(str(number % 9 + 2)),
    )


class OurApp(App[None]):
    """Our table alone."""

    def compose(self) -> ComposeResult:
        """Show the rows."""
        yield Table(COLUMNS)

    def on_mount(self) -> None:
        """Fill it."""
        places = {column.key: place for place, column in enumerate(COLUMNS)}
        self.query_one(Table).show(
            [str(number) for number in range(ROWS)],
            lambda key, column: cells(int(key))[places[column]],
        )


class TheirApp(App[None]):
    """Textual's table alone."""

    def compose(self) -> ComposeResult:
        """Show the rows."""
        yield DataTable[Text](cursor_type="row")

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        for column in COLUMNS:
            table.add_column(column.title, key=column.key, width=column.width)
        for number in range(ROWS):
            table.add_row(*cells(number), key=str(number))


if __name__ == "__main__":
    (OurApp if sys.argv[1] == "ours" else TheirApp)().run()
