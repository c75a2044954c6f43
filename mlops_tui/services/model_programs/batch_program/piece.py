"""Rows as they were read of one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Piece:
    """Rows that follow each other in a file."""

    file: str
    start: int
    """How many rows of the file come before."""
    table: pa.Table
    bad: dict[int, str] = field(default_factory=dict)
    """What is wrong with which of the rows, counted from 0; their cells are null."""

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def after(self, count: int) -> Piece:
        """Return the rows after the first ones."""
        if count <= 0:
            return self
        bad = {row - count: why for row, why in self.bad.items() if row >= count}
        return Piece(self.file, self.start + count, self.table[count:], bad)

    def before(self, count: int) -> Piece:
        """Return the first rows."""
        bad = {row: why for row, why in self.bad.items() if row < count}
        return Piece(self.file, self.start, self.table[:count], bad)
