import pytest

from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec
from mlops_tui.domain.serving.payload import Payload, PayloadFormat
from mlops_tui.domain.serving.payload_check import LIMIT, Problem, problems

RECORDS, SPLIT, INSTANCES, INPUTS = PayloadFormat

NAMES = [f"f{i}" for i in range(10)]
COLUMNS = Signature(tuple(ColumnSpec(name, "double") for name in NAMES))
PLACES = Signature(tuple(ColumnSpec("", "double") for _ in range(2)))
TENSOR = Signature(tensors=(TensorSpec("", "float64", (-1, 10)),))
ROW: list[Json] = [0.5] * 10
NAMED: dict[str, Json] = dict.fromkeys(NAMES, 0.5)


def said(payload: Payload, signature: Signature) -> list[str]:
    return [str(problem) for problem in problems(payload, signature)]


@pytest.mark.parametrize(
    ("payload", "signature"),
    [
        (Payload(RECORDS, [NAMED, NAMED]), COLUMNS),
        (Payload(SPLIT, {"columns": list(NAMES), "data": [ROW]}), COLUMNS),
        (Payload(INPUTS, {name: [0.5] for name in NAMES}), COLUMNS),
        (Payload(RECORDS, [dict(reversed(NAMED.items()))]), COLUMNS),
        (Payload(INPUTS, [ROW]), TENSOR),
        (Payload(RECORDS, [NAMED]), TENSOR),
        (Payload(INSTANCES, [[1, 2]]), PLACES),
        (Payload(INSTANCES, [[1, 2], [3, 4]]), Signature()),
        (Payload(INPUTS, "a text"), Signature()),
    ],
)
def test_nothing_is_said_about_a_request_that_works(payload: Payload, signature: Signature) -> None:
    assert said(payload, signature) == []


def test_the_tutorials_own_request_is_told_what_the_model_wants() -> None:
    (problem,) = problems(Payload(RECORDS, [ROW]), COLUMNS)
    assert problem.sentence == (
        "The rows have no column names; the model wants f0, f1, f2, f3, f4, f5, f6, f7, f8, f9."
    )
    assert (problem.expected, problem.got) == (
        "columns f0, f1, f2, f3, f4, f5, f6, f7, f8, f9",
        "rows without names",
    )


@pytest.mark.parametrize("signature", [COLUMNS, TENSOR])
def test_the_number_of_values_is_counted_per_row(signature: Signature) -> None:
    assert said(Payload(RECORDS, [ROW[:9], ROW, [*ROW, 1]]), signature) == [
        "row 0 has 9 values, the model wants 10.",
        "row 2 has 11 values, the model wants 10.",
    ]


def test_missing_and_extra_columns_are_named() -> None:
    row: Json = {**{k: v for k, v in NAMED.items() if k != "f9"}, "F9": 1}
    assert said(Payload(RECORDS, [row]), COLUMNS) == [
        "column f9 is missing: the model wants double.",
        "column F9 is not in the signature: it is ignored.",
    ]


def test_an_optional_column_may_be_missing() -> None:
    optional = Signature((ColumnSpec("a", "double"), ColumnSpec("b", "string", required=False)))
    assert said(Payload(RECORDS, [{"a": 1}]), optional) == []


def test_a_wrong_value_is_named_by_row_and_column() -> None:
    assert problems(Payload(RECORDS, [NAMED, {**NAMED, "f3": "abc"}]), COLUMNS) == (
        Problem('row 1, column f3: expected double, got "abc".', "f3", "double", '"abc"', 1),
    )


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("double", [1, 1.5, "1.5", None, True], ["abc", [], {}]),
        ("float", [1.5], ["x"]),
        ("long", [1, 1.0, "-1", True], [1.5, None, "1.5", "x", []]),
        ("integer", [1], [None]),
        ("boolean", [True, False, 0, 1], [None, "false", 2, []]),
        ("string", ["", None, "é"], [1, True, []]),
        ("binary", ["YWJj"], [None, 1]),
        ("datetime", ["2026-01-01", "2026-01-01T10:00:00", "3 May 2026", None], ["yesterday", 1]),
        ("datetime", [None], ["2026-01-01T10:00:00Z", "2026-01-01T10:00:00+02:00"]),
    ],
)
def test_values_are_held_against_their_type_as_the_server_does(
    kind: str, good: list[Json], bad: list[Json]
) -> None:
    signature = Signature((ColumnSpec("c", kind),))
    assert problems(Payload(RECORDS, [{"c": value} for value in good]), signature) == ()
    found = problems(Payload(RECORDS, [{"c": value} for value in bad]), signature)
    assert [problem.row for problem in found] == list(range(len(bad)))


def test_lists_and_objects_are_left_to_the_server() -> None:
    signature = Signature((ColumnSpec("c", "array(long)"),))
    assert said(Payload(RECORDS, [{"c": [1]}, {"c": "x"}]), signature) == []


def test_values_by_place_are_checked_too() -> None:
    assert said(Payload(INPUTS, [[1, "x"], [1], [1, 2, 3]]), PLACES) == [
        "row 1 has 1 value, the model wants 2.",
        "row 2 has 3 values, the model wants 2: the others are ignored.",
        'row 0, column 1: expected double, got "x".',
    ]


def test_names_are_refused_where_only_places_count() -> None:
    named = Payload(RECORDS, [{"0": 1, "1": 2}])
    assert said(named, PLACES)[0].endswith("it wants rows without names.")
    assert said(Payload(INSTANCES, [NAMED]), TENSOR) == [
        "instances with names: the model wants rows without names."
    ]


def test_tensors_are_checked_by_shape_and_type() -> None:
    image = Signature(tensors=(TensorSpec("", "int64", (-1, 2, 3)),))
    assert said(Payload(INPUTS, [[[1, 2, 3], [4, 5, 6]]]), image) == []
    assert said(Payload(INPUTS, [[1, 2], [[1, 2, 3], [4, None, 6]], [[], []], []]), image) == [
        "row 0 has shape (2,), the model wants (2, 3).",
        "row 1, column 1,1: expected int64, got null.",
        "row 2 has shape (2, 0), the model wants (2, 3).",
        "row 3 has shape (0,), the model wants (2, 3).",
    ]
    flat = Signature(tensors=(TensorSpec("", "float64", (-1,)),))
    assert said(Payload(RECORDS, [[1], [2]]), flat) == []
    assert said(Payload(INPUTS, [1, "x", [2]]), flat) == [
        'row 1, column 0: expected float64, got "x".',
        "row 2 has shape (1,), the model wants ().",
    ]


def test_named_tensors_are_checked_by_name() -> None:
    named = Signature(
        tensors=(TensorSpec("x", "float64", (-1, 2)), TensorSpec("y", "float64", (-1,)))
    )
    assert said(Payload(INPUTS, {"x": [[1, 2]], "y": [1]}), named) == []
    assert said(Payload(INPUTS, {"x": [[1, 2]]}), named) == [
        "column y is missing: the model wants tensor."
    ]


def test_rows_of_different_length_are_noticed_where_the_server_pads_them() -> None:
    assert said(Payload(INSTANCES, [[1, 2], [1]]), Signature()) == [
        "row 1 has 1 value, row 0 has 2: the model gets NaN for what is missing."
    ]


@pytest.mark.parametrize("signature", [COLUMNS, TENSOR, PLACES, Signature()])
@pytest.mark.parametrize(
    "payload", [Payload(RECORDS, []), Payload(INPUTS, []), Payload(SPLIT, {"data": []})]
)
def test_a_request_without_rows_is_noticed(payload: Payload, signature: Signature) -> None:
    assert said(payload, signature) == ["The request holds no rows."]


def test_data_that_cannot_be_read_is_one_problem() -> None:
    assert said(Payload(RECORDS, {"f0": 1}), COLUMNS) == [
        "dataframe_records takes a list of rows, not an object."
    ]


def test_ten_thousand_wrong_rows_yield_as_many_problems_as_one_reads() -> None:
    rows: list[Json] = [{**NAMED, "f3": "abc"}] * 10_000
    assert len(problems(Payload(RECORDS, rows), COLUMNS)) == LIMIT


def test_foreign_names_are_shortened_in_sentences() -> None:
    name = "\x1b[31m[red]" + "x" * 5_000
    signature = Signature((ColumnSpec(name, "double"),))
    (problem,) = problems(Payload(RECORDS, [{name: "\x1b[2J" * 500}]), signature)
    assert problem.column == name
    assert len(problem.sentence) < 200
    assert problem.sentence.isprintable()
    assert problem.sentence.startswith("row 0, column [red]xxx")


@pytest.mark.parametrize("form", list(PayloadFormat))
@pytest.mark.parametrize(
    ("types", "is_mixed"),
    [
        (("long", "string"), True),
        (("long", "double"), True),
        (("double", "boolean"), True),
        (("integer", "long"), False),
        (("float", "double"), False),
        (("datetime", "datetime"), False),
    ],
)
def test_an_array_of_one_type_cannot_carry_columns_of_several(
    form: PayloadFormat, types: tuple[str, ...], is_mixed: bool
) -> None:
    values: dict[str, Json] = {"string": "a", "boolean": True, "datetime": "2026-01-01T00:00:00"}
    row: list[Json] = [values.get(each, 1) for each in types]
    data: Json = {"data": [row]} if form is PayloadFormat.DATAFRAME_SPLIT else [row]
    signature = Signature(tuple(ColumnSpec("", each) for each in types))
    found = problems(Payload(form, data), signature)
    assert [each.expected.split()[0] for each in found] == (
        ["dataframe_split"] if is_mixed and not form.is_dataframe else []
    )
