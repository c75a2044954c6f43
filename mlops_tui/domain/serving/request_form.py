"""A request as fields to fill in, one row at a time: a view of its JSON, which stays the truth."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import Signature, column_type
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.payload import Payload, PayloadFormat, parse_payload
from mlops_tui.domain.serving.payload_rows import Rows, read_rows

MOST = 100
"""Columns that get a field."""

FEW = 4
"""Distinct texts that are listed."""

PLAIN_TEXT = frozenset({"string", "datetime", "binary"})
"""Types whose values are typed as they are, without quotes."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One value of the row, or of the params."""

    name: str
    place: int
    """Among the values of a row without names."""
    type: str
    text: str
    hint: str
    """What it is in the input example, for a param its default."""
    required: bool = True
    is_param: bool = False


def row_count(payload: Payload, signature: Signature) -> int:
    """Return the number of rows; raises ``InvalidInput`` where there are none to fill in."""
    rows = read_rows(payload, signature)
    if any(len(tensor.shape) > 2 for tensor in signature.tensors):  # noqa: PLR2004 - rows and columns
        raise InvalidInput("A tensor of several dimensions is edited as JSON.")
    if not rows.values:
        raise InvalidInput("The request has no rows yet.", "Write one as JSON.")
    return len(rows.values)


def column_count(payload: Payload, signature: Signature) -> int:
    """Return the number of columns, of which the first ``MOST`` get a field."""
    rows = read_rows(payload, signature)
    width = max((len(row) if isinstance(row, list) else 1 for row in rows.values), default=0)
    names = {*signature.names, *(rows.columns or ())}
    return len(names) or width


def form_fields(
    payload: Payload, info: ModelInfo, row: int, seen: Mapping[str, str] | None = None
) -> tuple[FormField, ...]:
    """Return the fields of a row: the model's columns, those that only the request has, params.

    ``seen`` are the values of the input example, which are read where they are not given. Raises
    ``InvalidInput`` where the request is no table.
    """
    signature = info.signature
    row_count(payload, signature)
    rows = read_rows(payload, signature)
    cells = rows.values[row]
    values: list[Json] = cells if isinstance(cells, list) else [cells]
    given = rows.columns or signature.names or tuple(map(str, range(len(values))))
    types = _types(signature)
    seen = seen_values(info) if seen is None else seen
    optional = {spec.name for spec in signature.columns if not spec.required}
    names = list(dict.fromkeys((*signature.names, *given)))[:MOST]
    kinds = list(types.values())
    places = {name: at for at, name in reversed(list(enumerate(given)))}
    fields = []
    for place, name in enumerate(names):
        at = places.get(name, len(values))
        kind = types.get(name) or (
            kinds[place] if not signature.names and place < len(kinds) else ""
        )
        text = as_text(values[at], kind) if at < len(values) else ""
        fields.append(FormField(name, at, kind, text, seen.get(name, ""), name not in optional))
    return (*fields, *_params(payload, info))


def fill_in(
    payload: Payload, field: FormField, row: int, text: str, signature: Signature
) -> Payload:
    """Return the request with the text as the value of a field; all else stays as it is."""
    value = as_value(text, field.type)
    if field.is_param:
        return replace(payload, params={**(payload.params or {}), field.name: value})
    data = payload.data
    if payload.format is PayloadFormat.DATAFRAME_SPLIT and isinstance(data, dict):
        return replace(payload, data=_in_split(data, field, row, value))
    if isinstance(data, dict):
        return replace(payload, data=_in_inputs(data, field, row, value, signature))
    if isinstance(data, list):
        return replace(payload, data=_at(data, row, _in_row(data[row], field, value)))
    return replace(payload, data=value)


def as_text(value: Json, kind: str) -> str:
    """Return a value as it is typed into a field."""
    if value is None:
        return ""
    return value if isinstance(value, str) and kind in PLAIN_TEXT else json_text.line(value)


def as_value(text: str, kind: str) -> Json:
    """Return the value that a text means; one that the type does not take stays a text.

    An empty text is null, but for a column of strings.
    """
    if kind in PLAIN_TEXT:
        return text if text or kind == "string" else None
    if not text.strip():
        return None
    try:
        return json_text.load(text)
    except InvalidInput:
        return text


def _types(signature: Signature) -> dict[str, str]:
    if signature.columns:
        return {spec.name or str(n): spec.type for n, spec in enumerate(signature.columns)}
    if signature.names:
        return {tensor.name: column_type(tensor.dtype) for tensor in signature.tensors}
    width = next((tensor.shape[-1] for tensor in signature.tensors), 0)
    kinds = [column_type(tensor.dtype) for tensor in signature.tensors]
    return {str(number): kinds[0] for number in range(min(width, MOST))}


def _params(payload: Payload, info: ModelInfo) -> Sequence[FormField]:
    given: Mapping[str, Json] = payload.params or {}
    fields = []
    for name in dict.fromkeys((*info.params, *given)):
        default = info.params.get(name)
        kind = "string" if isinstance(default, str) else ""
        text = as_text(given[name], kind) if name in given else ""
        hint = f"default {one_line(json.dumps(default), 40)}" if name in info.params else ""
        fields.append(FormField(name, 0, kind, text, hint, required=False, is_param=True))
    return fields


def seen_values(info: ModelInfo) -> dict[str, str]:
    """Return what each column is in the input example: a range, or a few texts."""
    try:
        rows = read_rows(parse_payload(info.input_example, nan_as_null=True), info.signature)
    except InvalidInput:
        return {}
    return {name: range_of(column) for name, column in _columns(rows, info.signature).items()}


def _columns(rows: Rows, signature: Signature) -> dict[str, list[Json]]:
    lists = [row if isinstance(row, list) else [row] for row in rows.values]
    width = min(map(len, lists), default=0)
    names = rows.columns or signature.names or tuple(map(str, range(width)))
    return {name: [row[place] for row in lists] for place, name in enumerate(names[:width])}


def range_of(values: Sequence[Json]) -> str:
    """Return smallest and largest number, or the first few texts."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if numbers:
        low, high = min(numbers), max(numbers)
        return f"{low:g}" if low == high else f"{low:g} … {high:g}"
    texts = list(dict.fromkeys(v for v in values if isinstance(v, str)))
    more = " …" if len(texts) > FEW else ""
    return one_line(", ".join(texts[:FEW]) + more, 60)


def _at(values: list[Json], place: int, value: Json) -> list[Json]:
    filled = [*values, *[None] * (place + 1 - len(values))]
    filled[place] = value
    return filled


def _in_row(row: Json, field: FormField, value: Json) -> Json:
    if isinstance(row, dict):
        return row | {field.name: value}
    return _at(row, field.place, value) if isinstance(row, list) else value


def _in_inputs(
    data: dict[str, Json], field: FormField, row: int, value: Json, signature: Signature
) -> dict[str, Json]:
    nested = not all(spec.is_scalar for spec in signature.columns)
    lists = [column for column in data.values() if isinstance(column, list)]
    if nested or not lists:
        return data | {field.name: value}
    column = data.get(field.name)
    whole: list[Json] = column if isinstance(column, list) else [None] * len(lists[0])
    return data | {field.name: _at(whole, row, value)}


def _in_split(data: dict[str, Json], field: FormField, row: int, value: Json) -> dict[str, Json]:
    columns, rows = data.get("columns"), data.get("data")
    if not isinstance(rows, list):
        return data
    if isinstance(columns, list) and field.name not in map(str, columns):
        longer: list[Json] = [[*r, None] if isinstance(r, list) else r for r in rows]
        added = replace(field, place=len(columns))
        grown = data | {"columns": [*columns, field.name], "data": longer}
        return _in_split(grown, added, row, value)
    return data | {"data": _at(rows, row, _in_row(rows[row], field, value))}
