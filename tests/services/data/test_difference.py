"""The difference of two versions of a table."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.data import difference
from mlops_tui.services.data.difference import compare_files

BEFORE = pa.table({"id": [1, 2, 3, 4], "a": [1.0, 2.0, 3.0, 4.0], "old": ["x", "x", "x", "x"]})
AFTER = pa.table({"id": [5, 4, 3, 2], "a": [5.0, 4.0, 3.5, None], "new": ["y", "y", "y", "y"]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    parquet.write_table(BEFORE, tmp_path / "before.parquet")
    csv.write_csv(AFTER, tmp_path / "after.csv")
    parquet.write_table(AFTER, tmp_path / "after.parquet")
    return tmp_path


@pytest.mark.parametrize("after", ["after.csv", "after.parquet"])
def test_columns_rows_and_keys_are_compared(folder: Path, after: str) -> None:
    found = compare_files("before.parquet", after, folder, key=["id"])
    assert (found.added_columns, found.removed_columns) == (("new",), ("old",))
    assert (found.rows_before, found.rows_after) == (4, 4)
    assert (found.added_rows, found.removed_rows) == (3, 3)
    assert found.keys
    assert (found.keys.added, found.keys.removed, found.keys.changed) == (1, 1, 2)
    changed = {row.key: row.cells for row in found.keys.rows}
    assert changed == {("2",): {"a": ("2.0", "")}, ("3",): {"a": ("3.0", "3.5")}}
    assert [each.name for each in found.drift.features] != []
    assert "By id: 1 added, 1 removed, 2 changed." in found.sentence
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_same_rows_in_another_order_are_the_same(folder: Path) -> None:
    parquet.write_table(BEFORE.take([3, 1, 0, 2]), folder / "shuffled.parquet")
    found = compare_files("before.parquet", "shuffled.parquet", folder)
    assert found.is_same
    assert found.sentence == "The same 4 rows."
    assert found.keys is None
    assert found.to_dict()["keys"] is None


def test_a_row_that_is_there_once_more_is_added(folder: Path) -> None:
    csv.write_csv(pa.table({"a": [1, 1, 2]}), folder / "one.csv")
    csv.write_csv(pa.table({"a": [1, 1, 1, 2]}), folder / "two.csv")
    found = compare_files("one.csv", "two.csv", folder, key=["a"])
    assert (found.added_rows, found.removed_rows) == (1, 0)
    assert found.keys
    assert (found.keys.repeated, found.keys.changed) == (3, 0)


def test_what_cannot_be_compared_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="has no column 'key'; it has id, a, old"):
        compare_files("before.parquet", "after.csv", folder, key=["key"])
    monkeypatch.setattr(difference, "MOST_COLUMNS", 1)
    found = compare_files("before.parquet", "after.parquet", folder)
    assert found.remarks == ("Rows are compared by the first 1 of 2 columns.",)
    monkeypatch.setattr(difference, "MOST_KEYS", 3)
    with pytest.raises(InvalidInput, match="too many to compare by a key"):
        compare_files("before.parquet", "after.parquet", folder, key=["id"])


def test_types_that_changed_are_named(folder: Path) -> None:
    parquet.write_table(pa.table({"id": ["1", "2"]}), folder / "text.parquet")
    found = compare_files("before.parquet", "text.parquet", folder)
    assert ("id", "int64", "string") in found.changed_types


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=12),
    st.lists(st.integers(0, 6), min_size=1, max_size=12),
)
def test_added_and_removed_rows_are_those_of_multisets(
    tmp_path_factory: pytest.TempPathFactory, ours: list[int], theirs: list[int]
) -> None:
    from collections import Counter

    folder = tmp_path_factory.mktemp("tables")
    for name, values in (("a", ours), ("b", theirs)):
        parquet.write_table(pa.table({"x": values}), folder / f"{name}.parquet")
    found = compare_files("a.parquet", "b.parquet", folder)
    assert found.added_rows == (Counter(theirs) - Counter(ours)).total()
    assert found.removed_rows == (Counter(ours) - Counter(theirs)).total()
