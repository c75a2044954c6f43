"""Captured requests as rows."""

import json

import pytest

from mlops_tui.domain.json_text import Json
from mlops_tui.domain.serving.captured import Captured, Columns, rows_of

SPLIT: Json = {"dataframe_split": {"columns": ["x", "label"], "data": [[1, "a"], [2.5, None]]}}


def captured(
    request: Json, response: Json = None, label: Json = None, status: int = 200
) -> Captured:
    text = request if isinstance(request, str) else json.dumps(request)
    return Captured("r1", 1.0, 0.5, status, "3", text, json.dumps(response), label)


def test_a_request_of_two_rows_gives_two_rows_with_their_predictions_and_labels() -> None:
    first, second = rows_of(captured(SPLIT, {"predictions": [0, 1]}, [7, 8]))
    assert (first["row"], first["x"], first["input_label"]) == (0, 1, "a")
    assert (first["prediction"], first["label"]) == (0, 7)
    assert (second["row"], second["x"], second["prediction"], second["label"]) == (1, 2.5, 1, 8)


@pytest.mark.parametrize("label", ["late", [1, 2, 3]])
def test_one_label_is_that_of_each_row(label: Json) -> None:
    assert [row["label"] for row in rows_of(captured(SPLIT, [0, 1], label))] == [label, label]


@pytest.mark.parametrize(
    ("request_", "rows"),
    [
        ({"inputs": [[1, 2]]}, [{"0": 1, "1": 2}]),
        ({"inputs": {"x": [1, 2]}}, [{"x": 1}, {"x": 2}]),
        ({"dataframe_records": [{"x": 1}, {"y": 2}]}, [{"x": 1, "y": None}, {"x": None, "y": 2}]),
        ({"instances": [3, 4]}, [{"0": 3}, {"0": 4}]),
    ],
)
def test_every_format_of_a_request_is_read(request_: Json, rows: list[dict[str, Json]]) -> None:
    found = list(rows_of(captured(request_)))
    assert [
        {name: row[name] for name in row if name in want}
        for row, want in zip(found, rows, strict=True)
    ] == rows


@pytest.mark.parametrize(
    ("request_", "status"),
    [(SPLIT, 400), ("{", 200), ({"messages": []}, 200), ({"inputs": []}, 200)],
)
def test_what_is_no_table_is_one_row_with_the_text(request_: Json, status: int) -> None:
    (row,) = rows_of(captured(request_, {"predictions": 1}, status=status))
    assert (row["row"], row["status"]) == (None, status)
    assert row["request"] == (request_ if isinstance(request_, str) else json.dumps(request_))


def test_a_column_has_the_type_that_all_its_cells_have() -> None:
    columns = Columns()
    rows: list[dict[str, Json]] = [
        {"whole": 1, "real": 1, "mixed": True, "large": 2**70, "list": [1], "empty": None},
        {"whole": None, "real": 0.5, "mixed": "no", "large": 1, "list": None, "empty": None},
    ]
    for row in rows:
        columns.add(row)
    assert columns.kinds | {} == {
        **dict.fromkeys(("request_id", "row", "at", "seconds", "status", "version"), ""),
        "whole": "int",
        "real": "float",
        "mixed": "text",
        "large": "text",
        "list": "text",
        "empty": "",
    }
    assert columns.cells(rows[0])[6:] == [1, 1.0, "true", str(2**70), "[1]", None]
