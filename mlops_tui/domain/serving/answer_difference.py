"""How two models' answers to one request differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from mlops_tui.domain import json_text
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.serving.query_result import QueryResult


@dataclass(frozen=True, slots=True)
class RowDifference:
    """The predictions for one row; the text is empty where there is none."""

    number: int
    first: str
    second: str
    difference: float | None
    """The largest between two numbers at the same place, None without numbers to compare."""

    @property
    def is_equal(self) -> bool:
        """Whether both predict the same."""
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """Two answers, row by row."""

    rows: tuple[RowDifference, ...]
    first: QueryResult
    second: QueryResult

    @property
    def equal(self) -> int:
        """The number of rows with the same prediction."""
        return sum(row.is_equal for row in self.rows)

    @property
    def is_equal(self) -> bool:
        """Whether both predicted, and the same everywhere."""
        return self.first.ok and self.second.ok and self.equal == len(self.rows)

    def describe(self) -> str:
        """Return it in a sentence."""
        if not (self.first.ok and self.second.ok):
            return f"The answers have the status {self.first.status} and {self.second.status}."
        known = [row.difference for row in self.rows if row.difference is not None]
        largest = f", largest difference {max(known):.6g}" if any(known) else ""
        return f"{self.equal:,} of {len(self.rows):,} predictions are equal{largest}."


def difference(first: QueryResult, second: QueryResult) -> AnswerDifference:
    """Compare two answers to one request."""
    if not (first.ok and second.ok):
        return AnswerDifference((), first, second)
    pairs = zip_longest(_rows(first), _rows(second), fillvalue=_NONE)
    rows = (_row(number, one, other) for number, (one, other) in enumerate(pairs))
    return AnswerDifference(tuple(rows), first, second)


_NONE: list[Json] = []
"""Stands for a prediction that is not there; told apart by identity."""


def _row(number: int, one: Json, other: Json) -> RowDifference:
    first, second = ("" if each is _NONE else json_text.line(each) for each in (one, other))
    known = [abs(a - b) for a, b in _numbers(one, other)]
    return RowDifference(number, first, second, max(known, default=None))


def _rows(result: QueryResult) -> Sequence[Json]:
    told = result.predictions
    return told if isinstance(told, list) else [told]


def _numbers(one: Json, other: Json) -> Iterator[tuple[float, float]]:
    """Return the numbers that stand at the same place in both."""
    if isinstance(one, list) and isinstance(other, list):
        for a, b in zip(one, other, strict=False):
            yield from _numbers(a, b)
    elif isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() & other.keys():
            yield from _numbers(one[name], other[name])
    elif _is_number(one) and _is_number(other):
        yield float(one), float(other)  # type: ignore[arg-type]  # both are numbers


def _is_number(value: Json) -> bool:
    return isinstance(value, float) or (
        isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e300  # noqa: PLR2004 - what a float holds
    )
