"""Prints data on stdout and messages on stderr."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from math import isfinite
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line

Cell = str | float | None

LONGEST_SENTENCE = 2_000


def tell(sentence: str) -> None:
    """Print a message on stderr, on one line; ignore a stderr that cannot be written."""
    with suppress(ServiceError, OSError):
        print(f"mlops-tui: {one_line(sentence, LONGEST_SENTENCE)}", file=sys.stderr)


def print_json(data: object) -> None:
    """Print data as JSON, with NaN and infinite numbers as strings."""
    import json

    print(json.dumps(_known_to_json(data), indent=2, allow_nan=False))


def print_json_lines(rows: Iterable[object]) -> None:
    """Print each row as JSON on a line of its own."""
    import json

    for row in rows:
        print(json.dumps(_known_to_json(row), allow_nan=False))


def _known_to_json(data: object) -> object:
    if isinstance(data, float) and not isfinite(data):
        return str(data)
    if isinstance(data, Mapping):
        return {key: _known_to_json(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_known_to_json(value) for value in data]
    return data


def print_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print rows as CSV, uncut; on a terminal without line breaks in cells.

    Escape sequences and control characters are removed, as from everything but JSON.
    """
    import csv

    shown = _on_one_line if sys.stdout.isatty() else _as_it_is
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([shown(title) for title in header])
    writer.writerows([shown(cell) for cell in row] for row in rows)


def _as_it_is(cell: Cell) -> Cell:
    return cell


def _on_one_line(cell: Cell) -> Cell:
    return one_line(cell, sys.maxsize // 8) if isinstance(cell, str) else cell


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a table; columns that the terminal has no room for are named on stderr."""
    from rich.cells import cell_len, set_cell_size

    lines = [[one_line(cell, LONGEST_CELL) for cell in row] for row in (header, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    fitting = _fitting(widths)
    for line in lines:
        cells = [set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True)]
        print(GAP.join(cells[:fitting]).rstrip())
    if fitting < len(header):
        hidden = ", ".join(lines[0][fitting:])
        tell(
            one_line(
                f"The terminal is too narrow for {len(header) - fitting} more columns: {hidden}.",
                400,
            )
        )


def _fitting(widths: Sequence[int]) -> int:
    """Return how many columns fit into the terminal; all, if stdout is no terminal."""
    if not sys.stdout.isatty():
        return len(widths)
    import shutil

    room, used = shutil.get_terminal_size().columns, 0
    for number, width in enumerate(widths):
        used += width + (len(GAP) if number else 0)
        if used > room:
            return max(1, number)
    return len(widths)


GAP = "  "
LONGEST_CELL = 60


def facts(pairs: Mapping[str, Any]) -> None:
    """Print names with their values, one pair per line."""
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        print(f"{name:<{width}}  {one_line(str(value))}".rstrip())
