"""What is taken out of a capture before it is kept."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.services.serving.endpoint_program.redaction import Redaction

KEY = b"key"
ALL = Redaction({"name": "drop", "mail": "hash", "city": "replace"}, KEY)
SECRETS = ("Ada Lovelace", "ada@example.org", "London")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('{"dataframe_split": {"columns": ["name","mail","city","x"], "data": [%s]}}', "json"),
        ('{"dataframe_split": {"columns": ["x", "city"], "index": [0], "data": [[1, "London"]]}}',
         "application/json"),
        ('{"dataframe_records": [{"name": "Ada Lovelace", "city": "London", "x": 1}]}', ""),
        ('{"instances": [{"city": "London", "x": 1}]}', "json"),
        ('{"inputs": {"city": ["London", "London"], "x": [1, 2]}}', "json"),
        ('{"inputs": [{"person": {"name": "Ada Lovelace", "x": [{"city": "London"}]}}]}', "json"),
        ('{"inputs": {"x": [1]}, "params": {"name": "Ada Lovelace"}}', "json"),
        ('{"predictions": [{"name": "Ada Lovelace", "x": 1}, null]}', "json"),
        ('{"predictions": {"x": [[{"city": {"of": "London"}}]]}}', "json"),
        ('{"dataframe_split": {"columns": ["x"], "data": [[{"name": "Ada Lovelace"}]]}}', "json"),
        ("name,mail,city,x\nAda Lovelace,ada@example.org,London,1\n", "text/csv; charset=utf-8"),
        ("\ufeffname,x\nAda Lovelace,1\n", "text/csv"),
    ],
)  # fmt: skip
def test_no_value_of_a_named_column_is_left(body: str, media_type: str) -> None:
    row = json.dumps([*SECRETS, 1])
    kept = ALL.applied(body.replace("%s", row).encode(), media_type)
    assert kept is not None
    assert not [secret for secret in SECRETS if secret in kept.decode()]
    assert "x" in kept.decode()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('{"inputs": [["Ada Lovelace", 1]]}', "json"),
        ('{"instances": [["Ada Lovelace", 1], {"x": 1}]}', "json"),
        ('{"dataframe_split": {"data": [["Ada Lovelace"]]}}', "json"),
        ('{"dataframe_split": {"columns": ["name"], "data": [[]]}}', "json"),
        ('{"dataframe_records": [{"name": "Ada Love', "json"),
        ('{"inputs": {"x": [1]}, "instances": [{"name": "Ada Lovelace"}]}', "json"),
        ('{"predictions": [1], "inputs": [["Ada Lovelace"]]}', "json"),
        ('["Ada Lovelace"]', "json"),
        ('{"messages": [{"content": "Ada Lovelace"}]}', "json"),
        ("[" * 100_000, "json"),
        ("PAR1\x00Ada Lovelace", "application/vnd.apache.parquet"),
        ("name,x\nAda Lovelace\n", "text/csv"),
        ("", "text/csv"),
    ],
)
def test_a_body_whose_columns_cannot_be_told_apart_is_left_out(body: str, media_type: str) -> None:
    assert ALL.applied(body.encode(), media_type) is None


def test_a_hash_is_the_same_for_the_same_value_and_key_alone() -> None:
    body = b'{"dataframe_records": [{"mail": "a"}, {"mail": "a"}, {"mail": "b"}]}'
    first, second, third = json.loads(ALL.applied(body, "") or "")["dataframe_records"]
    assert first == second != third
    other = Redaction({"mail": "hash"}, b"another key").applied(body, "")
    assert json.loads(other or b"")["dataframe_records"][0] != first


def test_an_answer_without_names_is_kept_whole() -> None:
    assert ALL.applied(b'{"predictions": [1, 0]}', "json") == b'{"predictions": [1, 0]}'
    named = ALL.applied(b'{"predictions": [{"name": "Ada", "p": 0.5}]}', "json")
    assert named == b'{"predictions": [{"p": 0.5}]}'


def test_a_way_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="'burn' for column 'name' is none of drop, hash, replace"):
        Redaction({"name": "burn"}, KEY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(
    key=st.sampled_from(
        ["dataframe_split", "dataframe_records", "instances", "inputs", "predictions", "other"]
    ),
    data=JSON,
)
def test_whatever_a_client_sends_nothing_is_raised(key: str, data: object) -> None:
    body = json.dumps({key: data}).encode()
    assert isinstance(ALL.applied(body, "application/json"), bytes | None)
