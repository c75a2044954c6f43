"""Shows names in a narrow table."""

from collections.abc import Callable, Sequence

from rich.text import Text

from mlops_tui.domain.shortening import NamesAlike
from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.row_painter import GUTTER
from mlops_tui.tui.kit.table import Table


def show_names(
    table: Table, keys: Sequence[str], name_of: Callable[[str], str], title: str, current: str
) -> None:
    """Show the names of keys, shortened where they are alike; ``current`` gets the first cursor."""
    names = NamesAlike(map(name_of, keys))

    def cell(key: str, _column: str) -> Text:
        return Text(names.shortened(name_of(key), table.size.width - GUTTER - 1))

    was_empty = table.cursor_key is None
    table.show(keys, cell, [Column("name", title, 20, grow=True)])
    if was_empty and current:
        table.move_to(current)
