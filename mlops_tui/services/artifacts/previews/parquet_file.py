"""A look into a Parquet file."""

from itertools import islice
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.artifacts.delimited import DIGITS, LONGEST_CELL
from mlops_tui.domain.artifacts.preview import Preview, TablePreview
from mlops_tui.domain.plain_text import counted

if TYPE_CHECKING:
    from pyarrow import Array, Scalar, Schema
    from pyarrow.parquet import ParquetFile

MOST_ROWS = 200
"""Rows that are read."""
MOST_COLUMNS = 50
"""Columns that are read."""
BUFFER = 64 * 1024
"""Bytes that are read of a column at a time, instead of all that its row group has."""
LARGEST_FOOTER = 16 * 1024 * 1024
"""Bytes of text that the description of the columns may take."""

ODD = "✗"
"""Before a cell that is not what its column says."""


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
    names = _names(schema)
    # Names of nested or repeated columns are not told apart by the reader, so all are read there.
    columns = names[:MOST_COLUMNS] if len(names) > MOST_COLUMNS else None
    batches = opened.iter_batches(batch_size=MOST_ROWS, columns=columns)
    batch = next(islice(batches, 1), None)
    read = batch.columns[:MOST_COLUMNS] if batch is not None else []
    cells = [_cells(column) for column in read]
    odd = sum(cell is not None and cell.startswith(ODD) for column in cells for cell in column)
    marked = f"; {odd:,} cells that are not of their type begin with {ODD}" if odd else ""
    found = batch.schema if batch is not None else schema
    shown = len(cells[0]) if cells else 0
    part = f"The first {shown:,} of {rows:,} rows" if shown < rows else counted(rows, "row")
    more = f", the first {len(read)} shown" if len(names) > len(read) > 0 else ""
    return TablePreview(
        path=path,
        size=size,
        remark=f"{part}, {counted(len(names), 'column')}{more}{marked}.",
        columns=tuple(_names(found)[:MOST_COLUMNS]),
        types=tuple(str(kind)[:LONGEST_CELL] for kind in found.types[:MOST_COLUMNS]),
        rows=tuple(zip(*cells, strict=True)),
    )


def _names(schema: "Schema") -> list[str]:
    """Return the names of the columns; one that is no text is marked."""
    found = []
    for number in range(len(schema)):
        try:
            found.append(str(schema.field(number).name))
        except UnicodeDecodeError:
            found.append(f"{ODD} column {number + 1}")
    return found


def _cells(column: "Array") -> list[str | None]:
    """Return the values of a column as text; those that Python cannot hold are marked."""
    try:
        return [_cell(value) for value in column.to_pylist()]
    except Exception:  # noqa: BLE001 - foreign bytes fail in many ways: text, dates, time zones
        return [_odd_cell(scalar) for scalar in column]


def _odd_cell(scalar: "Scalar") -> str | None:
    """Return a value as text; one that is not of its type as the bytes or the number it is."""
    try:
        return _cell(scalar.as_py())
    except Exception:  # noqa: BLE001 - see above
        kind = str(scalar.type)
    if hasattr(scalar, "as_buffer"):
        text = scalar.as_buffer().to_pybytes()[:LONGEST_CELL].decode(errors="replace")
        return f"{ODD} {text}"
    return f"{ODD} {getattr(scalar, 'value', '')} {kind}"[:LONGEST_CELL]


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return "NaN" if isnan(value) else f"{value:.{DIGITS}g}"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return str(value)[:LONGEST_CELL]
