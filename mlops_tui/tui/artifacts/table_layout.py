"""A table's columns, as wide as what is in them."""

from mlops_tui.domain.artifacts.preview import TablePreview
from mlops_tui.tui.kit.column_layout import Column

WIDEST, NARROWEST = 22, 3
"""Cells of a column."""

NUMERIC = ("int", "uint", "float", "double", "decimal", "halffloat")
"""How the names of types of numbers begin."""


def table_columns(preview: TablePreview) -> tuple[Column, ...]:
    """Return the columns, numbers to the right; a key is the column's place."""
    return tuple(_column(preview, place) for place in range(len(preview.columns)))


def _column(preview: TablePreview, place: int) -> Column:
    kind = preview.types[place] if preview.types else ""
    title = f"{preview.columns[place]} ({kind})" if kind else preview.columns[place]
    cells = [cell for row in preview.rows if (cell := row[place]) is not None]
    longest = max(map(len, (title, *cells)))
    is_number = kind.startswith(NUMERIC) if kind else bool(cells) and all(map(_is_number, cells))
    width = max(NARROWEST, min(longest, WIDEST))
    return Column(str(place), title, width, "right" if is_number else "left")


def _is_number(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True
