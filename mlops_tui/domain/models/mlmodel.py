"""The description that MLflow keeps beside a model's files."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mlops_tui.domain.models.signature import Signature, read_signature

PYTHON = "python_function"
MOST_NAMED = 50
"""Columns of a signature that are named."""


def describe(model: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the facts of an ``MLmodel`` file, which has been parsed but may hold anything."""
    flavors = _mapping(model.get("flavors"))
    signature = _mapping(model.get("signature"))
    facts = {
        "flavors": _flavors(flavors),
        "loaded by": _scalar(_mapping(flavors.get(PYTHON)).get("loader_module")),
        "inputs": _fields(signature.get("inputs")),
        "outputs": _fields(signature.get("outputs")),
        "params": _params(signature.get("params")),
        "example": _scalar(_mapping(model.get("saved_input_example_info")).get("artifact_path")),
        "MLflow": _scalar(model.get("mlflow_version")),
        "Python": _scalar(_mapping(flavors.get(PYTHON)).get("python_version")),
        "size": _size(model.get("model_size_bytes")),
        "model id": _scalar(model.get("model_id")),
        "uuid": _scalar(model.get("model_uuid")),
        "run id": _scalar(model.get("run_id")),
        "created": _scalar(model.get("utc_time_created")),
    }
    if facts["uuid"] == facts["model id"]:
        facts["uuid"] = ""
    return tuple((name, value) for name, value in facts.items() if value)


def signature_lines(model: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each input, output and param of a signature with its type."""
    signature = _mapping(model.get("signature"))
    for word, part in (("in", "inputs"), ("out", "outputs")):
        found = _signature(signature.get(part))
        for place, column in enumerate(found.columns[:MOST_NAMED]):
            optional = "" if column.required else ", optional"
            yield f"{word} {column.name or place}", f"{column.type}{optional}"
        for place, tensor in enumerate(found.tensors[:MOST_NAMED]):
            yield f"{word} {tensor.name or place}", f"{tensor.dtype}{list(tensor.shape)}"
    for param in _json_list(signature.get("params"))[:MOST_NAMED]:
        default = _scalar(param.get("default"))
        yield f"param {_scalar(param.get('name'))}", f"{_scalar(param.get('type'))} = {default}"


def _flavors(flavors: Mapping[str, Any]) -> str:
    others = [_scalar(name) for name in flavors if name != PYTHON]
    return ", ".join(others[:MOST_NAMED] or [name for name in flavors if name == PYTHON])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _scalar(value: object) -> str:
    """Return a text or number; a list may be a trap of YAML that grows when it is written out."""
    return str(value)[:200] if isinstance(value, str | int | float) else ""


def _size(value: object) -> str:
    return f"{value:,} bytes" if isinstance(value, int) and not isinstance(value, bool) else ""


def _fields(value: object) -> str:
    signature = _signature(value)
    specs = [
        *(f"{c.name or '?'}: {c.type}{'' if c.required else '?'}" for c in signature.columns),
        *(f"{t.name}: {t.dtype}{list(t.shape)}".removeprefix(": ") for t in signature.tensors),
    ]
    more = f", {len(specs) - MOST_NAMED} more" if len(specs) > MOST_NAMED else ""
    return ", ".join(specs[:MOST_NAMED]) + more


def _params(value: object) -> str:
    items = _json_list(value)
    return ", ".join(f"{p.get('name')}: {p.get('type')} = {p.get('default')}" for p in items)[:500]


def _signature(value: object) -> Signature:
    try:
        return read_signature(_json_list(value))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Signature()


def _json_list(value: object) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(value) if isinstance(value, str) else []
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, Mapping)]
