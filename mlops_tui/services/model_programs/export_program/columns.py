"""What a model takes: columns of a frame by name, or a tensor with a row along its first axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from ..problem import Problem, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow.types import Schema

NUMBERS = ("double", "float", "long", "integer", "boolean")
"""Types of columns that become float32."""
TENSOR = "X"
"""The name of the only input of a model that takes no columns."""


@dataclass(frozen=True)
class Features:
    """What a model itself tells about its input; ``None`` is what it does not tell."""

    count: int | None = None
    names: Sequence[str] | None = None


@dataclass(frozen=True)
class Columns:
    """What a model takes: columns by name, else a tensor."""

    names: tuple[str, ...]
    texts: frozenset[str] = frozenset()
    """Those of the columns that hold text."""
    shape: tuple[int | None, ...] | None = None
    """The shape of one row of a tensor, ``None`` for a length that varies; ``None`` for columns."""
    dtype: str = "float64"
    """The type of a tensor in signatures; the ONNX model itself takes float32."""

    @property
    def is_tensor(self) -> bool:
        """Whether the model takes a tensor instead of columns."""
        return self.shape is not None

    @property
    def width(self) -> int | None:
        """How many values a row has, ``None`` where that varies."""
        if self.shape is None:
            return len(self.names)
        lengths = [each for each in self.shape if each is not None]
        return prod(lengths) if len(lengths) == len(self.shape) else None

    @property
    def is_joined(self) -> bool:
        """Whether all of them are of one type, so that one matrix holds them."""
        return self.is_tensor or not self.texts or len(self.texts) == len(self.names)


def columns_of(features: Features, schema: Schema | None) -> Columns:
    """Return what a model takes, by its signature or by what it was trained on."""
    if schema is not None and not schema.is_tensor_spec() and schema.has_input_names():
        return _of_signature(schema)
    if features.names is not None:
        return Columns(tuple(map(str, features.names)))
    if features.count is not None:
        return Columns((), shape=(features.count,), dtype=_dtype(schema))
    if schema is None or not schema.is_tensor_spec():
        raise Problem("The model has no signature, and does not tell how many columns it takes.")
    return _of_tensor(schema)


def _of_signature(schema: Schema) -> Columns:
    kinds = {str(spec.name): getattr(spec.type, "name", "") for spec in schema.inputs}
    odd = [name for name, kind in kinds.items() if kind not in (*NUMBERS, "string")]
    if odd:
        raise Problem(f"{listed(odd)}: ONNX models take numbers and text, not {kinds[odd[0]]}.")
    return Columns(tuple(kinds), frozenset(n for n, kind in kinds.items() if kind == "string"))


def _of_tensor(schema: Schema) -> Columns:
    specs: list[Any] = list(schema.inputs)
    if len(specs) != 1:
        raise Problem(f"The model takes {len(specs)} tensors; only one is exported.")
    if specs[0].type.kind != "f":
        raise Problem(f"The model takes a tensor of {specs[0].type}; only float32 is exported.")
    _, *row = specs[0].shape
    lengths = tuple(None if each < 0 else each for each in row)
    return Columns((), shape=lengths, dtype=_dtype(schema))


def _dtype(schema: Schema | None) -> str:
    """Return the type of the tensor that a signature declares, as far as it is one of floats."""
    if schema is None or not schema.is_tensor_spec():
        return "float64"
    declared: Any = schema.inputs[0].type
    return str(declared) if declared.kind == "f" else "float64"
