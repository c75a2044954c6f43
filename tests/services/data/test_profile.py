"""Profiles of tables in files."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.services.data import profile as profiles
from mlops_tui.services.data import row_hashes
from mlops_tui.services.data.profile import profile_files
from mlops_tui.services.data.row_hashes import RowHashes, hash_rows

TRAIN = pa.table(
    {
        "age": [1.0, 2.0, 3.0, None, 1.0],
        "kind": ["[red]", "b", "b", "b", "[red]"],
        "huge": [1e308, -1e308, 0.0, 0.0, 1e308],
        "list": [[1], [2], [3], [4], [5]],
        "none": pa.nulls(5),
    }
)


def test_columns_have_types_ranges_and_bars(tmp_path: Path) -> None:
    parquet.write_table(TRAIN, tmp_path / "train.parquet")
    found = profile_files("train.parquet", tmp_path)
    assert (found.rows, found.looked_at) == (5, 5)
    age, kind, huge, listed, none = found.columns
    assert (age.kind, age.dtype, age.nulls, age.distinct) == ("number", "double", 0.2, 3)
    assert (age.quantiles[0], age.quantiles[-1], age.mean) == (1.0, 3.0, 1.75)
    assert sum(age.bars) == pytest.approx(1)
    assert (kind.kind, kind.distinct, kind.top) == ("category", 2, ("b", "[red]"))
    assert kind.bars == (0.6, 0.4)
    assert (huge.quantiles[0], huge.quantiles[-1]) == (-1e308, 1e308)
    assert sum(huge.bars) == pytest.approx(1)
    assert "not compared" in listed.remark
    assert none.remark == "null, which is not compared"


def test_duplicates_and_overlap_are_counted_over_formats(tmp_path: Path) -> None:
    train = pa.table({"a": [1, 2, 2, 4], "b": ["x", "y", "y", None]})
    parquet.write_table(train, tmp_path / "train.parquet")
    csv.write_csv(pa.table({"a": [2, 4, 9], "b": ["y", "", "z"]}), tmp_path / "test.csv")
    found = profile_files("train.parquet", tmp_path, against="test.csv")
    assert found.duplicates == 1
    assert found.overlap
    assert (found.overlap.rows, found.overlap.shared) == (3, 2)
    assert found.sentence == (
        "4 rows, 2 columns, 1 duplicate row. 2 of 3 rows of test.csv occur here."
    )


def test_a_large_table_is_sampled_and_it_is_said(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"a": list(range(60_000))}), tmp_path / "t.parquet")
    found = profile_files("t.parquet", tmp_path)
    assert (found.rows, found.looked_at, found.duplicates) == (60_000, 50_000, 0)
    assert "50,000 of them looked at" in found.sentence
    assert profile_files("t.parquet", tmp_path, full=True).looked_at == 60_000


def test_wide_tables_are_compared_by_their_first_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "MOST_HASHED", 1)
    csv.write_csv(pa.table({"a": [1, 1], "b": [1, 2]}), tmp_path / "t.csv")
    found = profile_files("t.csv", tmp_path)
    assert found.duplicates == 1
    assert found.remarks == ("Rows are compared by the first 1 of 2 columns.",)


def test_broken_rows_are_left_out_and_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3\n4,5\n")
    found = profile_files("t.csv", tmp_path)
    assert found.rows == 2
    assert "could not be read" in found.remarks[0]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        profile_files("gone.csv", tmp_path)
    (tmp_path / "t.parquet").write_text("no")
    with pytest.raises(InvalidInput):
        profile_files("t.parquet", tmp_path)


def test_many_rows_are_held_in_part_the_same_of_both_tables() -> None:
    ours, theirs = RowHashes(most=100), RowHashes(most=1_000)
    for start in range(0, 1_000, 250):
        table = pa.table({"a": list(range(start, start + 250))})
        ours.add(hash_rows(table, ["a"]))
        theirs.add(hash_rows(table, ["a"]))
    assert ours.rows == theirs.rows == 1_000
    assert 10 < len(ours.values()) <= 100
    assert set(ours.values()) == set(theirs.values(ours.bits))
    assert len(RowHashes().values()) == 0
    assert row_hashes.MOST > 1_000_000


def test_a_column_that_is_missing_counts_as_empty() -> None:
    with_null = pa.table({"a": [1, 2], "b": pa.nulls(2, pa.string())})
    without = pa.table({"a": [1.0, 2.0]})
    names = ["a", "b"]
    assert list(hash_rows(with_null, names)) == list(hash_rows(without, names))
    assert len(set(hash_rows(pa.table({"a": ["x", "1"]}), ["a"]))) == 2


def test_a_text_that_reads_as_a_number_equals_it() -> None:
    numbers = hash_rows(pa.table({"a": [1.5, -0.0, 1e3, None]}), ["a"])
    texts = pa.table({"a": [" 1.50", "0", "+1E3", ""]})
    assert list(hash_rows(texts, ["a"])) == list(numbers)
    mixed = pa.table({"a": ["1.5", "x", None, "1e999"]})
    assert hash_rows(mixed, ["a"])[0] == numbers[0]
    packed = pa.table({"a": pa.array([b"1.5", b"\xff", None, b""])})
    assert hash_rows(packed, ["a"])[0] == numbers[0]
    others = pa.table({"a": [True, False], "b": [[1], [2]]})
    assert len(set(hash_rows(others, ["a", "b"]))) == 2
    assert len(hash_rows(pa.table({"a": pa.array([], pa.string())}), ["a"])) == 0
