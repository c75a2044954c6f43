"""Schema and rows of files, as MLflow writes them."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from mlops_tui.services.data.table_facts import schema_of

TABLE = pa.table({"a": [1, 2], "b": [0.5, None], "c": ["x", "y"], "d": [True, False]})


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_tells_columns_and_rows(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"rows.{suffix}"
    (csv.write_csv if suffix == "csv" else parquet.write_table)(TABLE, path)
    schema, rows = schema_of(path)
    types = [each["type"] for each in json.loads(schema)["mlflow_colspec"]]
    assert (types, rows) == (["long", "double", "string", "boolean"], 2)


def test_what_is_no_table_tells_nothing(tmp_path: Path) -> None:
    for name in ("broken.parquet", "broken.csv", "notes.txt"):
        (tmp_path / name).write_text("a,b\n1,2\n3\n")
    assert schema_of(tmp_path / "broken.csv") == ("", None)
    assert schema_of(tmp_path / "broken.parquet") == ("", None)
    assert schema_of(tmp_path / "notes.txt") == ("", None)
    assert schema_of(tmp_path) == ("", None)


def test_types_that_mlflow_has_no_word_for_leave_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"a": [[1], [2]]}), path)
    assert schema_of(path) == ("", 2)
