"""Lays out the columns of a table: which are in view, and how wide."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size

from mlops_tui.domain.plain_text import JOINERS, one_line

Justify = Literal["left", "right", "decimal"]

NUMBER = re.compile(r"[-+]?[\d,]+(\.\d+)?")

GAP = 1
"""Blank cells between two columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; a ``grow`` column takes the width that is left over.

    Numbers in a ``decimal`` column stand with their decimal points below each other.
    """

    key: str
    title: str
    width: int
    justify: Justify = "left"
    grow: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A column in view, with its start and width in cells."""

    column: Column
    start: int
    width: int

    @property
    def is_whole(self) -> bool:
        """Whether the column has all the cells that it asks for."""
        return self.width >= self.column.width


def arrange(columns: Sequence[Column], width: int, frozen: int, skipped: int) -> tuple[Placed, ...]:
    """Return the columns in view: the ``frozen`` first ones, then the others from ``skipped`` on.

    The last one may be cut at ``width``, unless it holds numbers. Spare width goes to the ``grow``
    columns in equal parts.
    """
    chosen = _in_view([*columns[:frozen], *columns[frozen + skipped :]], width)
    spare = max(0, width - _width(chosen))
    growing = sum(column.grow for column in chosen)
    placed: list[Placed] = []
    start = 0
    for column in chosen:
        extra = spare // growing if column.grow else 0
        spare, growing = spare - extra, growing - column.grow
        placed.append(Placed(column, start, min(column.width + extra, width - start)))
        start += column.width + extra + GAP
    return tuple(placed)


def most_skipped(columns: Sequence[Column], width: int, frozen: int) -> int:
    """Return how many columns can be scrolled away until the last one is in view."""
    used, fitting = sum(column.width + GAP for column in columns[:frozen]) - GAP, 0
    for column in reversed(columns[frozen:]):
        used += column.width + GAP
        if used > width:
            break
        fitting += 1
    return max(0, len(columns) - frozen - max(1, fitting))


def fit(text: str, width: int, justify: Justify = "left") -> str:
    """Return the text padded or cut to ``width`` cells; a cut text ends in ``…``."""
    if not text.isascii():
        text = text[: 8 * width].translate(JOINERS)
    shown = one_line(text, 4 * width)
    excess = cell_len(shown) - width
    if excess > 0:
        return set_cell_size(shown, width - 1) + "…" if width > 1 else "…"[:width]
    return " " * -excess + shown if justify != "left" else shown + " " * -excess


def decimals(text: str) -> int | None:
    """Return how many characters of a number follow its units, the point included.

    None for what is no plain number.
    """
    found = NUMBER.fullmatch(text)
    return len(found[1] or "") if found else None


def _in_view(columns: Sequence[Column], width: int) -> list[Column]:
    shown: list[Column] = []
    for column in columns:
        room = width - _width(shown) - (GAP if shown else 0)
        cuts_number = room < column.width and column.justify != "left"
        if room <= 0 or (cuts_number and shown):
            break
        shown.append(column)
    return shown


def _width(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * max(0, len(columns) - 1)
