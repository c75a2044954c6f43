"""What a column of a table of runs holds."""

import pytest

from mlops_tui.domain.experiments.run_column import RunColumn, Source, reader
from mlops_tui.domain.runs.best_value import BestValue
from mlops_tui.domain.runs.run import Run, RunStatus

RUN = Run(
    "r",
    "1",
    "forest",
    RunStatus.FINISHED,
    5_000,
    9_000,
    metrics={"loss": 0.25, "nan": float("nan")},
    params={"a:b": "1"},
    tags={"team": "x"},
    datasets={"iris": "abc"},
    extremes={"loss": BestValue("r", "loss", 0.125, 3, 2.0, 1, is_exact=True)},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name", "forest"),
        ("status", "FINISHED"),
        ("age", 6.0),
        ("duration", 4.0),
        ("metric:loss", 0.25),
        ("metric:nan", None),
        ("metric:other", None),
        ("min:loss", 0.125),
        ("min-step:loss", 3),
        ("max:loss", 2.0),
        ("max-step:loss", 1),
        ("max:other", None),
        ("param:a:b", "1"),
        ("tag:team", "x"),
        ("dataset:iris", "abc"),
    ],
)
def test_a_column_is_read_by_its_text(text: str, value: object) -> None:
    column = RunColumn.of(text)
    assert str(column) == text
    assert reader(column, 11.0)(RUN) == value


@pytest.mark.parametrize("text", ["", "loss", "metric:", "nope:x", "attribute:name"])
def test_what_names_no_column_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no column|not a valid Source"):
        RunColumn.of(text)


def test_some_columns_measure_some_look_at_histories() -> None:
    assert RunColumn(Source.METRIC, "x").is_number
    assert not RunColumn(Source.METRIC, "x").looks_at_history
    assert RunColumn(Source.MAX_STEP, "x").looks_at_history
    assert not RunColumn(Source.PARAM, "x").is_number


@pytest.mark.parametrize(
    ("text", "turned"),
    [("min:loss", "max:loss"), ("max-step:a:b", "min-step:a:b"), ("metric:min", "metric:min")],
)
def test_a_column_of_an_extreme_can_be_turned(text: str, turned: str) -> None:
    assert str(RunColumn.of(text).turned) == turned
