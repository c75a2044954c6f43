"""Versions of a model as rows: which pass a filter, in what order."""

import pytest

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.runs.run_filter import parse, passes
from mlops_tui.domain.versions.row_keys import row_keys
from mlops_tui.domain.versions.version_row import ModelFiles, VersionRow, arranged
from tests.domain.made_up import made_up

NOW = 1_000_000.0


def version(number: str, stage: Stage = Stage.NONE, **more: object) -> ModelVersion:
    return ModelVersion("Iris", number, stage, **more)  # type: ignore[arg-type]


ROWS = (
    VersionRow(
        version(
            "1",
            Stage.PRODUCTION,
            aliases=("champion", "blue"),
            tags={"team": "botany"},
            created_at=999_000_000,
            user="ann",
        ),
        made_up("a", {"lr": 0.1}, {"acc": 0.75}),
        ModelFiles(("sklearn",), 2_000),
        "passed",
    ),
    VersionRow(
        version("2", created_at=999_900_000),
        made_up("b", {"lr": 0.2}, {"acc": float("nan"), "loss": 2.0}),
        ModelFiles(("pytorch", "onnx"), 10_000),
        "failed",
    ),
    VersionRow(version("10", Stage.STAGING, status="FAILED_REGISTRATION", description="odd")),
)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("stage:production", ["1"]),
        ("stage:prod | stage:staging", ["10", "1"]),
        ("alias:champion", ["1"]),
        ("gate:failed", ["2"]),
        ("-gate:failed", ["10", "1"]),
        ("acc>0.5", ["1"]),
        ("lr<0.15", ["1"]),
        ("lr=0.2", ["2"]),
        ("team=botany", ["1"]),
        ("tag:botany", ["1"]),
        ("flavor:onnx", ["2"]),
        ("status:failed", ["10"]),
        ("user:ann", ["1"]),
        ("age<500s", ["2"]),
        ("v10", ["10"]),
        ("odd", ["10"]),
        ("champion", ["1"]),
    ],
)
def test_versions_are_found_as_runs_are_and_by_stage_alias_gate(
    words: str, numbers: list[str]
) -> None:
    test = passes(parse(words), lambda: NOW)
    assert [row.version.version for row in arranged(ROWS, (), NOW, test)] == numbers


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        ("version:number", ["10", "2", "1"]),
        ("metric:acc", ["1", "10", "2"]),
        ("param:lr", ["2", "1", "10"]),
        ("version:size", ["2", "1", "10"]),
        ("version:flavor", ["1", "2", "10"]),
        ("version:age", ["1", "2", "10"]),
        ("version:gate", ["1", "2", "10"]),
        ("tag:team", ["1", "10", "2"]),
        ("version:bogus", ["10", "2", "1"]),
    ],
)
def test_versions_are_sorted_by_any_column_what_has_nothing_comes_last(
    column: str, numbers: list[str]
) -> None:
    order = (SortKey(RunColumn.of(column)),)
    assert [row.version.version for row in arranged(ROWS, order, NOW)] == numbers


def test_the_columns_that_tell_most_come_from_the_runs() -> None:
    keys = row_keys(ROWS)
    assert (keys.metrics, keys.params, keys.tags) == (
        ("acc", "loss"),
        ("lr",),
        ("team",),
    )
    assert set(keys.first_columns) == {"metric:acc", "metric:loss", "param:lr"}
