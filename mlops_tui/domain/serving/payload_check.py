"""What a model will not like about a request, seen before it is sent."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import ColumnSpec, Signature, TensorSpec, column_type
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.column_value import ACCEPTS
from mlops_tui.domain.serving.payload import Payload
from mlops_tui.domain.serving.payload_rows import Rows, read_rows, widths

LIMIT = 20
"""More problems than this are not worth reading."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, in a sentence; the rest is empty or None where it does not apply."""

    sentence: str
    column: str = ""
    expected: str = ""
    got: str = ""
    row: int | None = None

    def __str__(self) -> str:
        return self.sentence


def problems(payload: Payload, signature: Signature, *, limit: int = LIMIT) -> tuple[Problem, ...]:
    """Return the first ``limit`` problems; empty when nothing speaks against sending."""
    try:
        rows = read_rows(payload, signature)
    except InvalidInput as error:
        return (Problem(str(error)),)
    return tuple(islice(_problems(payload, rows, signature), limit))


def _problems(payload: Payload, rows: Rows, signature: Signature) -> Iterator[Problem]:
    if not rows.values:
        yield Problem("The request holds no rows.", expected="at least one row", got="none")
    elif signature.kind == "none":
        yield from _ragged(rows)
    elif signature.names:
        yield from _by_name(rows, signature)
    elif signature.kind == "columns":
        if signature.needs_frame and not payload.format.is_dataframe:
            yield _needs_frame(payload, signature)
        yield from _by_place(rows, signature.columns)
    else:
        yield from _as_tensor(payload, rows, signature.tensors[0])


def _ragged(rows: Rows) -> Iterator[Problem]:
    first, *others = widths(rows)
    for number, width in enumerate(others, start=1):
        if width != first:
            yield Problem(
                f"row {number} has {_values(width)}, row 0 has {first}: "
                "the model gets NaN for what is missing.",
                expected=_values(first),
                got=_values(width),
                row=number,
            )


def _by_name(rows: Rows, signature: Signature) -> Iterator[Problem]:
    names = signature.names
    columns = rows.columns
    if columns is None:
        yield from _without_names(rows, names)
        return
    given = set(columns)
    types = {spec.name: spec.type for spec in signature.columns}
    optional = {spec.name for spec in signature.columns if not spec.required}
    for name in names:
        if name not in given and name not in optional:
            wanted = types.get(name, "tensor")
            yield Problem(
                f"{_column(name)} is missing: the model wants {wanted}.", name, wanted, ""
            )
    for place, name in enumerate(columns):
        spec = signature.column(name)
        if spec:
            yield from _cells(rows, place, spec)
        elif name not in names:
            text = f"{_column(name)} is not in the signature: it is ignored."
            yield Problem(text, name, "no such column", "")


def _without_names(rows: Rows, names: Sequence[str]) -> Iterator[Problem]:
    listed = one_line(", ".join(names), 60)
    wrong = [(n, width) for n, width in enumerate(widths(rows)) if width != len(names)]
    if not wrong:
        text = f"The rows have no column names; the model wants {listed}."
        yield Problem(text, expected=f"columns {listed}", got="rows without names")
    for number, width in wrong:
        yield _wrong_width(number, width, len(names))


def _wrong_width(number: int, width: int, wanted: int, more: str = "") -> Problem:
    return Problem(
        f"row {number} has {_values(width)}, the model wants {wanted}{more}.",
        expected=_values(wanted),
        got=_values(width),
        row=number,
    )


def _by_place(rows: Rows, columns: Sequence[ColumnSpec]) -> Iterator[Problem]:
    if rows.columns is not None:
        text = "The model tells values apart by their place: it wants rows without names."
        yield Problem(text, expected="rows without names", got="named values")
    for number, width in enumerate(widths(rows)):
        if width != len(columns):
            more = ": the others are ignored" if width > len(columns) else ""
            yield _wrong_width(number, width, len(columns), more)
    for place, spec in enumerate(columns):
        yield from _cells(rows, place, spec)


def _needs_frame(payload: Payload, signature: Signature) -> Problem:
    types = one_line(", ".join(spec.type for spec in signature.columns), 60)
    text = f"{payload.format} is one array of one type; the model wants {types}: dataframe_split."
    return Problem(text, expected=f"dataframe_split ({types})", got=f"{payload.format}, one array")


def _cells(rows: Rows, place: int, spec: ColumnSpec) -> Iterator[Problem]:
    accepts = ACCEPTS.get(spec.type)
    if accepts is None:
        return
    name = spec.name or str(place)
    for number, row in enumerate(rows.values):
        cells = row if isinstance(row, list) else [row]
        if place < len(cells) and not accepts(cells[place]):
            yield _wrong_value(number, name, spec.type, cells[place])


def _wrong_value(number: int, name: str, wanted: str, value: Json) -> Problem:
    got = one_line(json.dumps(value, ensure_ascii=False), 60)
    text = f"row {number}, {_column(name)}: expected {wanted}, got {got}."
    return Problem(text, name, wanted, got, number)


def _as_tensor(payload: Payload, rows: Rows, tensor: TensorSpec) -> Iterator[Problem]:
    if rows.columns is not None and not payload.format.is_dataframe:
        text = f"{payload.format} with names: the model wants rows without names."
        yield Problem(text, expected="rows without names", got="named values")
        return
    wanted = tensor.shape[1:]
    kind = column_type(tensor.dtype)
    for number, row in enumerate(rows.values):
        shape = () if not wanted and payload.format.is_dataframe else _shape(row)
        if len(shape) != len(wanted) or any(
            size not in (-1, has) for size, has in zip(wanted, shape, strict=True)
        ):
            yield _wrong_shape(number, wanted, shape)
        else:
            for place, value in _leaves(row):
                if not ACCEPTS[kind](value):
                    yield _wrong_value(number, place, tensor.dtype, value)


def _wrong_shape(number: int, wanted: tuple[int, ...], shape: tuple[int, ...]) -> Problem:
    if len(wanted) == len(shape) == 1:
        return _wrong_width(number, shape[0], wanted[0])
    text = f"row {number} has shape {shape}, the model wants {wanted}."
    return Problem(text, expected=f"shape {wanted}", got=f"shape {shape}", row=number)


def _shape(value: Json) -> tuple[int, ...]:
    if not isinstance(value, list):
        return ()
    return (len(value), *(_shape(value[0]) if value else ()))


def _leaves(value: Json, place: str = "") -> Iterator[tuple[str, Json]]:
    if not isinstance(value, list):
        yield place or "0", value
        return
    for number, item in enumerate(value):
        yield from _leaves(item, f"{place},{number}" if place else str(number))


def _column(name: str) -> str:
    return f"column {one_line(name, 60)}"


def _values(count: int) -> str:
    return f"{count} value" if count == 1 else f"{count} values"
