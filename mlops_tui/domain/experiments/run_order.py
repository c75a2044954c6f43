"""Runs sorted by one of their columns, or by several."""

from collections.abc import Callable, Sequence
from time import time
from typing import TypeVar

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.experiments.run_column import RunColumn, Source, reader
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_attributes import ALIASES
from mlops_tui.domain.runs.run_filter import parse_field
from mlops_tui.domain.runs.run_filter import reader as reader_of_field
from mlops_tui.domain.runs.run_filter.amount import number

Item = TypeVar("Item")


def in_order(
    runs: Sequence[Run],
    column: str,
    *,
    greatest_first: bool = True,
    clock: Callable[[], float] = time,
) -> list[Run]:
    """Return the runs sorted by an attribute or a key, named as in a filter.

    Raises ``InvalidInput`` where no run has such a column.
    """
    now = clock()
    read = reader_of_field(parse_field(column), lambda: now)
    if runs and all(read(run) is None for run in runs):
        raise InvalidInput(f"No run has {one_line(column, 60)}.")
    return sorted_by_value(runs, read, greatest_first=greatest_first)


def sorted_by(runs: Sequence[Run], keys: Sequence[SortKey], now: float) -> list[Run]:
    """Return the runs sorted by the first key, among equals by the next; stable beyond.

    Numbers count as numbers, beside texts as the greater; runs that have nothing there, or NaN,
    come last.
    """
    found = list(runs)
    for key in reversed(keys):
        found = sorted_by_value(found, reader(key.column, now), greatest_first=key.greatest_first)
    return found


def sorted_by_value(
    items: Sequence[Item], read: Callable[[Item], str | float | None], *, greatest_first: bool
) -> list[Item]:
    """Return the items sorted by what is read of them, as ``sorted_by`` sorts runs."""
    places = [(_place(read(item)), item) for item in items]
    present = [(place, item) for place, item in places if place is not None]
    present.sort(key=lambda pair: pair[0], reverse=greatest_first)
    return [item for _, item in present] + [item for place, item in places if place is None]


def server_order(keys: Sequence[SortKey]) -> list[str] | None:
    """Return what MLflow sorts by, None where it cannot: it sorts params and tags as texts."""
    names = [_server_name(key.column) for key in keys]
    if not names or None in names:
        return None
    is_age = [str(key.column) == "age" for key in keys]
    greatest = [key.greatest_first != age for key, age in zip(keys, is_age, strict=True)]
    pairs = zip(names, greatest, strict=True)
    return [f"{name} {'DESC' if greatest else 'ASC'}" for name, greatest in pairs]


def _server_name(column: RunColumn) -> str | None:
    if column.source is Source.METRIC:
        return f"metrics.`{column.key}`"
    mlflows = {ours: theirs for theirs, ours in ALIASES.items()}
    mlflows |= {"age": "start_time", "status": "status"}
    return (
        f"attributes.{mlflows[column.key]}"
        if column.key in mlflows and (column.source is Source.ATTRIBUTE)
        else None
    )


def _place(found: str | float | None) -> tuple[bool, float, str] | None:
    as_number = number(found) if isinstance(found, str) else found
    if as_number is not None:
        return None if as_number != as_number else (True, as_number, "")  # noqa: PLR0124 - NaN
    return (False, 0.0, found.casefold()) if isinstance(found, str) else None
