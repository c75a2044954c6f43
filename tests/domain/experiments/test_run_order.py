"""Runs sorted by a column."""

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_order import in_order, server_order
from mlops_tui.domain.experiments.run_view import SortKey
from tests.domain.runs.run_filter.runs import NOW, make

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


@pytest.mark.parametrize(
    ("columns", "order"),
    [
        (("metric:val loss", "-started"), ["metrics.`val loss` DESC", "attributes.start_time ASC"]),
        (("age", "-name"), ["attributes.start_time ASC", "attributes.run_name ASC"]),
        (("-age", "status"), ["attributes.start_time DESC", "attributes.status DESC"]),
        (("metric:loss", "param:lr"), None),
        (("duration",), None),
        (("min:loss",), None),
        ((), None),
    ],
)
def test_what_mlflow_sorts_as_we_do_it_can_be_asked_for(
    columns: tuple[str, ...], order: list[str] | None
) -> None:
    keys = [SortKey(RunColumn.of(c.lstrip("-")), not c.startswith("-")) for c in columns]
    assert server_order(keys) == order
