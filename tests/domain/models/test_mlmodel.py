"""What an MLmodel file says."""

import json
from typing import Any

import pytest

from mlops_tui.domain.models.mlmodel import MOST_NAMED, describe

INPUTS = [
    {"type": "double", "name": "width", "required": True},
    {"type": "long", "name": "count", "required": False},
]
OUTPUTS = [{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]
PARAMS = [{"name": "temperature", "type": "double", "default": 0.5, "shape": None}]


def facts(**model: Any) -> dict[str, str]:
    return dict(describe(model))


def test_the_facts_of_a_model_are_named() -> None:
    found = facts(
        flavors={
            "python_function": {"loader_module": "mlflow.sklearn", "python_version": "3.11.7"},
            "sklearn": {},
        },
        signature={
            "inputs": json.dumps(INPUTS),
            "outputs": json.dumps(OUTPUTS),
            "params": json.dumps(PARAMS),
        },
        mlflow_version="3.17.2",
        model_id="m-1",
        model_uuid="m-1",
        model_size_bytes=10_713,
        run_id="r-1",
        saved_input_example_info={"artifact_path": "input_example.json"},
        utc_time_created="2026-11-24",
    )
    assert found == {
        "flavors": "sklearn",
        "loaded by": "mlflow.sklearn",
        "inputs": "width: double, count: long?",
        "outputs": "int64[-1]",
        "params": "temperature: double = 0.5",
        "example": "input_example.json",
        "MLflow": "3.17.2",
        "Python": "3.11.7",
        "size": "10,713 bytes",
        "model id": "m-1",
        "run id": "r-1",
        "created": "2026-11-24",
    }


def test_a_uuid_of_its_own_is_named_and_a_model_of_plain_python() -> None:
    assert facts(model_uuid="u", flavors={"python_function": {}}) == {
        "flavors": "python_function",
        "uuid": "u",
    }


def test_a_wide_signature_is_cut() -> None:
    wide = [{"type": "double", "name": f"c{n}"} for n in range(MOST_NAMED + 7)]
    assert facts(signature={"inputs": json.dumps(wide)})["inputs"].endswith(", 7 more")


@pytest.mark.parametrize(
    "odd", [None, 3, [1], "not JSON", "[" * 100_000, '{"a": 1}', "[1]", '[{"tensor-spec": {}}]']
)
def test_a_signature_that_is_none_is_left_out(odd: object) -> None:
    assert facts(signature={"inputs": odd, "outputs": odd}, flavors=odd, run_id=None) == {}


def test_a_list_that_grows_when_written_out_is_left_out() -> None:
    trap: list[Any] = ["lol"]
    for _ in range(40):
        trap = [trap, trap]
    assert facts(run_id=trap, mlflow_version=trap, model_size_bytes=trap) == {}
