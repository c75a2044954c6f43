"""Runs sorted by one of their columns."""

from collections.abc import Callable, Sequence
from math import isnan
from time import time

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.run import Run
from mlops_tui.domain.run_filter import parse_field, reader
from mlops_tui.domain.run_filter.amount import number


def in_order(
    runs: Sequence[Run],
    column: str,
    *,
    greatest_first: bool = True,
    clock: Callable[[], float] = time,
) -> list[Run]:
    """Return the runs sorted by an attribute or a key, named as in a filter.

    Numbers count as numbers, beside texts as the greater; runs that have nothing there, or NaN,
    come last. Raises ``InvalidInput`` where no run has such a column.
    """
    now = clock()
    read = reader(parse_field(column), lambda: now)
    places = [(_place(read(run)), run) for run in runs]
    present = [(place, run) for place, run in places if place is not None]
    if runs and all(read(run) is None for run in runs):
        raise InvalidInput(f"No run has {one_line(column, 60)}.")
    present.sort(key=lambda pair: pair[0], reverse=greatest_first)
    return [run for _, run in present] + [run for place, run in places if place is None]


def _place(found: str | float | None) -> tuple[bool, float, str] | None:
    as_number = number(found) if isinstance(found, str) else found
    if as_number is not None:
        return None if isnan(as_number) else (True, as_number, "")
    return (False, 0.0, found.casefold()) if isinstance(found, str) else None
