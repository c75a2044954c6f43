"""Tables in text, with commas or tabs between their cells."""

import csv
from collections.abc import Iterator
from itertools import islice

DELIMITERS = ",;\t|"
MOST_ROWS = 500
"""Rows that are shown."""
MOST_COLUMNS = 200
"""Columns that are shown."""
LONGEST_CELL = 200
"""Characters of a cell that are shown."""

DIGITS = 6
"""Significant digits of a number that is not whole."""

Rows = tuple[tuple[str, ...], ...]


def read_rows(text: str, *, tabs: bool, is_cut: bool) -> Rows:
    """Return the first rows, the header among them, made equally long; raises ``csv.Error``.

    Where the text is only the beginning of a file (``is_cut``), its last row may be half a row and
    is left out. The delimiter is a tab, or what the first line has most of.
    """
    first_line = text.partition("\n")[0]
    delimiter = "\t" if tabs else max(DELIMITERS, key=first_line.count)
    # A row more than shown, so that the half one is never among them.
    found = list(islice(_rows(text, delimiter), MOST_ROWS + 2))
    if is_cut and len(found) <= MOST_ROWS + 1 and len(found) > 1:
        found.pop()
    found = found[: MOST_ROWS + 1]
    width = max(map(len, found), default=0)
    return tuple(tuple(row + [""] * (width - len(row))) for row in found)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
        if row:
            yield [_shown(cell) for cell in row[:MOST_COLUMNS]]


def _shown(cell: str) -> str:
    """Return a cell as it is; a number that is not whole with few digits, as of any table."""
    whole, dot, rest = cell.partition(".")
    if not dot or len(whole) + len(rest) <= DIGITS or len(cell) > LONGEST_CELL:
        return cell[:LONGEST_CELL]
    try:
        return f"{float(cell):.{DIGITS}g}"
    except ValueError:
        return cell
