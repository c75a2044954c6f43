"""Requests converted from one format into another."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.payload import Payload, PayloadFormat
from mlops_tui.domain.serving.payload_rows import Rows, read_rows


def convert(payload: Payload, target: PayloadFormat, signature: Signature) -> Payload:
    """Return the same rows in the shape of ``target`` that a model of the signature accepts.

    A signature with names gets named rows: values without names get its names when their number
    agrees. Other models take rows by place in ``instances`` and ``inputs``, so the names go there;
    a data frame keeps the names it has. ``InvalidInput`` says why when there is no such shape.
    """
    _refuse_impossible(target, signature)
    rows = read_rows(payload, signature)
    if signature.names:
        data = _write_named(*_named(rows, signature), target, signature)
    else:
        keeps_names = target.is_dataframe and not signature.columns
        data = _write(rows if keeps_names else Rows(None, rows.values), target, signature)
    return replace(payload, format=target, data=data)


def in_next_format(payload: Payload, signature: Signature) -> Payload:
    """Return the same rows in the next format that the model can take, after the last the first.

    ``InvalidInput`` says why when there is no other.
    """
    forms = list(PayloadFormat)
    here = forms.index(payload.format)
    *others, last = forms[here + 1 :] + forms[:here]
    for form in others:
        with suppress(InvalidInput):
            return convert(payload, form, signature)
    return convert(payload, last, signature)


def _refuse_impossible(target: PayloadFormat, signature: Signature) -> None:
    odd = next((spec for spec in signature.tensors if not spec.is_tabular), None)
    if target.is_dataframe and odd:
        raise InvalidInput(
            f"A tensor of shape {odd.shape} does not fit in a data frame.",
            "Use instances or inputs.",
        )
    if not target.is_dataframe and signature.needs_frame:
        raise InvalidInput(
            f"{target} is one array of one type; the model's columns have several and no names.",
            "Use dataframe_split.",
        )
    kinds = {column.type.partition("(")[0] for column in signature.columns}
    if not target.is_dataframe and "binary" in kinds:
        raise InvalidInput(
            f"MLflow decodes binary columns from base64 in data frames only, not in {target}.",
            "Use dataframe_records or dataframe_split.",
        )
    if target is PayloadFormat.INSTANCES and kinds & {"array", "map", "object"}:
        raise InvalidInput(
            "MLflow does not take columns of lists or objects as instances.", "Use inputs."
        )


def _named(rows: Rows, signature: Signature) -> tuple[tuple[str, ...], list[list[Json]]]:
    names = signature.names
    if rows.columns is not None:
        return rows.columns, [_cells(row) for row in rows.values]
    whole = _takes_one_list(signature)
    values = [_cells(row, whole=whole) for row in rows.values]
    for number, row in enumerate(values):
        if len(row) != len(names):
            listed = one_line(", ".join(names), 60)
            raise InvalidInput(
                f"row {number} has {len(row)} values without names; "
                f"the model wants {len(names)}: {listed}."
            )
    return names, values


def _cells(row: Json, *, whole: bool = False) -> list[Json]:
    if isinstance(row, list) and (not whole or (len(row) == 1 and isinstance(row[0], list))):
        return row
    return [row]


def _takes_one_list(signature: Signature) -> bool:
    """Return whether the model takes one value per row that is itself a list."""
    if signature.tensors:
        return len(signature.tensors) == 1 and len(signature.tensors[0].shape) > 1
    return len(signature.columns) == 1 and not signature.columns[0].is_scalar


def _write_named(
    columns: tuple[str, ...],
    values: Sequence[list[Json]],
    target: PayloadFormat,
    signature: Signature,
) -> Json:
    if target is PayloadFormat.DATAFRAME_SPLIT:
        return {"columns": list(columns), "data": list(values)}
    if target is PayloadFormat.INPUTS and signature.tensors:
        return {name: [row[place] for row in values] for place, name in enumerate(columns)}
    return [dict(zip(columns, row, strict=True)) for row in values]


def _write(rows: Rows, target: PayloadFormat, signature: Signature) -> Json:
    columns, values = rows.columns, list(rows.values)
    if not target.is_dataframe and [len(spec.shape) for spec in signature.tensors] == [1]:
        values = [row[0] if isinstance(row, list) and len(row) == 1 else row for row in values]
    if target is PayloadFormat.DATAFRAME_SPLIT:
        return {"columns": list(columns), "data": values} if columns else {"data": values}
    if columns and target is PayloadFormat.DATAFRAME_RECORDS:
        return [dict(zip(columns, _cells(row), strict=True)) for row in values]
    return values
