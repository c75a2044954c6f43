import json

import pytest

from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec, read_signature
from mlops_tui.domain.serving.payload import (
    Payload,
    PayloadFormat,
    is_llm_request,
    parse_payload,
)
from mlops_tui.domain.serving.payload_example import (
    example_payload,
    first_request,
    offer,
)

RECORDS, SPLIT, INSTANCES, INPUTS = PayloadFormat

COLUMNS = Signature(tuple(ColumnSpec(f"f{i}", "double", sample=0.0) for i in range(10)))
TENSOR = Signature(tensors=(TensorSpec("", "float64", (-1, 10)),))
ROW: list[Json] = [i / 10 for i in range(10)]
NAMED: dict[str, Json] = {f"f{i}": i / 10 for i in range(10)}
MIXED = Signature((ColumnSpec("", "double", sample=0.0), ColumnSpec("", "long", sample=0)))
KEPT = '{"columns": ["f0", "f1"], "data": [[0.5, 1.5]]}'


def test_the_models_own_example_comes_first() -> None:
    info = ModelInfo("m", COLUMNS, input_example='{"inputs": [[1, 2]]}')
    assert example_payload(info, KEPT) == Payload(INPUTS, [[1, 2]])


def test_an_example_with_nan_becomes_a_request_with_null() -> None:
    payload = example_payload(ModelInfo("m", input_example='{"inputs": [[NaN, 2]]}'))
    assert payload is not None
    assert payload.data == [[None, 2]]
    assert payload.note


@pytest.mark.parametrize("example", ['{"messages": [{"role": "user"}]}', "not json", ""])
def test_an_example_that_is_no_request_gives_way_to_the_signature(example: str) -> None:
    info = ModelInfo("m", COLUMNS, input_example=example)
    assert example_payload(info, KEPT) == Payload(RECORDS, [dict.fromkeys(NAMED, 0.0)])


def test_without_either_the_row_that_the_run_kept_is_taken() -> None:
    assert example_payload(ModelInfo("m"), KEPT) == Payload(SPLIT, json.loads(KEPT))


@pytest.mark.parametrize("kept", ["", " ", "{", "null, 1"])
def test_where_nothing_is_known_there_is_no_example(kept: str) -> None:
    assert example_payload(ModelInfo("m"), kept) is None


def test_samples_follow_the_kind_of_signature() -> None:
    assert example_payload(ModelInfo("m", TENSOR)) == Payload(INPUTS, [[0.0] * 10])
    places = MIXED
    assert example_payload(ModelInfo("m", places)) == Payload(RECORDS, [[0.0, 0]])
    spec: Json = {"dtype": "int64", "shape": [-1]}
    named = read_signature([{"name": "x", "type": "tensor", "tensor-spec": spec}])
    assert example_payload(ModelInfo("m", named)) == Payload(INPUTS, {"x": [0]})


def test_a_signature_without_a_sample_gives_none() -> None:
    anything = Signature((ColumnSpec("a", "any"),))
    assert example_payload(ModelInfo("m", anything)) is None
    image = Signature(tensors=(TensorSpec("", "float64", (-1, 224, 224, 3)),))
    assert example_payload(ModelInfo("m", image)) is None


def test_the_tutorials_own_request_is_offered_with_names() -> None:
    assert offer(Payload(RECORDS, [ROW], {"k": 1}), COLUMNS) == Payload(RECORDS, [NAMED], {"k": 1})


@pytest.mark.parametrize(
    ("payload", "signature", "wanted"),
    [
        (Payload(INSTANCES, [ROW]), COLUMNS, [NAMED]),
        (Payload(SPLIT, {"data": [ROW]}), COLUMNS, {"columns": list(NAMED), "data": [ROW]}),
        (Payload(INSTANCES, [NAMED]), TENSOR, [ROW]),
        (Payload(INPUTS, [NAMED]), TENSOR, [ROW]),
        (Payload(RECORDS, NAMED), COLUMNS, [NAMED]),
        (Payload(RECORDS, ROW), COLUMNS, [NAMED]),
        (Payload(INPUTS, ROW), TENSOR, [ROW]),
    ],
)
def test_what_can_be_put_right_is_offered(
    payload: Payload, signature: Signature, wanted: Json
) -> None:
    assert offer(payload, signature) == Payload(payload.format, wanted)


@pytest.mark.parametrize(
    ("payload", "signature"),
    [
        (Payload(RECORDS, [NAMED]), COLUMNS),
        (Payload(INPUTS, {name: [1] for name in NAMED}), COLUMNS),
        (Payload(RECORDS, [ROW[:9]]), COLUMNS),
        (Payload(RECORDS, [{**NAMED, "f0": "abc"}]), COLUMNS),
        (Payload(RECORDS, ["abc", *ROW[1:]]), COLUMNS),
        (Payload(RECORDS, []), COLUMNS),
        (Payload(INPUTS, [ROW[:9]]), TENSOR),
        (Payload(INSTANCES, [[1], [1, 2]]), Signature()),
    ],
)
def test_nothing_is_offered_that_is_needless_or_would_fail_too(
    payload: Payload, signature: Signature
) -> None:
    assert offer(payload, signature) is None


def test_an_offer_holds_the_same_values_under_hostile_names() -> None:
    names = ["[red]", "a b", "é", "x" * 5_000]
    signature = Signature(tuple(ColumnSpec(name, "double") for name in names))
    offered = offer(parse_payload('{"dataframe_records": [[1, 2.5, null, 4]]}'), signature)
    assert offered is not None
    assert offered.data == [dict(zip(names, [1, 2.5, None, 4], strict=True))]


def test_the_first_request_of_a_chat_is_its_saved_example_as_it_is() -> None:
    example = '{"messages": [{"role": "user", "content": "hi"}], "temperature": 0.5}'
    text = first_request(ModelInfo("m", COLUMNS, input_example=example), KEPT)
    assert json.loads(text) == json.loads(example)
    assert is_llm_request(text)
    assert not is_llm_request('{"inputs": [[1]]}')
    assert not is_llm_request('["messages"]')
    assert first_request(ModelInfo("m")) == ""


def test_the_params_of_a_signature_are_in_the_request_with_their_defaults() -> None:
    info = ModelInfo("m", COLUMNS, params={"top_k": 5}, input_example='{"inputs": [[1, 2]]}')
    assert json.loads(first_request(info)) == {"inputs": [[1, 2]], "params": {"top_k": 5}}
    own = ModelInfo("m", params={"top_k": 5}, input_example='{"inputs": [1], "params": {"a": 1}}')
    assert json.loads(first_request(own))["params"] == {"a": 1}
    assert json.loads(first_request(ModelInfo("m", COLUMNS, params={"top_k": 5})))["params"]


def test_columns_of_several_types_without_names_are_offered_as_a_data_frame() -> None:
    wanted = Payload(SPLIT, {"data": [[1.5, 2]]})
    assert offer(Payload(INSTANCES, [[1.5, 2]]), MIXED) == wanted
    assert offer(wanted, MIXED) is None
