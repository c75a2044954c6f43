"""Which columns are read, and in which types the model takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from ..problem import Problem, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow.types import Schema

TYPES = {
    "boolean": pa.bool_(),
    "integer": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "datetime": pa.timestamp("ns"),
}
"""What MLflow's types of columns are in Arrow."""
NO_VALUE = pa.array(["", "NA", "N/A", "nan", "NaN", "NAN", "null", "NULL", "None"])
"""Texts that mean a missing number, as pandas takes them."""
WHOLE = r"^(?:\+|(-))?(\d+)(?:\.0*)?$"
"""A whole number, as 7, +7 or 7.0."""
FAILURES = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError)


@dataclass(frozen=True)
class Column:
    """A column that is read."""

    name: str
    kind: pa.DataType | None
    """The type that it is brought into; None leaves it as it is."""
    for_model: bool = True


def of_model(schema: Schema | None, names: Sequence[str], where: str) -> list[Column]:
    """Return the columns that a model takes of those that there are. Raises ``Problem``."""
    if schema is None:
        return [Column(name, None) for name in names]
    if schema.is_tensor_spec() and not schema.has_input_names():
        return _of_tensor(schema.inputs[0], names, where)
    if not schema.has_input_names():
        wanted = len(schema.inputs)
        if len(names) < wanted:
            raise Problem(f"{where} has {len(names)} columns; the model takes {wanted}.")
        pairs = zip(names, schema.inputs, strict=False)
        return [Column(name, _kind(spec.type)) for name, spec in pairs]
    refuse_missing([str(name) for name in schema.required_input_names()], names, where)
    present = set(names)
    specs = [spec for spec in schema.inputs if spec.name in present]
    if schema.is_tensor_spec():
        return [
            Column(str(spec.name), _numpy(spec.type) if _is_flat(spec) else None) for spec in specs
        ]
    return [Column(str(spec.name), _kind(spec.type)) for spec in specs]


def refuse_missing(wanted: Sequence[str], names: Sequence[str], where: str) -> None:
    """Raise ``Problem`` where a file lacks columns, or has one of them twice."""
    present = set(names)
    if missing := [name for name in wanted if name not in present]:
        has = listed(list(names))
        raise Problem(f"{where} has no column {listed(missing)}; it has {has}.")
    if len(present) < len(names):
        needed = set(wanted)
        twice = sorted({name for name in names if name in needed and names.count(name) > 1})
        if twice:
            raise Problem(f"{where} has the column {listed(twice)} more than once.")


def inferred(columns: Sequence[Column], first: pa.Table) -> list[Column]:
    """Return the columns of a model without a signature: text that is a number becomes one."""
    found = []
    for column in columns:
        kind = column.kind
        if kind is None and column.for_model and _is_text(first.schema.field(column.name).type):
            _values, bad = converted(first[column.name], pa.float64())
            kind = pa.string() if bad else pa.float64()
        found.append(Column(column.name, kind, column.for_model))
    return found


def as_declared(
    table: pa.Table, columns: Sequence[Column], bad: dict[int, str]
) -> tuple[pa.Table, dict[int, str]]:
    """Return rows in the types of their columns, and what is wrong with which of them."""
    found, arrays = dict(bad), []
    for column in columns:
        values, wrong = converted(table[column.name], column.kind)
        arrays.append(values)
        for row, message in wrong.items():
            found.setdefault(row, f"{column.name}: {message}")
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns]), found


def converted(values: pa.ChunkedArray, kind: pa.DataType | None) -> tuple[Any, dict[int, str]]:
    """Return values in a type, null where that cannot be, with the reasons by row."""
    if kind is None or values.type == kind:
        return values, {}
    try:
        return _cast(values, kind), {}
    except FAILURES:
        pass
    if _is_text(values.type) and not _is_text(kind):
        values = _tidied(values)
    return _halved(values, kind)


def _halved(values: pa.ChunkedArray, kind: pa.DataType) -> tuple[Any, dict[int, str]]:
    try:
        return _cast(values, kind), {}
    except FAILURES:
        if len(values) == 1:
            return pa.chunked_array([pa.nulls(1, kind)]), {0: f"{_shown(values)} is no {kind}"}
    middle = len(values) // 2
    left, wrong = _halved(values[:middle], kind)
    right, more = _halved(values[middle:], kind)
    chunks = [*left.chunks, *right.chunks]
    return pa.chunked_array(chunks, kind), wrong | {middle + n: why for n, why in more.items()}


def _cast(values: pa.ChunkedArray, kind: pa.DataType) -> Any:
    if pa.types.is_binary(values.type) and not pa.types.is_binary(kind):
        values = values.cast(pa.string())  # refuses what is not UTF-8
    try:
        return values.cast(kind)
    except pa.ArrowInvalid:
        if _is_text(values.type) and pa.types.is_integer(kind):
            return _integers(values, kind)
        raise


def _integers(values: pa.ChunkedArray, kind: pa.DataType) -> Any:
    """Return text as integers; only what is written otherwise, as 1e3, is a float in between."""
    nothing = pa.scalar(None, pa.string())
    text = pc.replace_substring_regex(values, WHOLE, r"\1\2")
    is_whole = pc.match_substring_regex(text, r"^-?\d+$")
    whole = pc.if_else(is_whole, text, nothing).cast(kind)
    return pc.coalesce(whole, pc.if_else(is_whole, nothing, text).cast(pa.float64()).cast(kind))


def _tidied(values: pa.ChunkedArray) -> Any:
    """Return text without the spaces around it, null where it says that there is no value."""
    try:
        text = pc.utf8_trim_whitespace(values.cast(pa.string()))
    except FAILURES:
        return values
    return pc.if_else(pc.is_in(text, NO_VALUE), pa.scalar(None, pa.string()), text)


def _shown(values: pa.ChunkedArray) -> str:
    value = values[0].as_py()
    return repr(value.decode(errors="replace") if isinstance(value, bytes) else value)[:60]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _of_tensor(spec: Any, names: Sequence[str], where: str) -> list[Column]:
    width = spec.shape[1] if len(spec.shape) > 1 else 1
    if width not in (-1, len(names)):
        raise Problem(f"{where} has {len(names)} columns; the model takes {width}.")
    kind = _numpy(spec.type) if len(spec.shape) <= 2 else None  # noqa: PLR2004 - rows, columns
    return [Column(name, kind) for name in names]


def _is_flat(spec: Any) -> bool:
    return all(size == 1 for size in spec.shape[1:])


def _numpy(kind: Any) -> pa.DataType | None:
    return pa.string() if kind.kind in "USO" else pa.from_numpy_dtype(kind)


def _kind(kind: Any) -> pa.DataType | None:
    """Return the Arrow type of a column of a signature, None of lists, objects and maps."""
    return TYPES.get(getattr(kind, "name", ""))
