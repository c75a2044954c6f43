"""The rows of a chunk as a table, sampled where there are too many; then taken apart by meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlops_tui.domain import json_text
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.serving.captured import LABEL, PREDICTION, Columns
from mlops_tui.services.drift.sampling import SAMPLE, Sample

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 1_000
"""Captured rows that become a table together."""
ID, ROW, OF = "request_id", "row", "mlops_tui.rows_of_request"
NOT_INPUT = frozenset((ID, ROW, OF, "at", "seconds", "status", "version", "request"))
PROBABILITY = "probability_"
"""How the names of columns with probabilities begin, one of each class."""


class SampledRows:
    """The rows of a chunk as they come, all of them up to ``SAMPLE``, then a sample."""

    def __init__(self) -> None:
        self._sample = Sample(SAMPLE)
        self._cells: list[dict[str, Any]] = []
        self.count = 0

    def add(self, rows: Any) -> None:
        """Take rows in: a table, or those of a captured request."""
        self.count += len(rows)
        if not isinstance(rows, list):
            self._sample.add(decoded(rows))
            return
        self._cells += [{**cells, OF: len(rows)} for cells in rows]
        if len(self._cells) >= AT_ONCE:
            self._flush()

    def table(self) -> "pa.Table":
        """Return the rows that were kept, in their order."""
        self._flush()
        return joined(list(self._sample.tables()))

    def _flush(self) -> None:
        if self._cells:
            self._sample.add(table_of_cells(self._cells))
            self._cells = []


def table_of_cells(rows: Sequence[dict[str, Any]]) -> "pa.Table":
    """Return captured rows as a table; a column of several kinds becomes text."""
    import pyarrow as pa

    columns = Columns()
    for cells in rows:
        columns.add(cells)
    types = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "": pa.null()}
    found = {}
    for name, kind in columns.kinds.items():
        values = [_cell(cells.get(name), kind) for cells in rows]
        found[name] = pa.array(values, types.get(kind, pa.string()))
    return pa.table(found)


def decoded(table: "pa.Table") -> "pa.Table":
    """Return a table whose columns of bytes, as text files give them, are numbers, else text."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            cells = table.column(place).to_pylist()
            text = [None if each is None else each.decode("utf-8", "replace") for each in cells]
            column = pa.array(text, pa.string())
            told = column if field.name == ID else _as_numbers(column)
            table = table.set_column(place, field.name, told)
    return table


def _as_numbers(column: "pa.Array") -> "pa.Array":
    """Return the numbers that all cells of a column are, else the column; empty ones are null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(column)
    filled = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    for kind in (pa.int64(), pa.float64()):
        try:
            return pc.cast(filled, kind)
        except pa.ArrowInvalid:
            continue
    return column


def _cell(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "text" or isinstance(value, list | dict):
        text = value if isinstance(value, str) else json_text.line(value)
        return text.encode("utf-8", "backslashreplace").decode()
    return float(value) if kind == "float" else value


def joined(tables: Sequence["pa.Table"]) -> "pa.Table":
    """Return tables as one, whose columns may differ: in names, and in types."""
    import pyarrow as pa

    if len(tables) < 2:  # noqa: PLR2004 - nothing to join
        return tables[0] if tables else pa.table({})
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.concat_tables(map(_as_text, tables), promote_options="permissive")


def _as_text(table: "pa.Table") -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    arrays = []
    for column in table.columns:
        try:
            arrays.append(pc.cast(column, pa.string()))
        except pa.ArrowNotImplementedError:
            arrays.append(pa.array([str(each) for each in column.to_pylist()], pa.string()))
    return pa.Table.from_arrays(arrays, names=table.column_names)


@dataclass(frozen=True, slots=True)
class TakenApart:
    """A table by what its columns mean; each part is None where there is no such column."""

    inputs: "pa.Table"
    ids: tuple[str, ...] | None
    places: tuple[int, ...]
    """Of each row, its number in the request."""
    sizes: tuple[int, ...]
    """Of each row, how many rows the request has."""
    predictions: "pa.ChunkedArray | None"
    probabilities: Any
    """An array of rows by classes."""
    truth: "pa.ChunkedArray | None"


def taken_apart(table: "pa.Table", plan: MonitorPlan) -> TakenApart:
    """Return the parts of a chunk, or of a reference."""
    names = table.column_names
    prediction = next((each for each in (plan.prediction, PREDICTION) if each in names), None)
    target = next((each for each in (plan.target, LABEL) if each and each in names), None)
    probable = sorted(
        (each for each in names if each.startswith(PROBABILITY)),
        key=lambda name: (len(name), name),
    )
    own = NOT_INPUT | {prediction, target, *probable}
    inputs = table.select([each for each in names if each not in own])
    count = table.num_rows
    ids = table[ID].to_pylist() if ID in names else None
    return TakenApart(
        inputs=inputs,
        ids=None if ids is None else tuple(str(each) for each in ids),
        places=_whole(table, ROW, range(count)) if ids is not None else tuple(range(count)),
        sizes=_whole(table, OF, [1] * count),
        predictions=table[prediction] if prediction else None,
        probabilities=_matrix(table, probable),
        truth=table[target] if target else None,
    )


def _whole(table: "pa.Table", name: str, otherwise: Sequence[int]) -> tuple[int, ...]:
    if name not in table.column_names:
        return tuple(otherwise)
    found = table[name].to_pylist()
    return tuple(each if isinstance(each, int) else 0 for each in found)


def _matrix(table: "pa.Table", names: Sequence[str]) -> Any:
    import numpy as np
    import pyarrow as pa

    if not names:
        return None
    try:
        columns = [table[name].cast(pa.float64()).to_numpy() for name in names]
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    found = np.column_stack(columns)
    return found if np.isfinite(found).all() else None
