"""A data set as MLflow's JSON texts describe it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlops_tui.domain.json_text import Json, line
from mlops_tui.domain.models.signature import read_signature
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.runs.run_filter.spelling import like

LONGEST = 1_048_575
"""Characters of a text that is read: what MLflow allows a schema; a profile may be larger."""

MOST_FACTS = 50
"""Facts read from a source or a profile: foreign code may log thousands."""

UNQUOTABLE = frozenset("'\\")
"""Characters that end a text of MLflow's filter strings, which knows no escape."""


@dataclass(frozen=True, slots=True)
class DatasetColumn:
    """A column, or a tensor, of a data set's schema; ``type`` is MLflow's word for it."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class DatasetRun:
    """A run that was given a data set. ``started_at`` is in milliseconds since the epoch."""

    run_id: str
    name: str
    experiment_name: str
    status: RunStatus
    started_at: int | None


@dataclass(frozen=True, slots=True)
class DatasetRuns:
    """The newest runs that were given a data set; ``is_all`` unless there may be older ones."""

    runs: tuple[DatasetRun, ...]
    is_all: bool = True


def columns_of(schema: str) -> tuple[DatasetColumn, ...]:
    """Return the columns, else the tensors, of a schema; none where its kind is not known."""
    found = _load(schema)
    if not isinstance(found, Mapping):
        return ()
    tensors = found.get("mlflow_tensorspec")
    try:
        if isinstance(tensors, Mapping):
            return tuple(
                each
                for part, text in tensors.items()
                if text
                for each in _specs(_inner(text), part)
            )
        return tuple(_specs(found.get("mlflow_colspec"), ""))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return ()  # no schema that MLflow wrote


def facts_of(text: str) -> Mapping[str, str]:
    """Return what a source or a profile says, inner names joined by dots; the text where unread."""
    found = _load(text)
    if not isinstance(found, Mapping):
        return {"": text} if text.strip() else {}
    facts: dict[str, str] = {}
    for name, value in _flat(found, ""):
        if len(facts) == MOST_FACTS:
            break
        facts[name] = value
    return facts


def dataset_filter(name: str, digest: str) -> str:
    """Return MLflow's filter for runs that were given a data set.

    It may let others through: those given two data sets that have one of the two each, or one
    whose name differs where it holds what cannot be quoted.
    """
    return f"{_clause('digest', digest)} and {_clause('name', name)}"


def _clause(key: str, text: str) -> str:
    if UNQUOTABLE & set(text):
        return f"dataset.{key} LIKE '{like(text)}'"
    return f"dataset.{key} = '{text}'"


def _load(text: str) -> Json:
    try:
        found: Json = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    return found


def _inner(text: Json) -> Json:
    """Return what MLflow keeps as a text within the JSON."""
    return _load(text) if isinstance(text, str) else text


def _specs(specs: Json, part: str) -> Iterator[DatasetColumn]:
    items = [item for item in specs if isinstance(item, Mapping)] if isinstance(specs, list) else []
    signature = read_signature(items)
    named = [(column.name, column.type) for column in signature.columns]
    named += [(tensor.name, f"{tensor.dtype} {list(tensor.shape)}") for tensor in signature.tensors]
    for place, (name, type_) in enumerate(named):
        shown = name or (part if len(named) == 1 and part else str(place))
        yield DatasetColumn(f"{part}.{name}" if part and name else shown, type_)


def _flat(value: Mapping[str, Json], above: str) -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        name = f"{above}.{key}" if above else key
        if isinstance(item, Mapping) and item:
            yield from _flat(item, name)
        else:
            yield name, item if isinstance(item, str) else line(item)
