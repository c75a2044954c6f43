"""A table read from a file as a request, with the types of the model's signature."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import Signature, column_type
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.column_value import ACCEPTS
from mlops_tui.domain.serving.payload import Payload, PayloadFormat

MOST_ROWS = 100_000
"""More rows than that are a batch, not a query."""

TEXTS = frozenset({"string", "datetime", "binary"})
TRUTH: dict[str, Json] = {"true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is sent: where it stands in the file, what the model calls it and expects."""

    place: int
    name: str
    type: str


def table_request(
    header: Sequence[str], rows: Iterable[Sequence[Json]], signature: Signature, *, is_text: bool
) -> Payload:
    """Return the request; of the file only the columns that the model knows are sent.

    With ``is_text`` every cell is a text, as in CSV, and takes the type that the model expects.
    Raises ``InvalidInput`` with row and column of what does not fit.
    """
    columns = _columns(header, signature)
    data: list[Json] = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise InvalidInput(
                f"The file has more than {MOST_ROWS:,} rows.", "Send a part of it as a query."
            )
        if len(row) != len(header):
            raise InvalidInput(f"Row {number} has {len(row)} cells, the header {len(header)}.")
        data.append([_cell(row[each.place], each, number, is_text=is_text) for each in columns])
    if not data:
        raise InvalidInput("The file has no rows.")
    if signature.names or signature.kind == "none":
        names: list[Json] = [each.name for each in columns]
        return Payload(PayloadFormat.DATAFRAME_SPLIT, {"columns": names, "data": data})
    form = PayloadFormat.DATAFRAME_SPLIT if signature.needs_frame else PayloadFormat.INPUTS
    return Payload(form, {"data": data} if signature.needs_frame else data)


def _columns(header: Sequence[str], signature: Signature) -> list[Column]:
    if signature.kind == "none":
        return [Column(place, name, "") for place, name in enumerate(header)]
    if not signature.names:
        return _by_place(header, signature)
    types = {spec.name: spec.type for spec in signature.columns}
    types |= {tensor.name: column_type(tensor.dtype) for tensor in signature.tensors}
    optional = {spec.name for spec in signature.columns if not spec.required}
    places = {name: place for place, name in reversed(list(enumerate(header)))}
    missing = [name for name in types if name not in places and name not in optional]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise InvalidInput(
            f"The file has no column {one_line(missing[0], 60)} ({types[missing[0]]}){more}.",
            f"It has {one_line(', '.join(header), 200)}.",
        )
    return [Column(places[name], name, kind) for name, kind in types.items() if name in places]


def _by_place(header: Sequence[str], signature: Signature) -> list[Column]:
    kinds = [spec.type for spec in signature.columns]
    if signature.tensors:
        shape, kind = signature.tensors[0].shape, column_type(signature.tensors[0].dtype)
        if len(shape) != 2:  # noqa: PLR2004 - rows and columns
            raise InvalidInput(f"A tensor of shape {shape} is not written as a table.")
        kinds = [kind] * (len(header) if shape[1] < 0 else shape[1])
    if len(header) != len(kinds):
        raise InvalidInput(f"The file has {len(header)} columns, the model wants {len(kinds)}.")
    pairs = enumerate(zip(header, kinds, strict=True))
    return [Column(place, name, kind) for place, (name, kind) in pairs]


def _cell(value: Json, column: Column, row: int, *, is_text: bool) -> Json:
    found = _typed(value, column.type) if is_text and isinstance(value, str) else value
    accepts = ACCEPTS.get(column.type)
    if accepts and not accepts(found):
        raise InvalidInput(
            f"Row {row}, column {one_line(column.name, 60)}: expected {column.type}, "
            f"got {one_line(json_text.line(value), 60)}."
        )
    return found


def _typed(text: str, kind: str) -> Json:
    """Return what a cell of a text file is; an empty one is null."""
    if not text or kind in TEXTS:
        return text or None
    if kind == "boolean":
        return TRUTH.get(text.strip().lower(), text)
    try:
        return json_text.load(text)
    except InvalidInput:
        return _number(text)


def _number(text: str) -> Json:
    """Return a number as people and programs write it in CSV (``.5``, ``1e3``, ``nan``)."""
    try:
        value = float(text)
    except ValueError:
        return text
    return value if value - value == 0 else None
