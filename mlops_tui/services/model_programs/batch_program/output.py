"""The files that are left at the end, each whole or not there at all."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from ..problem import Problem
from .partial import BAD, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .partial import Partial

PARQUET, CSV = ".parquet", ".csv"
GROUP_ROWS, GROUP_BYTES = 100_000, 64 * 1024 * 1024
"""A row group of Parquet ends at either."""


def refuse_existing(path: Path) -> None:
    """Raise ``Problem`` where an output is there, or cannot be."""
    if path.suffix.lower() not in (PARQUET, CSV):
        raise Problem(f"{path.name}: the output's name must end in {PARQUET} or {CSV}.")
    for each in (path, bad_rows_path(path)):
        if each.exists() or each.is_symlink():
            raise Problem(f"{each} exists. Delete it, or name another output.")
    if not path.parent.is_dir():
        raise Problem(f"There is no folder {path.parent} for the output.")


def bad_rows_path(output: Path) -> Path:
    """Return where the rows stand that failed: beside the output."""
    return output.with_name(f"{output.name}.bad_rows.parquet")


def write_output(partial: Partial, schema: pa.Schema, output: Path) -> None:
    """Write the output and the bad rows, if any. Raises ``Problem``."""
    if partial.bad:
        _write(partial.rows_of("bad"), BAD, partial.folder / "bad_rows.parquet")
    _write(partial.rows_of("part"), schema, partial.folder / f"output{output.suffix.lower()}")
    refuse_existing(output)
    with writing(output):
        if partial.bad:
            (partial.folder / "bad_rows.parquet").replace(bad_rows_path(output))
        (partial.folder / f"output{output.suffix.lower()}").replace(output)


def _write(batches: Iterator[pa.RecordBatch], schema: pa.Schema, path: Path) -> None:
    is_parquet = path.suffix == PARQUET
    with writing(path), path.open("wb") as file:
        kept = schema if is_parquet else _flat_schema(schema)
        with pq.ParquetWriter(file, kept) if is_parquet else csv.CSVWriter(file, kept) as writer:
            for group in _groups(batches):
                table = pa.Table.from_batches(group, schema)
                writer.write_table(table if is_parquet else _flat(table, kept))
        file.flush()
        os.fsync(file.fileno())


def _groups(batches: Iterator[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Gather batches; where a group ends depends on nothing but the batches themselves."""
    group: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        group.append(batch)
        rows, size = rows + len(batch), size + batch.nbytes
        if rows >= GROUP_ROWS or size >= GROUP_BYTES:
            yield group
            group, rows, size = [], 0, 0
    if group:
        yield group


def _flat_schema(schema: pa.Schema) -> pa.Schema:
    """Return a schema in which lists and objects are text."""
    return pa.schema(
        [(f.name, pa.string() if pa.types.is_nested(f.type) else f.type) for f in schema]
    )


def _flat(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with lists and objects as JSON."""
    arrays: list[Any] = [
        column
        if column.type == field.type
        else pa.array(
            [None if v is None else json.dumps(v, default=str) for v in column.to_pylist()],
            pa.string(),
        )
        for column, field in zip(table.columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
