"""The summary of a table: all that a comparison needs, small enough to be stored."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.drift.number_effects import Numbers

FORMAT = 1
"""Raised when a stored summary can no longer be read."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What is known of any column."""

    name: str
    dtype: str
    """The type in Arrow's words."""
    rows: int
    """Rows that were looked at."""
    nulls: int
    """Rows without a value: null, NaN, or a text that is no number among numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class NumberColumn:
    """A column of numbers; dates and times are seconds since the epoch."""

    facts: ColumnFacts
    numbers: Numbers
    """The finite ones."""
    infinite: tuple[int, int] = (0, 0)
    """How many are -∞, and ∞."""
    unreadable: int = 0
    """Texts among them that are no numbers; they count as missing."""


@dataclass(frozen=True, slots=True, eq=False)
class CategoryColumn:
    """A column of categories, the most frequent first."""

    facts: ColumnFacts
    labels: tuple[str, ...]
    counts: Any
    """An array of integers."""


@dataclass(frozen=True, slots=True)
class OtherColumn:
    """A column that is not compared; ``reason`` says why."""

    facts: ColumnFacts
    reason: str
    """Empty where it has no values."""


Column = NumberColumn | CategoryColumn | OtherColumn


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """A table as a comparison sees it."""

    rows: int
    looked_at: int
    """Rows that were used: fewer where they were sampled."""
    columns: Mapping[str, Column] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    """What was left out of the table."""

    def only(self, names: Iterable[str]) -> "Summary":
        """Return the summary with some columns; raises ``InvalidInput`` where one is missing."""
        wanted = list(names)
        if missing := [name for name in wanted if name not in self.columns]:
            has = ", ".join(list(self.columns)[:8])
            raise InvalidInput(f"There is no column {missing[0]!r}; there are {has}.")
        return replace(self, columns={name: self.columns[name] for name in wanted})

    def to_bytes(self) -> bytes:
        """Return the summary as a file of NumPy (npz) with a JSON text in it."""
        import numpy as np

        arrays: dict[str, Any] = {}
        told = [_told(column, f"{n}", arrays) for n, column in enumerate(self.columns.values())]
        text = json.dumps(
            {
                "format": FORMAT,
                "rows": self.rows,
                "looked_at": self.looked_at,
                "remarks": self.remarks,
                "columns": told,
            }
        )
        arrays["about"] = np.frombuffer(text.encode(), np.uint8)
        file = BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Summary":
        """Return the summary from what ``to_bytes`` gave; raises ``InvalidInput``."""
        import numpy as np

        try:
            with np.load(BytesIO(data), allow_pickle=False) as file:
                about = json.loads(file["about"].tobytes())
                told = {FORMAT: about["columns"]}[about["format"]]
                columns = [_read(each, f"{n}", file) for n, each in enumerate(told)]
        except Exception as error:  # foreign bytes fail in many ways
            raise InvalidInput(
                "This is no summary of a table that this release can read.",
                "Make it again from the rows.",
            ) from error
        named = {column.facts.name: column for column in columns}
        return cls(about["rows"], about["looked_at"], named, tuple(about["remarks"]))


def _told(column: Column, key: str, arrays: dict[str, Any]) -> dict[str, Any]:
    """Return a column as JSON has it; its arrays are added to those of the file."""
    facts = column.facts
    told: dict[str, Any] = {"facts": [facts.name, facts.dtype, facts.rows, facts.nulls]}
    if isinstance(column, NumberColumn):
        arrays[f"{key}.values"] = column.numbers.values
        if column.numbers.weights is not None:
            arrays[f"{key}.weights"] = column.numbers.weights
        return {
            **told,
            "kind": "number",
            "infinite": column.infinite,
            "unreadable": column.unreadable,
        }
    if isinstance(column, CategoryColumn):
        arrays[f"{key}.counts"] = column.counts
        return {**told, "kind": "category", "labels": column.labels}
    return {**told, "kind": "other", "reason": column.reason}


def _read(told: Mapping[str, Any], key: str, file: Any) -> Column:
    facts = ColumnFacts(*told["facts"])
    if told["kind"] == "number":
        weights = file.get(f"{key}.weights")
        numbers = Numbers(file[f"{key}.values"], weights)
        low, high = told["infinite"]
        return NumberColumn(facts, numbers, (low, high), told["unreadable"])
    if told["kind"] == "category":
        return CategoryColumn(facts, tuple(told["labels"]), file[f"{key}.counts"])
    return OtherColumn(facts, told["reason"])
