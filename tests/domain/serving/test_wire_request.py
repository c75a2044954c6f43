"""Addresses, requests and answers of other protocols than MLflow's."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec
from mlops_tui.domain.serving.protocol import Protocol, read_address
from mlops_tui.domain.serving.wire_request import predictions_of, read_metadata, wire_request

SPLIT = '{"dataframe_split": {"columns": ["x", "y"], "data": [[1, "a"], [2, "b"]]}}'


@pytest.mark.parametrize(
    ("text", "protocol", "predict", "ready"),
    [
        ("http://h:1", "MLflow", "http://h:1/invocations", "http://h:1/ping"),
        ("http://h:1/a/invocations/", "MLflow", "http://h:1/a/invocations", "http://h:1/a/ping"),
        (
            "http://h/v1/models/m",
            "KServe V1",
            "http://h/v1/models/m:predict",
            "http://h/v1/models/m",
        ),
        (
            "http://h/v1/models/m:predict",
            "KServe V1",
            "http://h/v1/models/m:predict",
            "http://h/v1/models/m",
        ),
        (
            "https://h/v2/models/m",
            "Open Inference V2",
            "https://h/v2/models/m/infer",
            "https://h/v2/models/m/ready",
        ),
        (
            "https://h/v2/models/m/versions/3/infer",
            "Open Inference V2",
            "https://h/v2/models/m/versions/3/infer",
            "https://h/v2/models/m/versions/3/ready",
        ),
    ],
)
def test_an_address_tells_its_protocol(text: str, protocol: str, predict: str, ready: str) -> None:
    found = read_address(text)
    assert (found.protocol, found.predict, found.ready) == (protocol, predict, ready)


@pytest.mark.parametrize(
    "text", ["", "h:1", "ftp://h", "http://", "http://h:x", "http://h?a=1", "http://[::1"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no address of a model server"):
        read_address(text)


def test_rows_become_instances() -> None:
    sent = json.loads(wire_request(Protocol.KSERVE_V1, SPLIT, Signature()))
    assert sent == {"instances": [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}]}


def test_columns_become_tensors_with_the_types_that_the_server_told() -> None:
    signature = Signature((ColumnSpec("x", "double"), ColumnSpec("y", "string")))
    sent = json.loads(wire_request(Protocol.OPEN_INFERENCE, SPLIT, signature))
    assert sent["inputs"] == [
        {"name": "x", "shape": [2], "datatype": "FP64", "data": [1, 2]},
        {"name": "y", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]},
    ]


def test_rows_become_the_one_tensor_of_a_model_that_has_one() -> None:
    signature = Signature(tensors=(TensorSpec("input", "float32", (-1, 2)),))
    for text in (
        '{"inputs": [[1, 2], [3, 4]]}',
        '{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}}',
    ):
        (sent,) = json.loads(wire_request(Protocol.OPEN_INFERENCE, text, signature))["inputs"]
        assert sent == {"name": "input", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("protocol", "text"),
    [
        (Protocol.MLFLOW, SPLIT),
        (Protocol.KSERVE_V1, '{"instances": [1]}'),
        (
            Protocol.OPEN_INFERENCE,
            '{"inputs": [{"name": "x", "shape": [1], "datatype": "FP64", "data": [1]}]}',
        ),
        (Protocol.OPEN_INFERENCE, "[1]"),
    ],
)
def test_what_the_server_takes_as_it_is_stays_so(protocol: Protocol, text: str) -> None:
    assert wire_request(protocol, text, Signature()) == text


@pytest.mark.parametrize(
    ("answer", "predictions"),
    [
        ({"predictions": [1]}, [1]),
        ([1], [1]),
        ({"outputs": [{"name": "y", "shape": [2], "data": [0, 1]}]}, [0, 1]),
        ({"outputs": [{"name": "y", "shape": [2, 1], "data": [0, 1]}]}, [0, 1]),
        ({"outputs": [{"name": "p", "shape": [2, 2], "data": [1, 2, 3, 4]}]}, [[1, 2], [3, 4]]),
        (
            {"outputs": [{"name": "a", "data": [0]}, {"name": "b", "data": [1]}]},
            {"a": [0], "b": [1]},
        ),
        ({"outputs": []}, {"outputs": []}),
        ({"choices": []}, {"choices": []}),
    ],
)
def test_predictions_are_read_from_every_answer(answer: Json, predictions: Json) -> None:
    assert predictions_of(answer) == predictions


def test_metadata_tell_columns_or_tensors() -> None:
    one: Json = {"name": "x", "datatype": "FP32", "shape": [-1, 4]}
    assert read_metadata({"inputs": [one]}).tensors == (TensorSpec("x", "float32", (-1, 4)),)
    several: Json = [{"name": n, "datatype": "INT64", "shape": [-1]} for n in "ab"]
    assert [(c.name, c.type) for c in read_metadata({"inputs": several}).columns] == [
        ("a", "long"),
        ("b", "long"),
    ]
    assert read_metadata({"inputs": [1, {"shape": "x"}]}) == read_metadata(None) == Signature()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "inputs",
                    "outputs",
                    "name",
                    "shape",
                    "data",
                    "datatype",
                    "instances",
                    "dataframe_split",
                    "columns",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(Protocol))
@settings(max_examples=200, deadline=None)
def test_whatever_is_sent_or_told_only_a_sentence_is_raised(
    value: Json, protocol: Protocol
) -> None:
    predictions_of(value)
    with suppress(InvalidInput):
        wire_request(protocol, json.dumps(value), read_metadata(value))
