"""A look into a Parquet file."""

from itertools import islice
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.artifacts.delimited import DIGITS, LONGEST_CELL
from mlops_tui.domain.artifacts.preview import Preview, TablePreview

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

MOST_ROWS = 200
"""Rows that are read."""
MOST_COLUMNS = 50
"""Columns that are read."""
BUFFER = 64 * 1024
"""Bytes that are read of a column at a time, instead of all that its row group has."""
LARGEST_FOOTER = 16 * 1024 * 1024
"""Bytes of text that the description of the columns may take."""


def preview(path: str, file: Path, _room: tuple[int, int]) -> Preview:
    """Return the first rows, with the number of all that the file declares."""
    from pyarrow import ArrowException, parquet

    size = file.stat().st_size
    try:
        with parquet.ParquetFile(
            file,
            buffer_size=BUFFER,
            pre_buffer=False,
            thrift_string_size_limit=LARGEST_FOOTER,
        ) as opened:
            return _table(path, size, opened)
    except (ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        said = str(error).partition("\n")[0].strip()[:200].rstrip(".") or type(error).__name__
        return Preview(path=path, size=size, remark=f"Not a whole Parquet file: {said}.")


def _table(path: str, size: int, opened: "ParquetFile") -> Preview:
    schema, rows = opened.schema_arrow, opened.metadata.num_rows
    names = [str(name) for name in schema.names]
    # Names of nested or repeated columns are not told apart by the reader, so all are read there.
    columns = names[:MOST_COLUMNS] if len(names) > MOST_COLUMNS else None
    batches = opened.iter_batches(batch_size=MOST_ROWS, columns=columns)
    batch = next(islice(batches, 1), None)
    read = batch.columns[:MOST_COLUMNS] if batch is not None else []
    cells = [[_cell(value) for value in column.to_pylist()] for column in read]
    found = batch.schema if batch is not None else schema
    shown = len(cells[0]) if cells else 0
    part = f"The first {shown:,} of {rows:,} rows" if shown < rows else f"{rows:,} rows"
    more = f", the first {len(read)} shown" if len(names) > len(read) > 0 else ""
    return TablePreview(
        path=path,
        size=size,
        remark=f"{part}, {len(names):,} columns{more}.",
        columns=tuple(str(name) for name in found.names[:MOST_COLUMNS]),
        types=tuple(str(kind)[:LONGEST_CELL] for kind in found.types[:MOST_COLUMNS]),
        rows=tuple(zip(*cells, strict=True)),
    )


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return "NaN" if isnan(value) else f"{value:.{DIGITS}g}"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return str(value)[:LONGEST_CELL]
