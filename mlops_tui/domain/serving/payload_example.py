"""Requests made for a person to start from."""

from dataclasses import replace
from itertools import chain

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json, is_row
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.payload import (
    Payload,
    PayloadFormat,
    dump,
    is_llm_request,
    parse_payload,
)
from mlops_tui.domain.serving.payload_check import problems
from mlops_tui.domain.serving.payload_conversion import convert


def example_payload(info: ModelInfo, first_test_row: str = "") -> Payload | None:
    """Return a request that the model accepts, None when nothing is known to make one from.

    The model's input example comes first, then sample values for its signature, then a row that
    the training run kept: ``{"columns": […], "data": [[…]]}``. The params that the signature
    names are in it with their defaults.
    """
    texts = (info.input_example, _wrapped(first_test_row))
    saved, kept = (_parsed(text) for text in texts)
    found = saved or _sampled(info.signature) or kept
    if found is None or found.params is not None or not info.params:
        return found
    return replace(found, params=info.params)


def first_request(info: ModelInfo, first_test_row: str = "") -> str:
    """Return the text that a request starts as, empty when nothing is known to make one from.

    A saved example that a language model takes as it is stays so.
    """
    if is_llm_request(info.input_example):
        return json_text.dump(json_text.load(info.input_example))
    payload = example_payload(info, first_test_row)
    return dump(payload) if payload else ""


def offer(payload: Payload, signature: Signature) -> Payload | None:
    """Return the same values as the model wants them, None when that cannot be told.

    None also when there is nothing to change.
    """
    if signature.kind == "none" or not problems(payload, signature, limit=1):
        return None
    row = replace(payload, data=_as_rows(payload.data, signature))
    form = PayloadFormat.DATAFRAME_SPLIT if signature.needs_frame else payload.format
    for candidate in (payload, row):
        try:
            wanted = convert(candidate, form, signature)
        except InvalidInput:
            continue
        if wanted != payload and not problems(wanted, signature, limit=1):
            return wanted
    return None


def _as_rows(data: Json, signature: Signature) -> Json:
    """Put a row that stands alone into a list."""
    width = len(signature.columns) or next(chain(*(t.shape[1:2] for t in signature.tensors)), 1)
    if isinstance(data, dict) or (is_row(data) and isinstance(data, list) and len(data) == width):
        return [data]
    return data


def _parsed(text: str) -> Payload | None:
    try:
        return parse_payload(text, nan_as_null=True)
    except InvalidInput:
        return None


def _wrapped(split: str) -> str:
    return f'{{"{PayloadFormat.DATAFRAME_SPLIT}": {split}}}' if split.strip() else ""


def _sampled(signature: Signature) -> Payload | None:
    specs = signature.columns or signature.tensors
    if not specs or any(spec.sample is None for spec in specs):
        return None
    samples = [spec.sample for spec in specs]
    if signature.columns:
        row: Json = dict(zip(signature.names, samples, strict=True)) if signature.names else samples
        return Payload(PayloadFormat.DATAFRAME_RECORDS, [row])
    if signature.names:
        return Payload(PayloadFormat.INPUTS, dict(zip(signature.names, samples, strict=True)))
    return Payload(PayloadFormat.INPUTS, samples[0])
