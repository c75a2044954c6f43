"""What differs between two versions of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlops_tui.domain.drift.drift_report import DriftReport
from mlops_tui.domain.plain_text import counted


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that both versions have by its key: column to the values before and after."""

    key: tuple[str, ...]
    cells: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeyDifference:
    """Which keys one version has and the other lacks, of the ``compared`` rows of both.

    ``changed`` counts keys whose rows differ; ``rows`` shows some of them.
    """

    names: tuple[str, ...]
    added: int
    removed: int
    changed: int
    rows: tuple[ChangedRow, ...]
    repeated: int = 0
    """Rows of either version whose key occurs before: of those the last one counts."""


@dataclass(frozen=True, slots=True)
class TableDifference:
    """What differs between two versions of a table: their columns, rows, keys, distributions."""

    before: str
    after: str
    rows_before: int
    rows_after: int
    added_columns: tuple[str, ...]
    removed_columns: tuple[str, ...]
    changed_types: tuple[tuple[str, str, str], ...]
    """Column, its type before, its type after."""
    removed_rows: int
    """Rows of the former version that the latter lacks, by all columns of both."""
    added_rows: int
    drift: DriftReport
    keys: KeyDifference | None = None
    remarks: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether both have the same columns and rows."""
        columns = self.added_columns or self.removed_columns or self.changed_types
        return not (columns or self.removed_rows or self.added_rows)

    @property
    def sentence(self) -> str:
        """The difference in a sentence."""
        if self.is_same:
            return f"The same {counted(self.rows_after, 'row')}."
        rows = f"{self.rows_before:,} → {counted(self.rows_after, 'row')}"
        text = f"{rows}: {self.added_rows:,} added, {self.removed_rows:,} removed."
        if self.keys:
            keys = self.keys
            named = ", ".join(keys.names)
            text += (
                f" By {named}: {keys.added:,} added, {keys.removed:,} removed, "
                f"{keys.changed:,} changed."
            )
        return text

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON has it."""
        keys = self.keys
        return {
            "before": self.before,
            "after": self.after,
            "same": self.is_same,
            "rows": {
                "before": self.rows_before,
                "after": self.rows_after,
                "added": self.added_rows,
                "removed": self.removed_rows,
            },
            "columns": {
                "added": list(self.added_columns),
                "removed": list(self.removed_columns),
                "types": [
                    {"name": name, "before": was, "after": now}
                    for name, was, now in self.changed_types
                ],
            },
            "keys": keys
            and {
                "names": list(keys.names),
                "added": keys.added,
                "removed": keys.removed,
                "changed": keys.changed,
                "repeated": keys.repeated,
                "rows": [
                    {"key": list(row.key), "cells": {n: list(v) for n, v in row.cells.items()}}
                    for row in keys.rows
                ],
            },
            "drift": self.drift.to_dict(),
        }
