"""Which values of a form name data."""

import pytest

from mlops_tui.domain.data.given_data import (
    GivenData,
    from_text,
    may_be_file,
    may_be_folder,
    to_text,
)


@pytest.mark.parametrize(
    ("parameter", "text", "is_data"),
    [
        ("train_file", "rows.csv", True),
        ("data", "/data/rows.CSV.gz", True),
        ("x", "a.parquet", True),
        ("output", "rows.csv", False),
        ("config", "settings.json", False),
        ("script", "train.py", False),
        ("lr", "0.01", False),
        ("name", "", False),
    ],
)
def test_a_file_of_data_is_known_by_its_names(parameter: str, text: str, is_data: bool) -> None:
    assert may_be_file(parameter, text) is is_data


def test_a_folder_of_data_is_known_by_its_parameter() -> None:
    assert may_be_folder("train_dir")
    assert not may_be_folder("output_dir")
    assert not may_be_folder("cache")


@pytest.mark.parametrize(
    ("parameter", "context"),
    [
        ("train_file", "training"),
        ("test_file", "testing"),
        ("hold-out", "testing"),
        ("val_file", "validation"),
        ("valid", "validation"),
        ("value_file", "training"),
        ("data", "training"),
    ],
)
def test_the_context_is_that_of_the_parameter(parameter: str, context: str) -> None:
    assert GivenData(parameter, "/a.csv", 1, 1).context == context


def test_what_a_record_keeps_is_read_back() -> None:
    given = (GivenData("data", "/x/[red].csv", 3, 4, digest="d", commit="c", is_dirty=True),)
    assert from_text(to_text(given)) == given
    assert given[0].name == "[red].csv"
    assert given[0].is_same_file(3, 4)
    assert not given[0].is_same_file(3, 5)


@pytest.mark.parametrize("text", ["", "{", "3", "[3]", '[{"path": 3}]', "[" * 100_000])
def test_what_makes_no_sense_is_nothing(text: str) -> None:
    assert from_text(text) == ()
