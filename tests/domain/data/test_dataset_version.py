"""Versions of data sets as their uses tell them."""

import pytest

from mlops_tui.domain.data.dataset_version import (
    DatasetUse,
    TrainedModel,
    column_count,
    datasets_of_versions,
    is_trained_on,
    row_count,
    source_text,
    versions_of_uses,
)


def _use(name: str, digest: str, context: str, runs: int, first: int, last: int) -> DatasetUse:
    return DatasetUse(name, digest, "local", context, runs, first, last)


def test_uses_are_gathered_by_version_and_name() -> None:
    uses = [
        _use("iris", "d1", "training", 2, 10, 20),
        _use("iris", "d1", "testing", 1, 5, 15),
        _use("iris", "d2", "", 1, 30, 30),
        DatasetUse("wine", "d1", "http", "training", 4, None, None),
    ]
    models = {("iris", "d1"): (TrainedModel("flowers", "2"), TrainedModel("flowers", "2"))}
    versions = versions_of_uses(uses, models)
    assert [each.key for each in versions] == [("iris", "d2"), ("iris", "d1"), ("wine", "d1")]
    assert versions[1].contexts == ("training", "testing")
    assert (versions[1].runs, versions[1].first_used_at, versions[1].last_used_at) == (3, 5, 20)
    iris, wine = datasets_of_versions(versions)
    assert (iris.newest, iris.versions, iris.runs, iris.first_used_at) == ("d2", 2, 4, 5)
    assert [str(model) for model in iris.models] == ["flowers v2"]
    assert (wine.last_used_at, wine.first_used_at) == (None, None)


@pytest.mark.parametrize(
    ("context", "learns"),
    [("training", True), ("", True), ("Test", False), ("validation", False), ("eval", False)],
)
def test_only_some_contexts_are_of_training(context: str, learns: bool) -> None:
    assert is_trained_on(context) is learns


@pytest.mark.parametrize(
    ("profile", "rows"),
    [
        ('{"num_rows": 150, "num_elements": 750}', 150),
        ('{"num_rows": "many"}', None),
        ('{"num_rows": -1}', None),
        ("[1]", None),
        ("", None),
        ("{", None),
    ],
)
def test_rows_are_those_of_the_profile(profile: str, rows: int | None) -> None:
    assert row_count(profile) == rows


@pytest.mark.parametrize(
    ("schema", "columns"),
    [
        ('{"mlflow_colspec": [{"type": "double"}, {"type": "long"}]}', 2),
        ('{"mlflow_tensorspec": {"features": "[]", "targets": null}}', 1),
        ('{"mlflow_tensorspec": {}}', None),
        ("{}", None),
        ("[]", None),
        ("", None),
        ("[" * 100_000, None),
    ],
)
def test_columns_are_counted(schema: str, columns: int | None) -> None:
    assert column_count(schema) == columns


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{"uri": "/data/iris.csv"}', "/data/iris.csv"),
        ('{"tags": {"mlflow.source.name": "train.py"}}', "train.py"),
        ('{"other": "x"}', "x"),
        ("not JSON", "not JSON"),
        ("", ""),
    ],
)
def test_the_place_is_taken_from_the_source(source: str, text: str) -> None:
    assert source_text(source) == text
