"""Rows of a Parquet file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from ..problem import Problem, in_words
from .piece import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .columns import Column

BUFFER = 16 * 1024 * 1024
"""Bytes that are read ahead, all columns together."""


class ParquetRows:
    """A file that says how many rows it has, and of which types."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with pq.ParquetFile(path) as file:
                self.schema = file.schema_arrow
                self.total = int(file.metadata.num_rows)
        except (OSError, pa.ArrowException) as error:
            raise Problem(f"{path} cannot be read as Parquet: {in_words(error)}") from None
        self.names = list(self.schema.names)
        self._done = 0

    def kind_kept(self, name: str) -> pa.DataType:
        """Return the type of a column that is kept beside the answers."""
        return self.schema.field(name).type

    @property
    def done(self) -> int:
        """How many of ``total`` have been read."""
        return self._done

    def skip_all(self) -> None:
        """Count the rows as read."""
        self._done = self.total

    def pieces(self, columns: Sequence[Column], rows: int, skip: int) -> Iterator[Piece]:
        """Yield all rows but the first ones. Raises ``Problem``."""
        names = set(self.names)
        present = [column.name for column in columns if column.name in names]
        size = max(4096, BUFFER // max(1, len(present)))
        try:
            with pq.ParquetFile(self.path, buffer_size=size) as file:
                self._done, groups = _groups_after(file.metadata, skip)
                drop = skip - self._done
                for batch in file.iter_batches(rows, groups, present):
                    start = self._done
                    self._done += len(batch)
                    table = _with_all(pa.Table.from_batches([batch]), columns)
                    yield Piece(self.path.name, start, table).after(drop)
                    drop = max(0, drop - len(batch))
        except (OSError, pa.ArrowException) as error:
            where = f"{self.path} cannot be read after row {self._done:,}"
            raise Problem(f"{where}: {in_words(error)}") from None


def _groups_after(metadata: pq.FileMetaData, skip: int) -> tuple[int, list[int]]:
    """Return how many rows whole row groups skip, and the groups that are left."""
    skipped = 0
    for number in range(metadata.num_row_groups):
        count = metadata.row_group(number).num_rows
        if skipped + count > skip:
            return skipped, list(range(number, metadata.num_row_groups))
        skipped += count
    return skipped, []


def _with_all(table: pa.Table, columns: Sequence[Column]) -> pa.Table:
    """Return a table with a column of nulls for each that the file lacks."""
    if len(columns) == table.num_columns:
        return table
    names = set(table.column_names)
    for column in columns:
        if column.name not in names:
            table = table.append_column(column.name, pa.nulls(len(table), column.kind or pa.null()))
    return table
