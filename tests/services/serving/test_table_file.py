"""Tables as requests."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec
from mlops_tui.domain.serving import table_request
from mlops_tui.services.serving.request_file import contents

NAMED = Signature(
    (
        ColumnSpec("x", "double"),
        ColumnSpec("code", "string"),
        ColumnSpec("n", "long", required=False),
        ColumnSpec("on", "boolean", required=False),
    )
)


def sent(path: Path, text: str, signature: Signature) -> Any:
    path.write_text(text)
    return json.loads(contents(f"@{path}", signature))


def test_a_csv_file_becomes_a_request_with_the_types_of_the_signature(tmp_path: Path) -> None:
    text = "\ufeffcode,more,on,x\n007,z,true,1\n,z,0,.5\n\n8,z,1,nan\n"
    assert sent(tmp_path / "a.csv", text, NAMED) == {
        "dataframe_split": {
            "columns": ["x", "code", "on"],
            "data": [[1, "007", True], [0.5, None, False], [None, "8", True]],
        }
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code\n1\n", r"no column x \(double\)"),
        ("", r"no column x \(double\) and 1 more"),
        ("x,code\n1,a\n2\n", "Row 2 has 1 cells, the header 2"),
        ("x,code\n1,a\nabc,b\n", 'Row 2, column x: expected double, got "abc"'),
        ("x,code,n\n1,a,1.5\n", r'Row 1, column n: expected long, got "1\.5"'),
        ("x,code\n", "no rows"),
        ('x,code\n1,"' + "a" * 200_000, "no CSV file in UTF-8"),
    ],
)
def test_what_does_not_fit_is_told_with_row_and_column(
    text: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refused:
        sent(tmp_path / "a.csv", text, NAMED)
    assert "a.csv was not sent" in refused.value.message


def test_a_parquet_file_keeps_its_own_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    columns = {
        "x": [1.5, float("nan")],
        "code": ["a", None],
        "n": pa.array([1, 2], pa.int32()),
        "t": [datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None), None],
    }
    pq.write_table(pa.table(columns), path)
    split = json.loads(contents(f"@{path}", NAMED))["dataframe_split"]
    assert split == {"columns": ["x", "code", "n"], "data": [[1.5, "a", 1], [None, None, 2]]}
    everything = json.loads(contents(f"@{path}"))["dataframe_split"]
    assert everything["data"][0] == [1.5, "a", 1, "2026-01-02T00:00:00"]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InvalidInput, match="no whole Parquet file"):
        contents(f"@{path}", NAMED)


def test_a_model_without_names_takes_the_columns_by_their_place(tmp_path: Path) -> None:
    tensor = Signature(tensors=(TensorSpec("", "float64", (-1, 2)),))
    assert sent(tmp_path / "a.csv", "a,b\n1,2\n", tensor) == {"inputs": [[1, 2]]}
    with pytest.raises(InvalidInput, match="has 3 columns, the model wants 2"):
        sent(tmp_path / "a.csv", "a,b,c\n1,2,3\n", tensor)


def test_a_batch_is_no_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_request, "MOST_ROWS", 2)
    with pytest.raises(InvalidInput, match="more than 2 rows"):
        sent(tmp_path / "a.csv", "x,code\n1,a\n1,a\n1,a\n", NAMED)
