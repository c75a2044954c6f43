import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.serving.payload import Payload, PayloadFormat, dump, parse_payload


@pytest.mark.parametrize("key", list(PayloadFormat))
def test_each_of_the_four_keys_is_known(key: PayloadFormat) -> None:
    assert parse_payload(f'{{"{key}": [[1, 2]]}}') == Payload(key, [[1, 2]])


def test_params_are_kept() -> None:
    text = '{"inputs": [1], "params": {"k": 3}}'
    assert parse_payload(text) == Payload(PayloadFormat.INPUTS, [1], {"k": 3})
    assert dump(parse_payload(text)) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[1]]", r'is a list, not an object .* \{"inputs": …\}'),
        ('[{"a": 1}]', r'is a list, .* \{"dataframe_records": …\}'),
        ("null", "is null, not an object"),
        ("true", "is true or false, not"),
        ("3", "is a number, not"),
        ('"x"', "is a text, not"),
        ("{}", "exactly one of dataframe_records, .*; it has nothing"),
        ('{"messages": []}', "it has messages"),
        ('{"inputs": [], "instances": []}', "it has instances, inputs"),
        ('{"inputs": [], "params": [1]}', "params is a list"),
        ('{"inputs": [NaN]}', "NaN is not a JSON number .*Write null"),
        ("{", "line 1, column 2"),
    ],
)
def test_what_is_no_request_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse_payload(text)


def test_foreign_keys_cannot_break_the_sentence() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_payload('{"\\u001b[2J": 1, "' + "x" * 5_000 + '": 2}')
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


def test_nan_becomes_null_on_request_which_is_said() -> None:
    payload = parse_payload('{"inputs": [NaN, Infinity, 1]}', nan_as_null=True)
    assert payload.data == [None, None, 1]
    assert payload.note == "2 values were NaN or infinite; they are null here."
    assert parse_payload('{"inputs": [1]}', nan_as_null=True).note == ""
