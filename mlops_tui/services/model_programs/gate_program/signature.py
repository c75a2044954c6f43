"""Whether a model accepts what another one accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.types import Schema

WIDER = {
    ("integer", "long"),
    ("integer", "double"),
    ("integer", "float"),
    ("long", "double"),
    ("float", "double"),
}
"""Types of columns whose values another type takes without a change."""


def refusals(candidate: Schema, champion: Schema) -> list[str]:
    """Return what the candidate would refuse of what the champion is sent, in sentences."""
    ours, theirs = _columns(candidate), _columns(champion)
    if candidate.is_tensor_spec() != champion.is_tensor_spec():
        takes, sent_ones = (
            ("tensors", "columns") if candidate.is_tensor_spec() else ("columns", "tensors")
        )
        return [f"it takes {takes}, not {sent_ones}"]
    found = []
    for name, (kind, required) in ours.items():
        if name not in theirs:
            if required:
                found.append(f"it requires {name}, which the champion is not sent")
            continue
        sent, is_sent = theirs[name]
        if required and not is_sent:
            found.append(f"it requires {name}, which is optional for the champion")
        elif not _takes(kind, sent):
            found.append(f"{name} is {kind}, the champion's is {sent}")
    return found


def _columns(schema: Schema) -> dict[str, tuple[Any, bool]]:
    """Return type and whether it is required by name, else by place."""
    if schema.is_tensor_spec():
        return {
            str(spec.name or n): ((str(spec.type), tuple(getattr(spec, "shape", ()))), True)
            for n, spec in enumerate(schema.inputs)
        }
    return {
        str(spec.name if spec.name is not None else n): (_kind(spec.type), spec.required)
        for n, spec in enumerate(schema.inputs)
    }


def _kind(kind: Any) -> str:
    return str(getattr(kind, "name", kind))


def _takes(ours: Any, theirs: Any) -> bool:
    if ours == theirs or (theirs, ours) in WIDER:
        return True
    if not isinstance(ours, tuple):
        return False
    (kind, shape), (other, sent) = ours, theirs
    fits = len(shape) == len(sent) and all(a in (-1, b) for a, b in zip(shape, sent, strict=True))
    return kind == other and fits
