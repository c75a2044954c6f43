"""Files of all kinds, summarised in bounded memory."""

import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.services.data.table_batches import batches
from mlops_tui.services.drift import column_values, sampling, tables
from mlops_tui.services.drift.column_gathering import GatheredNumbers
from mlops_tui.services.drift.comparison import compare
from mlops_tui.services.drift.number_effects import Numbers, effects
from mlops_tui.services.drift.summary import NumberColumn, Summary
from mlops_tui.services.drift.tables import summarise, summarise_files
from mlops_tui.services.model_programs.batch_program import delimited_file

ROWS = 300


@pytest.fixture
def rows() -> pa.Table:
    rng = np.random.default_rng(5)
    day = np.datetime64("2024-01-01")
    return pa.table(
        {
            "size": rng.normal(size=ROWS),
            "city": rng.choice(["Wien", "Graz, Austria", '"Linz"'], ROWS),
            "good": rng.random(ROWS) < 0.4,
            "day": day + rng.integers(0, 300, ROWS).astype("timedelta64[D]"),
        }
    )


def written(rows: pa.Table, path: Path) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(rows, path, row_group_size=100)
    elif path.suffix in {".csv", ".tsv"}:
        rows.to_pandas().to_csv(path, index=False, sep="," if path.suffix == ".csv" else "\t")
    elif path.suffix == ".gz":
        path.write_bytes(gzip.compress(rows.to_pandas().to_csv(index=False).encode()))
    else:
        lines = rows.to_pandas().astype({"day": str}).to_dict("records")
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def read(path: Path, **how: object) -> Summary:
    return summarise_files(path.name, path.parent, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.tsv", "a.csv.gz", "a.jsonl"])
def test_all_kinds_of_files_have_the_same_rows(rows: pa.Table, tmp_path: Path, name: str) -> None:
    found = read(written(rows, tmp_path / name))
    report = compare(summarise([rows]), found)
    assert [each.effect for each in report.features] == pytest.approx([0.0] * 4, abs=1e-9)
    assert (report.missing, report.additional, report.rows_current) == ((), (), ROWS)


def test_a_folder_of_files_is_one_table(rows: pa.Table, tmp_path: Path) -> None:
    written(rows[:100], tmp_path / "1.parquet")
    written(rows[100:].drop_columns("city"), tmp_path / "2.csv")
    shares: list[float] = []
    found = read(tmp_path, progress=shares.append)
    assert list(found.columns) == ["size", "city", "good", "day"]
    assert (found.rows, found.columns["city"].facts.nulls) == (ROWS, 200)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_only_some_columns_are_read(rows: pa.Table, tmp_path: Path) -> None:
    path = written(rows, tmp_path / "a.csv")
    assert list(read(path, columns=["city", "size"]).columns) == ["size", "city"]
    with pytest.raises(InvalidInput, match=r"a\.csv has no column none; it has size"):
        read(path, columns=["none"])


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no such file"):
        summarise_files("none.csv", tmp_path)
    for name, content in (
        ("bad.parquet", b"PAR1"),
        ("empty.csv", b""),
        ("bad.jsonl", b"[1]\n"),
        ("twice.csv", b"a,a\n1,2\n"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidInput, match=name):
            summarise_files(name, tmp_path)


def test_broken_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3\n4,5\n")
    found = read(tmp_path / "a.csv")
    assert (found.rows, found.remarks) == (2, ("1 row could not be read and was left out.",))


def test_a_type_is_taken_from_most_values_and_later_ones_may_differ(tmp_path: Path) -> None:
    cells = [str(number) for number in range(100)]
    cells[3], cells[7], cells[9] = "unknown", "", "NA"
    (tmp_path / "a.csv").write_text("a,b\n" + "".join(f"{cell},\n" for cell in cells))
    column = read(tmp_path / "a.csv").columns["a"]
    assert isinstance(column, NumberColumn)
    assert (column.unreadable, column.facts.nulls, column.numbers.total) == (1, 3, 97)


def test_nested_columns_and_the_index_of_pandas_are_not_read(tmp_path: Path) -> None:
    names = {"list": [[1], [2]], "__index_level_0__": [0, 1], "x": [1.0, 2.0]}
    pq.write_table(pa.table(names), tmp_path / "a.parquet")
    report = compare(read(tmp_path / "a.parquet"), read(tmp_path / "a.parquet"))
    reasons = {each.name: each.reason for each in report.features}
    assert reasons["list"].startswith("list<")
    assert reasons["__index_level_0__"] == "the index of pandas, which is not compared"
    assert [each.name for each in report.features if each.effect is not None] == ["x"]


def test_many_rows_are_sampled_and_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tables, "SAMPLE", 1_000)
    values = np.arange(20_000.0)
    pq.write_table(pa.table({"x": values}), tmp_path / "a.parquet", row_group_size=500)
    for found in (
        read(tmp_path / "a.parquet"),
        summarise(pa.table({"x": values}).to_batches(max_chunksize=300)),
    ):
        assert (found.rows, found.looked_at) == (20_000, 1_000)
        column = found.columns["x"]
        assert isinstance(column, NumberColumn)
        assert len(np.unique(column.numbers.values)) == 1_000
        assert column.numbers.mean == pytest.approx(10_000, rel=0.1)
    full = read(tmp_path / "a.parquet", full=True)
    assert (full.rows, full.looked_at) == (20_000, 20_000)


def test_small_pieces_of_a_file_are_read_as_few_tables_of_one_chunk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(delimited_file, "BLOCK", 500)
    (tmp_path / "a.csv").write_text("a,b\n" + "".join(f"{row},x\n" for row in range(1_000)))
    assert [len(each) for each in batches("a.csv", tmp_path)] == [1_000]
    typed: list[pa.Array] = []

    def type_of_texts(values: pa.Array) -> pa.DataType:
        typed.append(values)
        return whole(values)

    whole = column_values.type_of_texts
    monkeypatch.setattr(column_values, "type_of_texts", type_of_texts)
    assert read(tmp_path / "a.csv").rows == 1_000
    assert [(type(each), len(each)) for each in typed] == [(pa.StringArray, 1_000)] * 2
    monkeypatch.setattr(tables, "PIECES", 3)
    assert next(len(each) for each in batches("a.csv", tmp_path)) < 300


def test_each_row_is_as_likely_in_a_sample_as_any_other() -> None:
    drawn = np.zeros(400)
    for seed in range(200):
        sample = sampling.Sample(40)
        sample._random = np.random.default_rng(seed)
        for start in range(0, 400, 25):
            sample.add(pa.table({"x": range(start, start + 25)}))
        found = pa.concat_tables(sample.tables())["x"].to_numpy()
        assert (len(found), sample.rows, list(found)) == (40, 400, sorted(found))
        drawn[found] += 1
    assert drawn.reshape(8, 50).sum(axis=1) == pytest.approx(np.full(8, 1000), rel=0.12)


def test_numbers_without_end_are_kept_as_few() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=40_000)
    gathered = GatheredNumbers(2_000)
    for part in np.split(values, 40):
        gathered.add(part)
    numbers, infinite = gathered.result()
    assert len(numbers.values) <= 3_000
    assert infinite == (0, 0)
    assert numbers.total == pytest.approx(40_000)
    assert (numbers.values[0], numbers.values[-1]) == (values.min(), values.max())
    found = effects(Numbers(np.sort(values)), numbers)
    assert found.wasserstein < 0.005
    assert found.ks < 0.005
    column = summarise([pa.table({"x": values})], full=True)
    again = Summary.from_bytes(Summary(1, 1, {"x": replaced(column, numbers)}).to_bytes())
    kept = again.columns["x"]
    assert isinstance(kept, NumberColumn)
    assert kept.numbers.total == pytest.approx(40_000)


def replaced(summary: Summary, numbers: Numbers) -> NumberColumn:
    return NumberColumn(summary.columns["x"].facts, numbers)


def test_a_file_with_names_alone_has_columns_without_values(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("size,city\n")
    found = read(tmp_path / "empty.csv")
    assert (found.rows, list(found.columns)) == (0, ["size", "city"])
    assert [each.facts.nulls for each in found.columns.values()] == [0, 0]
    assert not compare(found, found).drifted
