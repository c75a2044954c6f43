"""Schema and number of rows of a CSV or Parquet file, as MLflow writes them."""

import json
from pathlib import Path
from typing import Any

MOST_BYTES = 200_000_000
"""Bytes of a CSV file whose rows are counted."""
LONGEST_SCHEMA = 65_535
"""Characters of a schema that every release of MLflow takes."""

NAMES = {
    "int32": "integer",
    "int64": "long",
    "float": "float",
    "double": "double",
    "bool": "boolean",
    "string": "string",
    "large_string": "string",
    "binary": "binary",
    "null": "string",
}
"""Types of Arrow that MLflow has a word for; all times are its ``datetime``."""


def schema_of(path: Path) -> tuple[str, int | None]:
    """Return MLflow's schema of a file and its number of rows; empty and None where unknown."""
    import pyarrow as pa

    try:
        schema, rows = _read(path)
    except (OSError, pa.ArrowException, ValueError):
        return "", None
    if schema is None:
        return "", rows
    specs = [{"type": _name(each.type), "name": each.name, "required": True} for each in schema]
    text = json.dumps({"mlflow_colspec": specs})
    is_known = all(spec["type"] for spec in specs) and len(text) <= LONGEST_SCHEMA
    return text if is_known else "", rows


def _read(path: Path) -> tuple[Any, int | None]:
    if path.suffix == ".parquet" and path.is_file():
        from pyarrow import parquet

        with parquet.ParquetFile(path) as file:
            return file.schema_arrow, file.metadata.num_rows
    if path.suffix == ".csv" and path.is_file():
        from pyarrow import csv

        with csv.open_csv(path) as reader:
            is_small = path.stat().st_size <= MOST_BYTES
            rows = sum(len(batch) for batch in reader) if is_small else None
            return reader.schema, rows
    return None, None


def _name(dtype: Any) -> str:
    text = str(dtype)
    return "datetime" if text.startswith(("timestamp", "date")) else NAMES.get(text, "")
