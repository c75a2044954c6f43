"""Captured requests as rows of a table: one for each row that the model was given."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.payload import parse_payload
from mlops_tui.domain.serving.payload_rows import Rows, read_rows
from mlops_tui.domain.serving.query_result import OK

Cells = dict[str, Json]

ABOUT_REQUEST = ("request_id", "row", "at", "seconds", "status", "version")
"""The columns that tell of a request."""

REQUEST, PREDICTION, LABEL = "request", "prediction", "label"
OWN = frozenset((*ABOUT_REQUEST, REQUEST, PREDICTION, LABEL))
WHOLE_NUMBERS = range(-(2**63), 2**63)
"""What 64 bits hold."""


VALID_ID = re.compile(r"[\x21-\x7e]{1,128}")


def is_request_id(value: object) -> bool:
    """Return whether an endpoint can have given a request this id."""
    return isinstance(value, str) and VALID_ID.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Captured:
    """A request with its answer and label as an endpoint wrote them down; a body may be missing."""

    request_id: str
    at: float
    """Seconds since the epoch."""
    seconds: float
    status: int
    version: str
    request: str | None = None
    response: str | None = None
    label: Json = None


def rows_of(captured: Captured) -> Iterator[Cells]:
    """Return the rows of a request: their inputs under the names of the columns.

    A request that is no table (a failed one, one that was cut, a chat) gives one row, with what is
    known of it under ``request``; its number is null.
    """
    about: Cells = {
        "request_id": captured.request_id,
        "row": None,
        "at": captured.at,
        "seconds": captured.seconds,
        "status": captured.status,
        "version": captured.version,
    }
    rows = _rows(captured)
    if rows is None:
        told = {REQUEST: captured.request, PREDICTION: captured.response, LABEL: captured.label}
        yield about | told
        return
    count = len(rows.values)
    predictions = _each(_predictions(captured.response), count)
    labels = _each(captured.label, count, repeats=True)
    for number, row in enumerate(rows.values):
        cells = row if isinstance(row, list) else [row]
        names = rows.columns or tuple(map(str, range(len(cells))))
        inputs = {_column(name): cell for name, cell in zip(names, cells, strict=False)}
        told = {"row": number, PREDICTION: predictions[number], LABEL: labels[number]}
        yield about | inputs | told


def _rows(captured: Captured) -> Rows | None:
    if captured.status != OK or captured.request is None:
        return None
    try:
        rows = read_rows(parse_payload(captured.request, nan_as_null=True), Signature())
    except InvalidInput:
        return None
    return rows if rows.values else None


def _column(name: str) -> str:
    while name in OWN:
        name = f"input_{name}"
    return name


def _predictions(response: str | None) -> Json:
    if response is None:
        return None
    try:
        answer, _ = json_text.load_lenient(response)
    except InvalidInput:
        return response
    return answer.get("predictions", answer) if isinstance(answer, dict) else answer


def _each(value: Json, count: int, *, repeats: bool = False) -> Sequence[Json]:
    """Return one value for each row; what cannot be split stands at the first, or at each."""
    if isinstance(value, list) and len(value) == count:
        return value
    return [value] * count if repeats else [value, *[None] * (count - 1)]


@dataclass(slots=True)
class Columns:
    """The columns of a table and their types, found by looking at all of its rows once."""

    kinds: dict[str, str] = field(default_factory=lambda: dict.fromkeys(ABOUT_REQUEST, ""))
    """Of each column: bool, int, float, text; empty where every cell is null."""

    def add(self, cells: Mapping[str, Json]) -> None:
        """Take the cells of a row into account."""
        for name, value in cells.items():
            self.kinds[name] = _wider(self.kinds.get(name, ""), kind_of(value))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns: what tells of the request, the inputs, prediction, label."""
        last = [name for name in (REQUEST, PREDICTION, LABEL) if self.kinds.get(name)]
        inputs = [name for name in self.kinds if name not in OWN]
        return (*ABOUT_REQUEST, *inputs, *last)

    def cells(self, row: Mapping[str, Json]) -> list[bool | int | float | str | None]:
        """Return the cells of a row, each of its column's type."""
        return [_as_kind(row.get(name), self.kinds[name]) for name in self.names]


def kind_of(value: Json) -> str:
    """Return the type that a column of such values has; empty for null."""
    match value:
        case None:
            return ""
        case bool():
            return "bool"
        case int():
            return "int" if value in WHOLE_NUMBERS else "text"
        case float():
            return "float"
    return "text"


def _wider(one: str, other: str) -> str:
    if one == other or not other:
        return one
    if not one:
        return other
    return "float" if {one, other} == {"int", "float"} else "text"


def _as_kind(value: Json, kind: str) -> bool | int | float | str | None:
    if value is None or isinstance(value, str):
        return value
    if kind == "text" or isinstance(value, list | dict):
        return json_text.line(value)
    return float(value) if kind == "float" else value
