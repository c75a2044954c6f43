"""Data sets as MLflow's JSON describes them."""

import json

import pytest

from mlops_tui.domain.data.dataset import (
    LONGEST,
    MOST_FACTS,
    DatasetColumn,
    columns_of,
    dataset_filter,
    facts_of,
)


def colspec(*columns: object) -> str:
    return json.dumps({"mlflow_colspec": list(columns)})


def test_columns_have_mlflows_types() -> None:
    schema = colspec(
        {"type": "long", "name": "a", "required": True},
        {"type": "array", "items": {"type": "double"}, "name": "b"},
        {"type": "string"},
    )
    assert columns_of(schema) == (
        DatasetColumn("a", "long"),
        DatasetColumn("b", "array(double)"),
        DatasetColumn("2", "string"),
    )


def test_tensors_are_named_after_their_part() -> None:
    one = [{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 4]}}]
    two = [{"name": name, **one[0]} for name in ("x", "y")]
    tensors = {"features": json.dumps(two), "targets": json.dumps(one), "other": None}
    assert columns_of(json.dumps({"mlflow_tensorspec": tensors})) == (
        DatasetColumn("features.x", "float64 [-1, 4]"),
        DatasetColumn("features.y", "float64 [-1, 4]"),
        DatasetColumn("targets", "float64 [-1, 4]"),
    )


@pytest.mark.parametrize(
    "schema",
    [
        "",
        "no json",
        "[1]",
        '{"mlflow_colspec": 3}',
        '{"mlflow_colspec": [3]}',
        '{"mlflow_tensorspec": {"features": "no json"}}',
        '{"mlflow_tensorspec": {"features": [{"tensor-spec": {}}]}}',
        '{"mlflow_tensorspec": {"features": [{"tensor-spec": {"dtype": 1, "shape": ["x"]}}]}}',
        "[" * 100_000,
        colspec({"name": "x" * LONGEST, "type": "long"}),
    ],
)
def test_a_schema_of_another_kind_has_no_columns(schema: str) -> None:
    assert columns_of(schema) == ()


def test_many_columns_are_read() -> None:
    schema = colspec(*({"name": f"column {n}", "type": "double"} for n in range(10_000)))
    assert len(columns_of(schema)) == 10_000


def test_facts_are_flat() -> None:
    source = json.dumps({"tags": {"user": "ann", "none": {}}, "shape": [3, 4], "rows": 2})
    assert facts_of(source) == {
        "tags.user": "ann",
        "tags.none": "{}",
        "shape": "[3, 4]",
        "rows": "2",
    }


def test_facts_are_bounded() -> None:
    many = json.dumps({str(number): number for number in range(1_000)})
    assert len(facts_of(many)) == MOST_FACTS


@pytest.mark.parametrize("text", ["s3://bucket/x.csv", "[1, 2]", "[" * 100_000])
def test_what_is_no_object_is_shown_as_it_is(text: str) -> None:
    assert facts_of(text) == {"": text}


def test_nothing_says_nothing() -> None:
    assert facts_of(" ") == {}


def test_a_name_that_cannot_be_quoted_becomes_a_pattern() -> None:
    assert dataset_filter("iris", "a1") == "dataset.digest = 'a1' and dataset.name = 'iris'"
    assert dataset_filter("it's \\", "a1").endswith("dataset.name LIKE 'it_s _'")
