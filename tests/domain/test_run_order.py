"""Runs sorted by a column."""

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.run_order import in_order
from tests.domain.run_filter.runs import NOW, make

RUNS = [
    make(name="b", metrics={"x": 2.0}, params={"lr": "0.1"}, started_at=NOW * 1000 - 5),
    make(name="A", metrics={"x": float("nan")}, params={"lr": "1e-3"}, started_at=NOW * 1000 - 9),
    make(name="c", metrics={}, params={"lr": "auto"}, started_at=None, ended_at=None),
    make(name="d", metrics={"x": 10.0}, params={}, started_at=NOW * 1000 - 7),
    make(name="e", metrics={"x": 2.0}, params={}, started_at=NOW * 1000 - 8),
]


def names(column: str, *, greatest_first: bool = True) -> str:
    runs = in_order(RUNS, column, greatest_first=greatest_first, clock=lambda: NOW)
    return "".join(run.name for run in runs)


@pytest.mark.parametrize(
    ("column", "greatest", "least"),
    [
        ("x", "dbeAc", "bedAc"),
        ("metric:x", "dbeAc", "bedAc"),
        ("lr", "bAcde", "cAbde"),
        ("name", "edcbA", "Abcde"),
        ("age", "Aedbc", "bdeAc"),
        ("started", "bdeAc", "Aedbc"),
    ],
)
def test_runs_are_sorted_with_what_is_missing_last(column: str, greatest: str, least: str) -> None:
    assert names(column) == greatest
    assert names(column, greatest_first=False) == least


def test_a_column_that_no_run_has_is_told() -> None:
    with pytest.raises(InvalidInput, match="No run has nope"):
        in_order(RUNS, "nope")
    assert in_order([], "nope") == []
