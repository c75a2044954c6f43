"""What text files hold becomes numbers where all of it is numbers."""

import pyarrow as pa

from mlops_tui.services.monitoring.chunk_table import decoded, joined


def column(*cells: bytes | None) -> pa.Array:
    return pa.array(cells, pa.binary())


def test_columns_of_numbers_become_numbers_and_ids_stay_text() -> None:
    table = decoded(
        pa.table(
            {
                "request_id": column(b"01", b"2"),
                "age": column(b"1.5", b" 2"),
                "calls": column(b"1", None),
                "gap": column(b"", b"3"),
                "odd": column(b"nan", b"-inf"),
                "city": column(b"Oslo", b"7"),
                "bytes": column(b"\xff", b"2"),
            }
        )
    )
    assert [str(each.type) for each in table.schema] == [
        "string", "double", "int64", "int64", "double", "string", "string",
    ]  # fmt: skip
    assert table.column("gap").to_pylist() == [None, 3]
    assert table.column("request_id").to_pylist() == ["01", "2"]
    assert table.column("city").to_pylist() == ["Oslo", "7"]


def test_pieces_in_which_a_column_differs_are_joined_as_text() -> None:
    numbers, words = (decoded(pa.table({"x": column(cell)})) for cell in (b"1", b"one"))
    assert joined([numbers, words]).column("x").to_pylist() == ["1", "one"]
