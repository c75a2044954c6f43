from typing import TYPE_CHECKING

import pytest

from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec, read_signature

if TYPE_CHECKING:
    from mlops_tui.domain.json_text import Json


def test_columns_are_read_with_type_and_whether_they_are_required() -> None:
    signature = read_signature(
        [
            {"type": "double", "name": "f0", "required": True},
            {"type": "string", "name": "[red] é", "required": False},
        ]
    )
    assert signature.kind == "columns"
    assert signature.columns == (
        ColumnSpec("f0", "double", required=True, sample=0.0),
        ColumnSpec("[red] é", "string", required=False, sample=""),
    )
    assert signature.names == ("f0", "[red] é")
    assert signature.column("[red] é") == signature.columns[1]
    assert signature.column("nope") is None


def test_a_tensor_is_read_with_type_and_shape() -> None:
    spec: Json = {"dtype": "float64", "shape": [-1, 10]}
    signature = read_signature([{"type": "tensor", "tensor-spec": spec}])
    assert signature.kind == "tensor"
    assert signature.tensors == (TensorSpec("", "float64", (-1, 10)),)
    assert signature.names == ()


def test_named_tensors_keep_their_names() -> None:
    spec: Json = {"dtype": "int64", "shape": [-1]}
    signature = read_signature([{"name": "x", "type": "tensor", "tensor-spec": spec}])
    assert signature.names == ("x",)


def test_names_that_only_count_are_no_names() -> None:
    numbered = read_signature([{"type": "double", "name": i} for i in range(3)])
    unnamed = read_signature([{"type": "double"}, {"type": "double"}, {"type": "double"}])
    assert numbered == unnamed
    assert numbered.names == ()


def test_nothing_declared_is_its_own_kind() -> None:
    assert Signature().kind == "none"
    assert Signature().names == ()


def test_lists_and_objects_are_described_with_a_valid_sample() -> None:
    signature = read_signature(
        [
            {"type": "array", "items": {"type": "long"}, "name": "l"},
            {
                "type": "object",
                "name": "o",
                "properties": {"k": {"type": "string"}, "n": {"type": "boolean"}},
            },
            {"type": "map", "values": {"type": "double"}, "name": "m"},
            {"type": "any", "name": "a"},
        ]
    )
    assert [c.type for c in signature.columns] == [
        "array(long)",
        "object(k: string, n: boolean)",
        "map(double)",
        "any",
    ]
    assert [c.sample for c in signature.columns] == [
        [0],
        {"k": "", "n": False},
        {"key": 0.0},
        None,
    ]
    assert not any(c.is_scalar for c in signature.columns)


@pytest.mark.parametrize(
    ("shape", "tabular"),
    [((-1,), True), ((-1, 10), True), ((-1, 2, 3), False), ((5, 10), False), ((-1, -1), False)],
)
def test_a_tensor_fits_in_a_data_frame_when_it_has_rows_of_one_width(
    shape: tuple[int, ...], tabular: bool
) -> None:
    assert TensorSpec("", "float64", shape).is_tabular is tabular


@pytest.mark.parametrize(
    ("dtype", "shape", "sample"),
    [
        ("float64", (-1, 2), [[0.0, 0.0]]),
        ("int32", (-1,), [0]),
        ("bool", (1, 1, 2), [[[False, False]]]),
        ("str", (-1,), [""]),
        ("float32", (-1, 224, 224, 3), None),
    ],
)
def test_a_sample_tensor_has_one_row_unless_it_were_too_large(
    dtype: str, shape: tuple[int, ...], sample: object
) -> None:
    assert TensorSpec("", dtype, shape).sample == sample
