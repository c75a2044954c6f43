"""CSV and Parquet files as requests."""

import csv
import io
import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import BinaryIO

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.payload import Payload
from mlops_tui.domain.serving.table_request import MOST_ROWS, table_request

LARGEST = 64 * 1024 * 1024
"""Bytes of a request."""

SUFFIXES = frozenset({".csv", ".parquet"})


def is_table(path: Path) -> bool:
    """Return whether a file is a table by its name."""
    return path.suffix.lower() in SUFFIXES


def request_of(path: Path, file: BinaryIO, signature: Signature) -> bytes:
    """Return a table as the JSON of a request. Raises ``InvalidInput``."""
    read = _csv_request if path.suffix.lower() == ".csv" else _parquet_request
    try:
        payload = read(file, signature)
    except InvalidInput as error:
        name = one_line(path.name, 100)
        raise InvalidInput(f"{name} was not sent. {error.message}", error.hint) from None
    found = json.dumps({payload.format: payload.data}, allow_nan=False).encode()
    if len(found) > LARGEST:
        raise InvalidInput(f"{path.name} makes a request of more than {LARGEST // 1024**2} MiB.")
    return found


def _csv_request(file: BinaryIO, signature: Signature) -> Payload:
    reader = csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
    try:
        header = next(reader, [])
        rows = (row for row in reader if row)
        return table_request(header, rows, signature, is_text=True)
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidInput(f"It is no CSV file in UTF-8: {error}.") from None


def _parquet_request(file: BinaryIO, signature: Signature) -> Payload:
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(file) as opened:
            names = opened.schema_arrow.names
            if opened.metadata.num_rows > MOST_ROWS:
                raise InvalidInput(f"It has more than {MOST_ROWS:,} rows.", "Send a part of it.")
            return table_request(names, _rows(opened), signature, is_text=False)
    except (ArrowException, OSError, ValueError, OverflowError) as error:
        said = one_line(str(error).partition("\n")[0], 200)
        raise InvalidInput(f"It is no whole Parquet file: {said}.") from None


def _rows(opened: object) -> Iterator[list[Json]]:
    for batch in opened.iter_batches(1_000):  # type: ignore[attr-defined]  # pyarrow has no types
        columns = [[_json(cell) for cell in column.to_pylist()] for column in batch.columns]
        yield from map(list, zip(*columns, strict=True))


def _json(cell: object) -> Json:
    if cell is None or isinstance(cell, bool | int | str):
        return cell
    if isinstance(cell, list | tuple):
        return [_json(each) for each in cell]
    if isinstance(cell, dict):
        return {str(name): _json(each) for name, each in cell.items()}
    if isinstance(cell, float | Decimal):
        return float(cell) if isfinite(cell) else None
    if isinstance(cell, bytes):
        return b64encode(cell).decode()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
