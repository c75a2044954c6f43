"""Requests and answers as a server's protocol has them."""

import json
from collections.abc import Iterator, Mapping, Sequence

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import (
    SAMPLES,
    ColumnSpec,
    Signature,
    TensorSpec,
    column_type,
)
from mlops_tui.domain.serving.payload import Payload, PayloadFormat, is_native, parse_payload
from mlops_tui.domain.serving.payload_rows import Rows, read_rows
from mlops_tui.domain.serving.protocol import Protocol

DATATYPES = {
    "BOOL": "bool",
    "BYTES": "object",
    "FP64": "float64",
    **{f"FP{bits}": f"float{bits}" for bits in (16, 32)},
    **{f"INT{bits}": f"int{bits}" for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": f"uint{bits}" for bits in (8, 16, 32, 64)},
}
"""Of Open Inference, with numpy's names."""

COLUMN_TYPES = {
    "double": "FP64",
    "float": "FP32",
    "long": "INT64",
    "integer": "INT32",
    "boolean": "BOOL",
    "string": "BYTES",
}
"""Of Open Inference, by MLflow's names for columns."""

UNNAMED = "input-0"
"""What a tensor is called whose name nobody told."""


def wire_request(protocol: Protocol, text: str, signature: Signature) -> str:
    """Return the text as a server takes it; what already is a request of its protocol stays so.

    Raises ``InvalidInput`` where MLflow's format cannot be told in the other protocol.
    """
    if protocol is Protocol.MLFLOW or is_native(text):
        return text
    try:
        payload = parse_payload(text)
    except InvalidInput:
        return text
    rows = read_rows(payload, signature)
    if protocol is Protocol.KSERVE_V1:
        if payload.format is PayloadFormat.INSTANCES:
            return text
        return json.dumps({"instances": _records(rows)})
    return json.dumps(_open_inference(payload, rows, signature))


def predictions_of(answer: Json) -> Json:
    """Return the predictions in an answer of any of the protocols."""
    if not isinstance(answer, dict):
        return answer
    outputs = answer.get("outputs")
    if isinstance(outputs, list) and all(map(_is_tensor, outputs)) and outputs:
        tensors = {str(o["name"]): _shaped(o) for o in outputs if isinstance(o, dict)}
        return next(iter(tensors.values())) if len(tensors) == 1 else dict(tensors)
    return answer.get("predictions", answer)


def read_metadata(answer: Json) -> Signature:
    """Return the signature in the metadata of an Open Inference server."""
    inputs = answer.get("inputs") if isinstance(answer, dict) else None
    tensors = []
    for each in inputs if isinstance(inputs, list) else []:
        if isinstance(each, dict) and isinstance(each.get("shape"), list):
            shape = [size for size in each["shape"] or [] if isinstance(size, int)]  # type: ignore[union-attr]  # a list
            name, kind = str(each.get("name", "")), str(each.get("datatype", ""))
            tensors.append(TensorSpec(name, DATATYPES.get(kind, "object"), tuple(shape)))
    return _as_columns(tensors)


def _as_columns(tensors: Sequence[TensorSpec]) -> Signature:
    """Return a column for each tensor of one value per row, as servers of tables have them."""
    if len(tensors) > 1 and all(len(tensor.shape) == 1 for tensor in tensors):
        kinds = {tensor.name: column_type(tensor.dtype) for tensor in tensors}
        columns = (ColumnSpec(name, kind, sample=SAMPLES[kind]) for name, kind in kinds.items())
        return Signature(columns=tuple(columns))
    return Signature(tensors=tuple(tensors))


def _records(rows: Rows) -> list[Json]:
    if rows.columns is None:
        return list(rows.values)
    return [
        dict(zip(rows.columns, row, strict=False)) for row in rows.values if isinstance(row, list)
    ]


def _open_inference(payload: Payload, rows: Rows, signature: Signature) -> dict[str, Json]:
    columns: dict[str, list[Json]] = {}
    names = [tensor.name for tensor in signature.tensors]
    is_one = len(names) == 1 and names[0] not in (rows.columns or ())
    if rows.columns is None or is_one:
        columns[names[0] if names and names[0] else UNNAMED] = list(rows.values)
    else:
        for place, name in enumerate(rows.columns):
            columns[name] = [row[place] for row in rows.values if isinstance(row, list)]
    types = {t.name: _datatype(t.dtype) for t in signature.tensors}
    types |= {c.name: COLUMN_TYPES.get(c.type, "") for c in signature.columns}
    inputs: list[Json] = [_tensor(n, values, types.get(n, "")) for n, values in columns.items()]
    more: dict[str, Json] = {"parameters": dict(payload.params)} if payload.params else {}
    return {"inputs": inputs, **more}


def _tensor(name: str, values: list[Json], datatype: str) -> dict[str, Json]:
    shape: list[Json] = []
    level: Json = values
    while isinstance(level, list):
        shape.append(len(level))
        level = level[0] if level else None
    flat = list(_leaves(values))
    return {"name": name, "shape": shape, "datatype": datatype or _guess(flat), "data": flat}


def _datatype(dtype: str) -> str:
    return next((name for name, known in DATATYPES.items() if known == dtype), "")


def _guess(values: Sequence[Json]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return "BOOL"
    if kinds == {int}:
        return "INT64"
    return "FP64" if kinds <= {int, float} else "BYTES"


def _leaves(value: Json) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _is_tensor(value: Json) -> bool:
    return isinstance(value, dict) and "name" in value and isinstance(value.get("data"), list)


def _shaped(tensor: Mapping[str, Json]) -> Json:
    """Return the values of a tensor as rows."""
    data, shape = list(_leaves(tensor["data"])), tensor.get("shape")
    if not isinstance(shape, list) or len(shape) != 2:  # noqa: PLR2004 - rows and columns
        return data
    width = shape[1]
    if not isinstance(width, int) or width < 1 or len(data) % width:
        return data
    if width == 1:
        return data
    return [data[start : start + width] for start in range(0, len(data), width)]
