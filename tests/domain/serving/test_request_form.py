"""A request as fields."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec
from mlops_tui.domain.serving.payload import Payload, PayloadFormat, dump, parse_payload
from mlops_tui.domain.serving.payload_rows import read_rows
from mlops_tui.domain.serving.request_form import (
    MOST,
    as_text,
    as_value,
    column_count,
    fill_in,
    form_fields,
    range_of,
)

COLUMNS = (
    ColumnSpec("width", "double"),
    ColumnSpec("kind", "string"),
    ColumnSpec("on", "boolean", required=False),
)
EXAMPLE = '{"dataframe_records": [{"width": 0.5, "kind": "a"}, {"width": 2, "kind": "b"}]}'
INFO = ModelInfo("", Signature(COLUMNS), params={"top": 3}, input_example=EXAMPLE)

FORMATS: list[Json] = [
    {"dataframe_records": [{"width": 1, "kind": "a", "on": True}, {"width": 2, "kind": "b"}]},
    {"dataframe_split": {"columns": ["width", "kind"], "data": [[1, "a"], [2, "b"]]}},
    {"instances": [{"width": 1, "kind": "a"}, {"width": 2, "kind": "b"}]},
    {"inputs": {"width": [1, 2], "kind": ["a", "b"]}},
    {"instances": [[1, "a"], [2, "b"]]},
]


def payload(value: Json) -> Payload:
    return parse_payload(json.dumps(value))


def test_a_field_tells_type_range_and_whether_it_is_needed() -> None:
    width, kind, on, top = form_fields(payload(FORMATS[0]), INFO, 1)
    assert (width.text, width.type, width.hint, width.required) == ("2", "double", "0.5 … 2", True)
    assert (kind.text, kind.hint) == ("b", "a, b")
    assert (on.text, on.required, top.text, top.hint) == ("", False, "", "default 3")


@pytest.mark.parametrize("request_", FORMATS)
def test_a_field_changes_its_own_value_in_every_format(request_: Json) -> None:
    before = payload(request_)
    field = form_fields(before, INFO, 1)[0]
    after = fill_in(before, field, 1, "7.5", INFO.signature)
    assert [each.text for each in form_fields(after, INFO, 1)][:2] == ["7.5", "b"]
    assert form_fields(after, INFO, 0) == form_fields(before, INFO, 0)
    assert fill_in(after, field, 1, "2", INFO.signature) == before


@pytest.mark.parametrize("request_", FORMATS[:4])
def test_a_column_that_is_not_there_is_added(request_: Json) -> None:
    before = payload(request_)
    on = form_fields(before, INFO, 1)[2]
    after = fill_in(before, on, 1, "true", INFO.signature)
    assert [each.text for each in form_fields(after, INFO, 1)][:3] == ["2", "b", "true"]


def test_params_stand_beside_the_data() -> None:
    before = payload(FORMATS[1])
    top = form_fields(before, INFO, 0)[-1]
    after = fill_in(before, top, 0, "5", INFO.signature)
    assert (after.params, after.data) == ({"top": 5}, before.data)


def test_a_model_without_names_has_a_field_for_each_place() -> None:
    info = ModelInfo("", Signature(tensors=(TensorSpec("", "float64", (-1, 2)),)))
    before = payload({"inputs": [[1, 2], [3, 4]]})
    _, second = form_fields(before, info, 1)
    assert (second.name, second.type, second.text) == ("1", "double", "4")
    after = fill_in(before, second, 1, "5", info.signature)
    assert after.data == [[1, 2], [3, 5]]


def test_a_column_that_only_the_request_has_gets_a_field_too() -> None:
    extra = payload({"dataframe_records": [{"width": 1, "more": [1]}]})
    assert [(f.name, f.text) for f in form_fields(extra, INFO, 0)][3] == ("more", "[1]")


def test_of_a_wide_table_the_first_columns_have_fields_and_all_are_counted() -> None:
    wide = payload({"dataframe_records": [{f"c{n}": n for n in range(5_000)}]})
    assert column_count(wide, Signature()) == 5_000
    fields = form_fields(wide, ModelInfo(""), 0)
    assert [each.name for each in fields] == [f"c{n}" for n in range(MOST)]
    assert column_count(payload({"inputs": [[1, 2], [3, 4]]}), Signature()) == 2


@pytest.mark.parametrize(
    ("request_", "info"),
    [
        ({"dataframe_records": []}, INFO),
        ({"dataframe_records": 1}, INFO),
        (
            {"inputs": [[[1]]]},
            ModelInfo("", Signature(tensors=(TensorSpec("", "float64", (-1, 1, 1)),))),
        ),
    ],
)
def test_what_is_no_table_is_left_to_the_editor(request_: Json, info: ModelInfo) -> None:
    with pytest.raises(InvalidInput):
        form_fields(payload(request_), info, 0)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(max_size=8)
)
NAMES = st.sampled_from(["width", "kind", "on", "more"])


@given(
    st.lists(st.dictionaries(NAMES, SCALARS, min_size=1), min_size=1, max_size=3),
    st.sampled_from(list(PayloadFormat)),
    st.text(max_size=8),
    st.data(),
)
@settings(max_examples=150, deadline=None)
def test_filling_in_loses_nothing_else(
    records: list[dict[str, Json]], form: PayloadFormat, text: str, data: st.DataObject
) -> None:
    names = list(dict.fromkeys(name for record in records for name in record))
    table: list[Json] = [[record.get(name) for name in names] for record in records]
    shapes: dict[PayloadFormat, Json] = {
        PayloadFormat.DATAFRAME_SPLIT: {"columns": list(names), "data": table},
        PayloadFormat.INPUTS: {name: [record.get(name) for record in records] for name in names},
    }
    before = Payload(form, shapes.get(form, list(records)))
    row = data.draw(st.integers(0, len(records) - 1))
    field = data.draw(
        st.sampled_from([f for f in form_fields(before, INFO, row) if not f.is_param])
    )
    after = fill_in(before, field, row, text, INFO.signature)
    assert parse_payload(dump(after), nan_as_null=True) == after
    old, new = read_rows(before, INFO.signature), read_rows(after, INFO.signature)
    assert old.columns is not None
    assert new.columns is not None
    for number, (was, now) in enumerate(zip(old.values, new.values, strict=True)):
        assert isinstance(was, list)
        assert isinstance(now, list)
        cells = dict(zip(new.columns, now, strict=True))
        kept = dict(zip(old.columns, was, strict=True))
        changed = {field.name: as_value(text, field.type)} if number == row else {}
        assert {**kept, **changed} == {name: cells[name] for name in (*kept, *changed)}


@given(SCALARS, st.sampled_from(["double", "long", "boolean", ""]))
def test_a_value_is_typed_as_it_was(value: Json, kind: str) -> None:
    assert as_value(as_text(value, kind), kind) == value


def test_a_text_that_its_type_does_not_take_stays_a_text() -> None:
    assert (as_value("abc", "double"), as_value("1.5", "string")) == ("abc", "1.5")
    assert (as_value("", "double"), as_value("", "string")) == (None, "")
    assert as_text("abc", "double") == '"abc"'


def test_a_range_has_few_words() -> None:
    assert range_of([3, 1.5, None, True]) == "1.5 … 3"
    assert range_of(["a", "b", "a", "c", "d", "e"]) == "a, b, c, d …"
    assert range_of([None]) == ""


def test_the_json_of_a_filled_request_is_read_by_a_person() -> None:
    assert json_text.load(dump(payload(FORMATS[0]))) == FORMATS[0]
