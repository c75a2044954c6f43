import json

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json, dump, line, load, load_lenient


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": }', "line 1, column 7"),
        ('{\n  "a": [1,,2]\n}', "line 2, column 11"),
        ("{'a': 1}", "line 1, column 2"),
        ('{"a": 1', "line 1, column 8"),
        ('{"a": 1} extra', "line 1, column 10"),
    ],
)
def test_a_mistake_is_named_by_line_and_column(text: str, place: str) -> None:
    with pytest.raises(InvalidInput, match=f"^Not JSON at {place}: [a-z].*[^.]\\.$"):
        load(text)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_is_named_as_such(text: str) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        load(text)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_values_that_json_does_not_know_are_refused_with_their_place(literal: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load('{"NaN": "Infinity",\n "a\\"": ' + literal + "}")
    assert str(caught.value) == (
        f"{literal} is not a JSON number (line 2, column 9). Write null instead."
    )


def test_a_number_beyond_any_float_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"^1e999 is not a JSON number\. Write null"):
        load("[1e999]")


def test_what_would_overwhelm_the_parser_is_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidInput, match="nested too deeply"):
        load("[" * 200_000)
    with pytest.raises(InvalidInput, match="too many digits"):
        load("1" * 5_000)


def test_lenient_reading_counts_what_became_null() -> None:
    assert load_lenient('{"a": [NaN, 1.5, -Infinity, 1e999]}') == (
        {"a": [None, 1.5, None, None]},
        3,
    )


def test_lenient_reading_still_names_mistakes() -> None:
    with pytest.raises(InvalidInput, match="line 1, column 2"):
        load_lenient("[")


def test_a_row_of_numbers_keeps_its_line_however_long() -> None:
    row: Json = [0.12345678901234 + i for i in range(10)]
    text = dump({"instances": [row, row]})
    assert text == (
        '{\n  "instances": [\n    ' + json.dumps(row) + ",\n    " + json.dumps(row) + "\n  ]\n}"
    )


def test_a_long_named_row_gives_each_name_a_line() -> None:
    text = dump([{f"a long name {i}": 0.123456789 for i in range(5)}])
    assert text.count("\n") == 8
    assert json.loads(text) == [{f"a long name {i}": 0.123456789 for i in range(5)}]


def test_many_rows_take_a_line_each() -> None:
    rows: list[Json] = [{f"a long name {i}": number for i in range(9)} for number in range(21)]
    text = dump({"dataframe_records": rows})
    assert len(text.splitlines()) == 21 + 4
    assert json.loads(text) == {"dataframe_records": rows}


def test_what_is_short_stays_on_one_line() -> None:
    assert (
        dump({"inputs": {"a": [1, 2], "é": "[red]"}}) == '{"inputs": {"a": [1, 2], "é": "[red]"}}'
    )


def test_values_that_json_cannot_hold_are_written_as_null() -> None:
    assert (
        line({"a": [float("nan"), {"b": float("inf")}, 1.5]}) == '{"a": [null, {"b": null}, 1.5]}'
    )
