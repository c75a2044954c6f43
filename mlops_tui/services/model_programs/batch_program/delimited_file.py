"""Rows of a CSV or TSV file, as text; types are the model's affair."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import csv

from ..problem import Problem, in_words
from .piece import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .columns import Column

BLOCK = 1 * 1024 * 1024
"""Bytes that are read at once; no row may be longer."""
COMPRESSED = {".gz": "gzip", ".bz2": "bz2", ".zst": "zstd"}
HEADER = 2
"""The first row below the header, as the reader counts."""


class DelimitedRows:
    """A file of which it is known how many bytes have been read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total = path.stat().st_size
        if not self.total:
            raise Problem(f"{path} is empty.")
        self._source: Any = None
        try:
            with csv.open_csv(self._open(), *self._options(deque())) as reader:
                self.names = list(reader.schema.names)
        except UnicodeDecodeError:
            raise Problem(f"{path}: its header is not UTF-8. Save the file as UTF-8.") from None
        except (OSError, pa.ArrowException) as error:
            raise Problem(f"{path} cannot be read as CSV: {in_words(error)}") from None
        self._source = None

    def kind_kept(self, _name: str) -> pa.DataType:
        """Return the type of a column that is kept beside the answers."""
        return pa.string()

    @property
    def done(self) -> int:
        """How many of ``total`` have been read."""
        try:
            return int(self._source.tell()) if self._source else 0
        except ValueError:  # closed
            return self.total

    def pieces(self, columns: Sequence[Column], _rows: int, skip: int) -> Iterator[Piece]:
        """Yield all rows but the first ones. Raises ``Problem``."""
        names = [column.name for column in columns]
        broken: deque[tuple[int, str]] = deque()
        converting = csv.ConvertOptions(
            include_columns=names,
            include_missing_columns=True,
            column_types=dict.fromkeys(names, pa.binary()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        )
        at = 0
        try:
            with csv.open_csv(self._open(), *self._options(broken), converting) as reader:
                empty = reader.schema.empty_table()
                for batch in reader:
                    piece = self._piece(pa.Table.from_batches([batch]), at, broken)
                    yield piece.after(min(len(piece), max(0, skip - at)))
                    at += len(piece)
        except (OSError, pa.ArrowException) as error:
            where = f"{self.path} cannot be read after row {at:,}"
            too_long = "straddling" in str(error)
            why = "a row is too long, or a quote is not closed" if too_long else in_words(error)
            raise Problem(f"{where}: {why}") from None
        if broken:
            piece = self._piece(empty, at, broken)
            yield piece.after(min(len(piece), max(0, skip - at)))

    def _piece(self, table: pa.Table, at: int, broken: deque[tuple[int, str]]) -> Piece:
        """Return rows with those among them that were broken, as nulls."""
        bad: dict[int, str] = {}
        while broken and broken[0][0] <= at + len(table) + len(bad):
            index, why = broken.popleft()
            bad[index - at] = why
        if bad:
            places = iter(range(len(table)))
            total = len(table) + len(bad)
            taken = [None if row in bad else next(places) for row in range(total)]
            table = table.take(pa.array(taken, pa.int64()))
        return Piece(self.path.name, at, table, bad)

    def _open(self) -> Any:
        self._source = pa.OSFile(str(self.path))
        packed = COMPRESSED.get(self.path.suffix.lower())
        return pa.CompressedInputStream(self._source, packed) if packed else self._source

    def _options(self, broken: deque[tuple[int, str]]) -> tuple[Any, Any]:
        def note(row: csv.InvalidRow) -> str:
            why = f"the line has {row.actual_columns} cells, the header {row.expected_columns}"
            broken.append((row.number - HEADER, why))
            return "skip"

        tabs = ".tsv" in self.path.name.lower()
        # Rows are numbered only where one thread reads.
        reading = csv.ReadOptions(use_threads=False, block_size=BLOCK)
        parsing = csv.ParseOptions(
            delimiter="\t" if tabs else ",", newlines_in_values=True, invalid_row_handler=note
        )
        return reading, parsing
