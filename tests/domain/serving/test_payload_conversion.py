import json
from itertools import product

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec
from mlops_tui.domain.serving.payload import Payload, PayloadFormat, dump, parse_payload
from mlops_tui.domain.serving.payload_conversion import convert, in_next_format
from mlops_tui.domain.serving.payload_rows import read_rows

RECORDS, SPLIT, INSTANCES, INPUTS = PayloadFormat

NAMES = ("f0", "a b", "é", "[red]", "x" * 5_000)
COLUMNS = Signature(tuple(ColumnSpec(name, "double") for name in NAMES))
PLACES = Signature(tuple(ColumnSpec("", "double") for _ in NAMES))
TENSOR = Signature(tensors=(TensorSpec("", "float64", (-1, 5)),))
TENSORS = Signature(
    tensors=(TensorSpec("x", "float64", (-1, 2)), TensorSpec("y", "float64", (-1,)))
)
NONE = Signature()

ROWS: list[Json] = [[0.5, 1, "2", None, True], [5.5, 6, "7 é 😀", None, False]]
NAMED: list[Json] = [dict(zip(NAMES, row, strict=True)) for row in ROWS]  # type: ignore[arg-type]
COLUMN_LISTS: Json = {name: [row[i] for row in ROWS] for i, name in enumerate(NAMES)}  # type: ignore[index]


@pytest.mark.parametrize(
    ("target", "data"),
    [
        (RECORDS, NAMED),
        (SPLIT, {"columns": list(NAMES), "data": ROWS}),
        (INSTANCES, NAMED),
        (INPUTS, NAMED),
    ],
)
@pytest.mark.parametrize(
    "payload",
    [
        Payload(RECORDS, ROWS),
        Payload(RECORDS, NAMED),
        Payload(SPLIT, {"data": ROWS}),
        Payload(SPLIT, {"columns": list(NAMES), "data": ROWS, "index": [7, 8]}),
        Payload(INSTANCES, ROWS),
        Payload(INPUTS, NAMED),
        Payload(INPUTS, COLUMN_LISTS),
    ],
)
def test_a_model_with_named_columns_gets_names_in_every_format(
    payload: Payload, target: PayloadFormat, data: Json
) -> None:
    assert convert(payload, target, COLUMNS) == Payload(target, data)


@pytest.mark.parametrize("signature", [TENSOR, PLACES, NONE])
@pytest.mark.parametrize("target", [INSTANCES, INPUTS])
@pytest.mark.parametrize(
    "payload",
    [Payload(RECORDS, NAMED), Payload(SPLIT, {"data": ROWS}), Payload(INPUTS, COLUMN_LISTS)],
)
def test_a_model_without_names_gets_rows_by_place(
    payload: Payload, target: PayloadFormat, signature: Signature
) -> None:
    assert convert(payload, target, signature).data == ROWS


@pytest.mark.parametrize("signature", [TENSOR, NONE])
def test_a_data_frame_keeps_the_names_that_the_model_does_not_know(signature: Signature) -> None:
    split = convert(Payload(RECORDS, NAMED), SPLIT, signature)
    assert split.data == {"columns": list(NAMES), "data": ROWS}
    assert convert(split, RECORDS, signature).data == NAMED


def test_no_names_are_made_up() -> None:
    assert convert(Payload(INSTANCES, ROWS), RECORDS, NONE).data == ROWS
    assert convert(Payload(INSTANCES, ROWS), SPLIT, NONE).data == {"data": ROWS}
    with_names = Payload(SPLIT, {"columns": [0, 1, 2, 3, 4], "data": ROWS})
    assert convert(with_names, SPLIT, PLACES).data == {"data": ROWS}


@pytest.mark.parametrize("signature", [COLUMNS, PLACES, TENSOR, NONE])
@pytest.mark.parametrize(("start", "through"), list(product(PayloadFormat, PayloadFormat)))
def test_every_round_trip_comes_back_to_the_same_rows(
    start: PayloadFormat, through: PayloadFormat, signature: Signature
) -> None:
    first = convert(Payload(RECORDS, ROWS, {"k": 1}), start, signature)
    back = convert(convert(first, through, signature), start, signature)
    assert back == first
    assert parse_payload(dump(back)) == first


@pytest.mark.parametrize("through", list(PayloadFormat))
def test_named_tensors_survive_every_format(through: PayloadFormat) -> None:
    payload = Payload(INPUTS, {"x": [[1, 2], [3, 4]], "y": [5, 6]})
    assert convert(convert(payload, through, TENSORS), INPUTS, TENSORS) == payload


def test_named_tensors_are_rows_in_the_other_formats() -> None:
    payload = Payload(INPUTS, {"x": [[1, 2], [3, 4]], "y": [5, 6]})
    rows: Json = [{"x": [1, 2], "y": 5}, {"x": [3, 4], "y": 6}]
    assert convert(payload, INSTANCES, TENSORS).data == rows
    assert convert(payload, RECORDS, TENSORS).data == rows


def test_the_rows_of_a_single_named_tensor_are_its_values() -> None:
    signature = Signature(tensors=(TensorSpec("x", "float64", (-1, 2)),))
    payload = Payload(INSTANCES, [[1, 2], [3, 4]])
    assert convert(payload, INPUTS, signature).data == {"x": [[1, 2], [3, 4]]}


def test_the_rows_of_a_single_column_of_lists_are_its_values() -> None:
    signature = Signature((ColumnSpec("l", "array(long)"),))
    assert convert(Payload(INPUTS, [[1, 2], [3]]), RECORDS, signature).data == [
        {"l": [1, 2]},
        {"l": [3]},
    ]


def test_single_values_stay_single() -> None:
    flat = Signature(tensors=(TensorSpec("", "float64", (-1,)),))
    assert convert(Payload(INSTANCES, [1, 2]), SPLIT, flat).data == {"data": [1, 2]}
    assert convert(Payload(RECORDS, [[1], [2]]), INPUTS, flat).data == [1, 2]
    text = Signature((ColumnSpec("text", "string"),))
    assert convert(Payload(INPUTS, ["a", "b"]), RECORDS, text).data == [
        {"text": "a"},
        {"text": "b"},
    ]
    assert convert(Payload(INPUTS, "a"), INSTANCES, NONE).data == ["a"]


def test_one_row_of_names_with_values_is_one_row() -> None:
    row: Json = dict.fromkeys(NAMES, 1)
    assert convert(Payload(INPUTS, row), RECORDS, COLUMNS).data == [row]
    nested = Signature((ColumnSpec("l", "array(long)"), ColumnSpec("n", "long")))
    payload = Payload(INPUTS, {"l": [1, 2], "n": 3})
    assert convert(payload, SPLIT, nested).data == {"columns": ["l", "n"], "data": [[[1, 2], 3]]}


def test_a_name_missing_from_one_row_is_null_as_on_the_server() -> None:
    payload = Payload(RECORDS, [{"a": 1, "b": 2}, {"b": 3}])
    assert convert(payload, INSTANCES, NONE).data == [[1, 2], [None, 3]]


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (Payload(RECORDS, {"f0": 1}), "dataframe_records takes a list of rows, not an object"),
        (Payload(RECORDS, None), "dataframe_records takes a list of rows, not null"),
        (Payload(INSTANCES, 3), "instances takes a list of rows, not a number"),
        (
            Payload(SPLIT, [[1]]),
            "dataframe_split takes an object with columns and data, not a list",
        ),
        (Payload(SPLIT, {"columns": ["a"]}), "dataframe_split needs data"),
        (Payload(SPLIT, {"columns": "a", "data": []}), "columns is a text, not a list of names"),
        (Payload(SPLIT, {"columns": ["a"], "data": [[1], [1, 2]]}), "row 1 has 2 values for 1 col"),
        (Payload(INPUTS, {"a": [1], "b": [1, 2]}), "lists of equal length"),
        (Payload(INPUTS, {"a": [1], "b": 1}), "lists of equal length"),
        (Payload(RECORDS, [{"a": 1}, [1]]), "row 1 has no names, while others have"),
    ],
)
def test_data_that_is_not_what_its_format_wants_is_refused(payload: Payload, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        convert(payload, RECORDS, NONE)


def test_names_that_are_needed_but_unknown_are_refused_with_the_names() -> None:
    with pytest.raises(InvalidInput) as caught:
        convert(Payload(RECORDS, [ROWS[0], [1, 2]]), RECORDS, COLUMNS)
    assert str(caught.value).startswith(
        "row 1 has 2 values without names; the model wants 5: f0, a b, é, [red], xxx"
    )
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    ("signature", "target", "sentence"),
    [
        (Signature(tensors=(TensorSpec("", "f", (-1, 2, 3)),)), RECORDS, "does not fit in a data"),
        (Signature((ColumnSpec("b", "binary"),)), INPUTS, "base64 in data frames only"),
        (Signature((ColumnSpec("l", "array(long)"),)), INSTANCES, "lists or objects as instances"),
    ],
)
def test_formats_that_the_server_would_get_wrong_are_refused(
    signature: Signature, target: PayloadFormat, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        convert(Payload(INPUTS, [[1]]), target, signature)


def test_an_image_goes_from_instances_to_inputs_as_it_is() -> None:
    signature = Signature(tensors=(TensorSpec("", "float64", (-1, 2, 2)),))
    image: Json = [[[1, 2], [3, 4]]]
    assert convert(Payload(INSTANCES, image), INPUTS, signature).data == image


@pytest.mark.parametrize("signature", [COLUMNS, TENSOR, NONE])
def test_ten_thousand_rows_keep_every_value(signature: Signature) -> None:
    rows: list[Json] = [[float(i), i, 0.25, None, i % 2 == 0] for i in range(10_000)]
    payload = Payload(RECORDS, rows)
    for target in (SPLIT, INSTANCES, INPUTS, RECORDS):
        payload = parse_payload(json.dumps({target: convert(payload, target, signature).data}))
    assert list(read_rows(payload, signature).values) == rows


def test_the_next_format_is_one_that_the_model_can_take() -> None:
    payload = Payload(RECORDS, [{"a": 1}])
    seen = []
    for _ in range(4):
        payload = in_next_format(payload, NONE)
        seen.append(payload.format)
    assert seen == [SPLIT, INSTANCES, INPUTS, RECORDS]
    binary = Signature((ColumnSpec("a", "binary"),))
    assert in_next_format(Payload(SPLIT, {"columns": ["a"], "data": [["eA=="]]}), binary) == (
        Payload(RECORDS, [{"a": "eA=="}])
    )


def test_why_there_is_no_next_format_is_said() -> None:
    with pytest.raises(InvalidInput, match="lists of equal length"):
        in_next_format(Payload(INPUTS, {"x": [1], "y": [1, 2]}), NONE)
