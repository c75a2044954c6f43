"""A sample of the rows of a table that is read in batches."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

SAMPLE = 50_000
"""Rows of a sample; of tables with at most so many all are used."""
SAFELY = 6
"""Standard deviations by which more rows are drawn than needed, where it is known of how many."""


class Sample:
    """So many rows, each row as likely as any other; memory holds at most twice as many.

    Each row draws a random key, and those with the lowest keys stay. The seed is fixed: the same
    table gives the same sample.
    """

    def __init__(self, size: int, expected_rows: int | None = None) -> None:
        import numpy as np

        self._size = size
        self._random = np.random.default_rng(0)
        self._parts: list[tuple[Any, pa.Table]] = []
        self._held = 0
        self._highest = 1.0
        self.rows = 0
        if expected_rows and expected_rows > size:
            self._highest = min(1.0, (size + SAFELY * sqrt(size)) / expected_rows)

    def add(self, table: pa.Table) -> None:
        """Draw from the rows of one batch."""
        self.rows += len(table)
        keys = self._random.random(len(table))
        self._hold(keys, table, keys < self._highest)
        if self._held > 2 * self._size:
            self._reduce()

    def tables(self) -> Iterator[pa.Table]:
        """Yield the rows that were drawn, in their order; at once where all have one schema."""
        import pyarrow as pa

        self._reduce()
        tables = [table for _keys, table in self._parts]
        if len({tuple(table.schema) for table in tables}) == 1:
            tables = [pa.concat_tables(tables)]
        yield from tables

    def _reduce(self) -> None:
        import numpy as np

        if self._held <= self._size:
            return
        keys = np.concatenate([keys for keys, _ in self._parts])
        self._highest = float(np.partition(keys, self._size)[self._size])
        parts, self._parts, self._held = self._parts, [], 0
        for own, table in parts:
            self._hold(own, table, own < self._highest)

    def _hold(self, keys: Any, table: pa.Table, is_drawn: Any) -> None:
        import numpy as np
        import pyarrow as pa

        if is_drawn.all():
            chosen = table
        else:
            chosen = table.take(pa.array(np.flatnonzero(is_drawn)))
            keys = keys[is_drawn]
        if len(keys) or not self._parts:  # an empty table has columns, too
            self._parts.append((keys, chosen))
            self._held += len(keys)
