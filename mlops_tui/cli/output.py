"""Data on stdout, messages on stderr."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import isfinite
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line

Cell = str | float | None

LONGEST_SENTENCE = 2_000


def tell(sentence: str) -> None:
    """Print a message on stderr, on one line; it is lost where nobody can read it."""
    with suppress(ServiceError, OSError):
        print(f"mlops-tui: {one_line(sentence, LONGEST_SENTENCE)}", file=sys.stderr)


def print_json(data: object) -> None:
    """Print data for programs; NaN or infinite numbers, which JSON does not know, as texts."""
    import json

    print(json.dumps(_known_to_json(data), indent=2, allow_nan=False))


def _known_to_json(data: object) -> object:
    if isinstance(data, float) and not isfinite(data):
        return str(data)
    if isinstance(data, Mapping):
        return {key: _known_to_json(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_known_to_json(value) for value in data]
    return data


def print_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print rows for programs, in full; on a terminal each row stays on one line.

    Escape sequences and control characters are removed as from all that is printed; JSON has them.
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
    """Print rows for people, in columns; those of a terminal that is too narrow are named."""
    from rich.cells import cell_len, set_cell_size

    lines = [[one_line(cell, LONGEST_CELL) for cell in row] for row in (header, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    fitting = _fitting(widths)
    for line in lines:
        cells = [set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True)]
        print(GAP.join(cells[:fitting]).rstrip())
    if fitting < len(header):
        hidden = ", ".join(lines[0][fitting:])
        tell(one_line(f"too narrow for {len(header) - fitting} more columns: {hidden}.", 400))


def _fitting(widths: Sequence[int]) -> int:
    """Return how many columns fit into the terminal; into anything else all do."""
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
    """Print what something is, a line each."""
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        print(f"{name:<{width}}  {one_line(str(value))}".rstrip())
