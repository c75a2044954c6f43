"""The inputs that a model declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from mlops_tui.domain.json_text import Json

SAMPLES: Mapping[str, Json] = {
    "boolean": False,
    "integer": 0,
    "long": 0,
    "float": 0.0,
    "double": 0.0,
    "string": "",
    "binary": "",
    "datetime": "2026-01-01T00:00:00",
}
"""A valid value of each of MLflow's column types; binary is base64 in JSON."""

KINDS = {"integer": "whole", "long": "whole", "float": "number", "double": "number"}
"""Types of columns that an array of numbers can carry beside one another."""

LARGEST_SAMPLE = 4096
"""A tensor of more values than this is nothing to edit by hand."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column of a signature; ``name`` is empty when the signature has no names.

    ``type`` is MLflow's word, as in ``double`` or ``array(long)``; ``sample`` is a valid value.
    """

    name: str
    type: str
    required: bool = True
    sample: Json = None

    @property
    def is_scalar(self) -> bool:
        """Whether a value of it is neither a list nor an object."""
        return self.type in SAMPLES


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A tensor of a signature; -1 in ``shape`` stands for any length."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def is_tabular(self) -> bool:
        """Whether MLflow takes it in a data frame: any number of rows of one width."""
        return self.shape[:1] == (-1,) and len(self.shape) <= 2 and -1 not in self.shape[1:]  # noqa: PLR2004 - rows and columns

    @property
    def sample(self) -> Json:
        """One row of valid values, None when it would be too large."""
        dimensions = [1 if size < 0 else size for size in self.shape]
        if prod(dimensions) > LARGEST_SAMPLE:
            return None
        value = SAMPLES[column_type(self.dtype)]
        for size in reversed(dimensions):
            value = [value] * size
        return value


@dataclass(frozen=True, slots=True)
class Signature:
    """What a model takes: columns, tensors, or nothing declared."""

    columns: tuple[ColumnSpec, ...] = ()
    tensors: tuple[TensorSpec, ...] = ()

    @property
    def kind(self) -> Literal["columns", "tensor", "none"]:
        """What it is made of."""
        if self.columns:
            return "columns"
        return "tensor" if self.tensors else "none"

    @property
    def names(self) -> tuple[str, ...]:
        """The names in order; empty when values are told apart by their place alone."""
        names = tuple(spec.name for spec in self.columns or self.tensors)
        return names if all(names) else ()

    @property
    def needs_frame(self) -> bool:
        """Whether only a data frame can carry it: columns without names, of several types.

        The server makes one array of ``instances`` or ``inputs``, which has a single type.
        """
        kinds = {KINDS.get(spec.type, spec.type) for spec in self.columns}
        return not self.names and len(kinds) > 1

    def column(self, name: str) -> ColumnSpec | None:
        """Return the column of that name."""
        return next((spec for spec in self.columns if spec.name == name), None)


def read_signature(inputs: Sequence[Mapping[str, Json]]) -> Signature:
    """Return the signature behind MLflow's JSON (``signature.inputs.to_dict()``).

    Columns named 0, 1, 2… come from a table without names; MLflow matches them by place and
    refuses the names, which JSON can only write as text.
    """
    names = [item.get("name") for item in inputs]
    if names == list(range(len(names))):
        names = [None] * len(names)
    columns, tensors = [], []
    for item, given in zip(inputs, names, strict=True):
        name = "" if given is None else str(given)
        spec = item.get("tensor-spec")
        if isinstance(spec, Mapping):
            tensors.append(TensorSpec(name, str(spec["dtype"]), _shape(spec["shape"])))
        else:
            required = bool(item.get("required", True))
            columns.append(ColumnSpec(name, _type(item), required, _sample(item)))
    return Signature(tuple(columns), tuple(tensors))


def read_params(params: Sequence[Mapping[str, Json]]) -> Mapping[str, Json]:
    """Return the defaults behind MLflow's JSON (``signature.params.to_dict()``), by name."""
    return {str(each["name"]): each.get("default") for each in params}


def column_type(dtype: str) -> str:
    """Return MLflow's column type for a numpy data type."""
    kinds = {"f": "double", "i": "long", "u": "long", "b": "boolean", "d": "datetime"}
    exact = {"float32": "float", "int32": "integer", "bytes": "binary"}
    return exact.get(dtype) or kinds.get(dtype[:1], "string")


def _shape(value: Json) -> tuple[int, ...]:
    return tuple(int(str(size)) for size in value) if isinstance(value, Sequence) else ()


def _type(item: Mapping[str, Json]) -> str:
    name = str(item.get("type"))
    inner = item.get("items") if name == "array" else item.get("values")
    if isinstance(inner, Mapping):
        return f"{name}({_type(inner)})"
    properties = item.get("properties")
    if isinstance(properties, Mapping):
        named = (f"{key}: {_type(p)}" for key, p in properties.items() if isinstance(p, Mapping))
        return f"{name}({', '.join(named)})"
    return name


def _sample(item: Mapping[str, Json]) -> Json:
    name = str(item.get("type"))
    if name == "array" and isinstance(inner := item.get("items"), Mapping):
        return [_sample(inner)]
    if name == "map" and isinstance(inner := item.get("values"), Mapping):
        return {"key": _sample(inner)}
    if name == "object" and isinstance(properties := item.get("properties"), Mapping):
        return {key: _sample(p) for key, p in properties.items() if isinstance(p, Mapping)}
    return SAMPLES.get(name)
