"""JSON laid out for reading."""

import json

import pytest

from mlops_tui.domain.artifacts.json_layout import WIDTH, lay_out


def test_what_is_short_stays_on_a_line() -> None:
    assert lay_out('{"a":1,"b":[1,2]}') == '{\n  "a": 1,\n  "b": [1, 2]\n}'
    assert lay_out('{"a":[]}') == '{\n  "a": []\n}'
    assert lay_out('{"a": "[{,:"}') == '{"a": "[{,:"}'


def test_numbers_names_and_what_json_does_not_know_stay_as_they_were_written() -> None:
    text = '{"x": 1.0e400, "x": NaN, "y": -Infinity, "z": 0.10000000000000000001, "ü": [[1]]}'
    for word in ("1.0e400", "NaN", "-Infinity", "0.10000000000000000001", '"ü"'):
        assert word in lay_out(text)
    assert lay_out(text).count('"x"') == 2


@pytest.mark.parametrize(
    "value",
    [
        {"rows": [[1, 2.5, None], [True, 'x\\"y', {"deep": [{}]}]]},
        list(range(500)),
        [["long " * 30] * 3, {"a": {"b": {"c": "d" * 100}}}],
        "text",
        [],
    ],
)
def test_the_layout_changes_nothing(value: object) -> None:
    assert json.loads(lay_out(json.dumps(value))) == value


def test_a_long_list_of_numbers_fills_its_lines() -> None:
    shown = lay_out(json.dumps({"x": list(range(200))})).split("\n")
    assert 10 < len(shown) < 20
    assert max(map(len, shown)) <= WIDTH + 10


def test_a_beginning_is_laid_out_as_far_as_it_goes() -> None:
    assert (
        lay_out('{"a":{"b":[{"c":"uned') == '{\n  "a": {\n    "b": [\n      {\n        "c": "uned'
    )
    assert lay_out("[1,2") == "[\n  1, 2"
    assert lay_out("]]}") == "\n]\n]\n}"


def test_deep_nesting_neither_fails_nor_grows() -> None:
    assert len(lay_out("[" * 60_000)) < 60_000 * 70
