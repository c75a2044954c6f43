"""The request that a scoring server takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.plain_text import one_line


class PayloadFormat(StrEnum):
    """The four shapes, by the key that each stands under."""

    DATAFRAME_RECORDS = "dataframe_records"
    DATAFRAME_SPLIT = "dataframe_split"
    INSTANCES = "instances"
    INPUTS = "inputs"

    @property
    def is_dataframe(self) -> bool:
        """Whether the server makes a data frame of it."""
        return self in (PayloadFormat.DATAFRAME_RECORDS, PayloadFormat.DATAFRAME_SPLIT)


LLM_KEYS = frozenset({"messages", "prompt", "input"})
"""By which of these MLflow's server recognises a request for a chat, a completion, an embedding."""

FORMATS = ", ".join(PayloadFormat)


@dataclass(frozen=True, slots=True)
class Payload:
    """A request: the data under its format's key, with what else belongs to it."""

    format: PayloadFormat
    data: Json
    params: Mapping[str, Json] | None = None
    note: str = field(default="", compare=False)
    """What was changed while reading it, in one sentence; empty when nothing was."""


def parse_payload(text: str, *, nan_as_null: bool = False) -> Payload:
    """Return the request that the text holds; ``InvalidInput`` says what is wrong with it.

    With ``nan_as_null``, values that JSON cannot hold become null, and ``note`` says so.
    """
    value, replaced = json_text.load_lenient(text) if nan_as_null else (json_text.load(text), 0)
    if not isinstance(value, dict):
        raise InvalidInput(
            f"The request is {article(value)}, not an object with one of {FORMATS}.",
            f"Put it under a key, as in {{{_suggestion(value)}: …}}.",
        )
    found = [known for known in PayloadFormat if known in value]
    if len(found) != 1:
        has = _listed(found) if found else _listed(value) or "nothing"
        raise InvalidInput(f"The request needs exactly one of {FORMATS}; it has {has}.")
    params = value.get("params")
    if params is not None and not isinstance(params, dict):
        raise InvalidInput(f"params is {article(params)}, not an object of names with values.")
    note = f"{replaced} values were NaN or infinite; they are null here." if replaced else ""
    return Payload(found[0], value[found[0]], params, note)


def is_llm_request(text: str) -> bool:
    """Return whether the text is a request that a server hands to a language model as it is."""
    try:
        value = json_text.load(text)
    except InvalidInput:
        return False
    return isinstance(value, dict) and bool(LLM_KEYS & value.keys())


def is_native(text: str) -> bool:
    """Return whether the text is a request of Open Inference: tensors with their shapes."""
    try:
        value = json_text.load(text)
    except InvalidInput:
        return False
    inputs = value.get("inputs") if isinstance(value, dict) else None
    if not isinstance(inputs, list) or not inputs:
        return False
    return all(isinstance(each, dict) and "datatype" in each for each in inputs)


def dump(payload: Payload) -> str:
    """Return the request as indented JSON."""
    whole: dict[str, Json] = {payload.format: payload.data}
    if payload.params is not None:
        whole["params"] = dict(payload.params)
    return json_text.dump(whole)


def article(value: Json) -> str:
    """Return JSON's word for what the value is, as in "a list"."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
    return "an object"


def _suggestion(value: Json) -> str:
    named = isinstance(value, list) and value and isinstance(value[0], dict)
    return f'"{PayloadFormat.DATAFRAME_RECORDS if named else PayloadFormat.INPUTS}"'


def _listed(names: Mapping[str, Json] | list[PayloadFormat]) -> str:
    return one_line(", ".join(list(names)[:8]), 120)
