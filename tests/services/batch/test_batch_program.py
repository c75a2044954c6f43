"""Scoring of files: what comes out, byte for byte, and what is refused."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.data.file_state import FileState
from mlops_tui.services.data.source_file import look_at
from mlops_tui.services.model_programs.batch_program import partial
from mlops_tui.services.model_programs.batch_program.source import Source
from mlops_tui.services.model_programs.problem import Problem
from mlops_tui.services.store import store as stores
from tests.services.batch.conftest import NAMES, Scoring, rows


def test_every_kind_of_file_gives_the_answers_that_the_model_gives(scoring: Scoring) -> None:
    import pandas as pd

    frame = rows(250)
    said = list(scoring.models.predict("linear", frame[NAMES]))
    frame.to_parquet(scoring.folder / "rows.parquet", row_group_size=70)
    frame.to_csv(scoring.folder / "rows.csv", index=False)
    frame.to_csv(scoring.folder / "rows.tsv.gz", index=False, sep="\t")
    text = frame.to_json(orient="records", lines=True, double_precision=15)
    scoring.write("rows.jsonl.gz", gzip.compress(text.encode()))
    for name in ("rows.parquet", "rows.csv", "rows.tsv.gz", "rows.jsonl.gz"):
        scoring("linear", name, output=f"{name}.parquet", batch_rows=100)
        (found,) = scoring.table(f"{name}.parquet").columns
        assert found.to_pylist() == pytest.approx(said, abs=1e-12), name
    scoring("linear", "rows.csv", output="out.csv")
    assert pd.read_csv(scoring.folder / "out.csv")["prediction"].tolist() == pytest.approx(said)
    assert not list(scoring.folder.glob("*.partial"))


def test_inputs_are_kept_on_demand_as_they_were(scoring: Scoring) -> None:
    frame = rows(30)
    frame["prediction"] = range(30)
    frame.to_csv(scoring.folder / "rows.csv", index=False)
    scoring("linear", "rows.csv", with_inputs=True)
    found = scoring.table()
    assert found.column_names == [*NAMES, "region", "prediction", "prediction_predicted"]
    assert found["region"].to_pylist() == frame["region"].tolist()
    assert found["width"].to_pylist() == frame["width"].tolist()
    scoring("linear", "rows.csv", output="again.csv", with_inputs=True)
    assert "NA" in (scoring.folder / "again.csv").read_text()


def test_a_folder_and_a_glob_are_read_in_the_order_of_their_names(scoring: Scoring) -> None:
    parts = scoring.folder / "parts"
    (parts / "deep").mkdir(parents=True)
    (parts / "_SUCCESS.csv").write_text("a mark of Spark")
    frame = rows(90)
    frame[:20].to_csv(parts / "a.csv", index=False)
    frame[20:50].to_parquet(parts / "b.parquet")
    frame[50:].to_csv(parts / "deep" / "c.csv", index=False)
    said = list(scoring.models.predict("linear", frame[NAMES]))
    scoring("linear", "parts", batch_rows=32)
    assert scoring.table()["prediction"].to_pylist() == pytest.approx(said)
    scoring("linear", "parts/**/*.csv", output="two.parquet")
    assert scoring.table("two.parquet").num_rows == 60


def test_columns_go_by_their_names_and_a_byte_order_mark_is_none_of_them(scoring: Scoring) -> None:
    scoring.write("rows.csv", b"\xef\xbb\xbflength,extra,width\n1, x ,2\n3,y,4\n")
    scoring("linear", "rows.csv")
    frame = rows(2).assign(width=[2.0, 4.0], length=[1.0, 3.0])
    said = list(scoring.models.predict("linear", frame[NAMES]))
    assert scoring.table()["prediction"].to_pylist() == pytest.approx(said)


def test_types_come_from_the_signature_and_bad_cells_go_aside(scoring: Scoring) -> None:
    scoring.write("rows.csv", "width\n1\n 2.5 \nNA\nfour\n5,6\n\n13\n7\n")
    scoring("picky", "rows.csv", with_inputs=True, max_bad_share=0.5)
    found = scoring.table()
    assert found["width"].to_pylist() == [1, 2.5, None, None, None, 13, 7]
    assert found["prediction"].to_pylist() == [2, 5, None, None, None, None, 14]
    bad = scoring.table("out.parquet.bad_rows.parquet").to_pylist()
    assert [(row["file"], row["row"]) for row in bad] == [("rows.csv", n) for n in (4, 5, 6)]
    assert [row["message"] for row in bad] == [
        "width: 'four' is no double",
        "the line has 2 cells, the header 1",
        "ValueError: 13 brings bad luck",
    ]


def test_too_many_bad_rows_end_the_job_and_a_larger_share_continues_it(scoring: Scoring) -> None:
    lines = [str(n) for n in range(1, 100)] + ["13"] * 5 + ["1"] * 95
    scoring.write("rows.csv", "\n".join(["width", *lines]))
    with pytest.raises(Problem, match=r"more than 1.00% of the rows failed.*brings bad luck"):
        scoring("picky", "rows.csv", batch_rows=100)
    assert not (scoring.folder / "out.parquet").exists()
    client = stores.client(scoring.store)
    experiment = client.get_experiment_by_name("Batch scoring")
    assert experiment is not None
    (failed,) = client.search_runs([experiment.experiment_id])
    assert failed.info.status == "FAILED"
    scoring("picky", "rows.csv", batch_rows=100, max_bad_share=0.1)
    assert scoring.table("out.parquet.bad_rows.parquet").num_rows == 6
    assert scoring.table().num_rows == 199


def test_the_run_says_what_was_scored_and_what_came_of_it(scoring: Scoring) -> None:
    rows(40).to_csv(scoring.folder / "rows.csv", index=False)
    run_id = scoring("linear", "rows.csv")
    made = stores.client(scoring.store).get_run(run_id)
    assert made.info.status == "FINISHED"
    assert made.data.metrics == {"batch/rows": 40, "batch/bad_rows": 0}
    assert made.data.tags["mlops_tui.kind"] == "batch"
    assert made.data.tags["mlops_tui.output"] == str(scoring.folder / "out.parquet")
    assert made.inputs is not None
    sets = {s.tags[0].value: s.dataset for s in made.inputs.dataset_inputs}
    assert {context: s.name for context, s in sets.items()} == {
        "batch input": "rows.csv",
        "batch output": "out.parquet",
    }
    states = {look_at(scoring.folder, s.source, s.digest).state for s in sets.values()}
    assert states == {FileState.SAME}
    told = json.loads(sets["batch input"].schema or "")["mlflow_colspec"]
    assert [(each["name"], each["type"]) for each in told] == [(n, "double") for n in NAMES]


def test_a_model_without_a_signature_gets_numbers_as_numbers(scoring: Scoring) -> None:
    frame = rows(20)
    frame[NAMES].to_csv(scoring.folder / "rows.csv", index=False)
    scoring("undeclared", "rows.csv")
    said = list(scoring.models.predict("linear", frame[NAMES]))
    assert scoring.table()["prediction"].to_pylist() == pytest.approx(said)


def test_wide_tables_are_scored_with_bounded_batches(scoring: Scoring) -> None:
    import numpy as np

    from mlops_tui.services.model_programs.batch_program.program import usual_rows

    names = [*NAMES, *(f"c{n}" for n in range(9_998))]
    cells = np.round(np.random.default_rng(0).normal(size=(30, 10_000)), 3)
    lines = [",".join(map(str, row)) for row in cells]
    scoring.write("wide.csv", "\n".join([",".join(names), *lines]))
    scoring("linear", "wide.csv", with_inputs=True)
    found = scoring.table()
    assert (found.num_rows, found.num_columns) == (30, 10_001)
    assert [usual_rows(n) for n in (1, 200, 10_000, 10**6)] == [10_000, 10_000, 200, 100]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("rows.csv", "", "rows.csv is empty"),
        ("rows.csv", "width,length\n", "There are no rows to score"),
        ("rows.csv", "width,size\n1,2\n", "rows.csv has no column length; it has width, size"),
        ("rows.csv", "width,length,width\n1,2,3\n", "column width more than once"),
        ("rows.parquet", "no parquet", "rows.parquet cannot be read as Parquet"),
        ("rows.jsonl", "[1]\n", "has no JSON object"),
        ("rows.csv", b"gr\xf6\xdfe\n1\n", "rows.csv: its header is not UTF-8"),
        ("rows.xls", "x", "its name ends in none of"),
        ("rows.csv", "width,length\n1,x\n", "more than 1.00% of the rows failed.*'x' is no double"),
        ("rows.csv", 'width,length\n1,2\n"' + "3,4\n" * 600_000, "a quote is not closed"),
        ("rows.jsonl", '{"width": 1, "length": 2}\n{"width": ', "the line is no JSON"),
    ],
)
def test_input_that_cannot_be_scored_is_told_in_a_sentence(
    scoring: Scoring, name: str, text: str | bytes, sentence: str
) -> None:
    scoring.write(name, text)
    with pytest.raises(Problem, match=sentence):
        scoring("linear", name)
    assert not (scoring.folder / "out.parquet").exists()


@pytest.mark.parametrize("name", ["rows.csv.gz", "rows.jsonl.gz", "rows.parquet"])
def test_a_file_that_is_cut_off_is_told_and_leaves_no_output(scoring: Scoring, name: str) -> None:
    frame = rows(5_000)
    if name == "rows.parquet":
        frame.to_parquet(scoring.folder / name)
    else:
        text = (
            frame.to_csv(index=False)
            if "csv" in name
            else frame.to_json(orient="records", lines=True)
        )
        scoring.write(name, gzip.compress(text.encode()))
    whole = (scoring.folder / name).read_bytes()
    scoring.write(name, whole[: len(whole) * 3 // 4])
    with pytest.raises(Problem, match=f"{name} cannot be read"):
        scoring("linear", name)
    assert not (scoring.folder / "out.parquet").exists()


def test_an_output_that_cannot_be_is_refused_before_anything_is_read(scoring: Scoring) -> None:
    scoring.write("there.parquet", "")
    scoring.write("one.csv.bad_rows.parquet", "")
    for output, sentence in (
        ("one.csv", r"one\.csv\.bad_rows\.parquet exists. Delete it, or name another"),
        ("there.parquet", "exists. Delete it, or name another"),
        ("out.xlsx", "must end in .parquet or .csv"),
        ("none/out.csv", "There is no folder"),
    ):
        with pytest.raises(Problem, match=sentence):
            scoring("linear", "no such file", output=output)
    with pytest.raises(Problem, match="there is no such file"):
        scoring("linear", "no such file")


@contextmanager
def interrupted_at(batch: int) -> Iterator[None]:
    """Interrupt the job after so many batches, each of which is written at once."""
    count = iter(range(batch))
    add = partial.Partial.add

    def breaks(self: partial.Partial, table: Any, bad: Any) -> None:
        if next(count, None) is None:
            raise KeyboardInterrupt
        add(self, table, bad)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partial, "EVERY", 0.0)
        patch.setattr(partial.Partial, "add", breaks)
        yield


def test_a_job_that_ended_is_continued_and_gives_the_same_bytes(scoring: Scoring) -> None:
    frame = rows(1_000)
    frame.loc[450, "width"] = 13.0
    frame.to_parquet(scoring.folder / "rows.parquet", row_group_size=300)
    frame.to_csv(scoring.folder / "rows.csv", index=False)
    for name in ("rows.parquet", "rows.csv"):
        for output in ("whole.parquet", "whole.csv"):
            about = {"batch_rows": 64, "with_inputs": True}
            scoring("picky", name, output=output, **about)
            halted = output.replace("whole", "halted")
            with interrupted_at(9), pytest.raises(KeyboardInterrupt):
                scoring("picky", name, output=halted, **about)
            scoring("picky", name, output=halted, **about)
            whole, continued = scoring.folder / output, scoring.folder / halted
            assert whole.read_bytes() == continued.read_bytes(), (name, output)
            bad = [path.with_name(f"{path.name}.bad_rows.parquet") for path in (whole, continued)]
            assert bad[0].read_bytes() == bad[1].read_bytes()
            for path in (whole, continued, *bad):
                path.unlink()


def test_another_input_is_not_mixed_with_what_was_scored_before(
    scoring: Scoring, capsys: pytest.CaptureFixture[str]
) -> None:
    scoring.write("rows.csv", "width\n" + "1\n" * 100 + "13\n" * 50)
    with pytest.raises(Problem, match="failed"):
        scoring("picky", "rows.csv", batch_rows=100)
    scoring.write("rows.csv", "width\n" + "2\n" * 10)
    scoring("picky", "rows.csv", batch_rows=100)
    assert "another input: all rows are scored anew" in capsys.readouterr().out
    assert scoring.table()["prediction"].to_pylist() == [4.0] * 10


def test_a_second_job_for_an_output_is_refused(scoring: Scoring, tmp_path: Path) -> None:
    rows(10).to_csv(scoring.folder / "rows.csv", index=False)
    held = partial.Partial(tmp_path / "out.parquet", {})
    with pytest.raises(Problem, match=r"Another job writes to out\.parquet"):
        scoring("linear", "rows.csv")
    held.remove()


def test_a_full_disk_is_told_and_what_was_written_before_stays(
    scoring: Scoring, tmp_path: Path
) -> None:
    import resource

    import pyarrow as pa

    halves = [pa.table({"prediction": pa.array(range(n, n + 5_000))}) for n in (0, 5_000)]
    begun = partial.Partial(tmp_path / "out.csv", {"input": "same"})
    begun.add(halves[0], [])
    begun.commit()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        begun.add(halves[1], [])
        with pytest.raises(Problem, match=r"cannot be written: File too large.*same command again"):
            begun.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    begun.close()
    again = partial.Partial(tmp_path / "out.csv", {"input": "same"})
    assert (again.rows, again.batches) == (5_000, 1)
    assert sum(len(batch) for batch in again.rows_of("part")) == 5_000
    again.remove()


CHILD = """
import sys
from mlops_tui.services.model_programs.batch_program import partial, program
from mlops_tui.services.model_programs.start import start
partial.EVERY = 0.0
sys.exit(start(program.run, sys.argv[1]))
"""


@pytest.mark.process
def test_a_process_that_was_killed_is_continued_where_it_was(scoring: Scoring) -> None:
    frame = rows(700)
    frame["width"] = range(700)
    frame.to_csv(scoring.folder / "rows.csv", index=False)
    about = {"batch_rows": 50, "max_bad_share": 0.05}
    scoring("picky", "rows.csv", output="whole.csv", **about)
    plan = scoring.folder / "plan.json"
    told = scoring.plan("picky", "rows.csv", output="killed.csv", **about)
    plan.write_text(json.dumps(told))
    environ = os.environ | {"DIES_AT": "333", "MLFLOW_TRACKING_URI": scoring.store.tracking_uri}
    died = subprocess.run([sys.executable, "-c", CHILD, plan], env=environ, check=False)
    assert died.returncode == 9
    assert not (scoring.folder / "killed.csv").exists()
    manifest = json.loads((scoring.folder / "killed.csv.partial" / "manifest.json").read_text())
    assert (manifest["next_batch"], manifest["rows"], manifest["bad_rows"]) == (6, 300, 1)
    scoring("picky", "rows.csv", output="killed.csv", **about)
    whole, killed = scoring.folder / "whole.csv", scoring.folder / "killed.csv"
    assert whole.read_bytes() == killed.read_bytes()


def test_a_job_over_several_files_goes_on_inside_the_second(scoring: Scoring) -> None:
    for name, first in (("a.jsonl", 0), ("b.jsonl", 100), ("c.jsonl", 300)):
        scoring.write(name, "".join(f'{{"width": {first + n}}}\n' for n in range(first + 100)))
    files = ("a.jsonl", "b.jsonl", "c.jsonl")
    with interrupted_at(3), pytest.raises(KeyboardInterrupt):
        scoring("picky", *files, batch_rows=64, max_bad_share=1)
    scoring("picky", *files, batch_rows=64, max_bad_share=1)
    said = [None if n == 13 else 2.0 * n for n in range(700)]
    assert scoring.table()["prediction"].to_pylist() == said


def test_half_a_character_is_one_bad_row(scoring: Scoring) -> None:
    halves = [b'{"width": 1, "name": "\\ud800"}', b'{"width": 2, "name": "\xed\xa0\x80"}']
    fine = [
        b'{"width": 3, "name": "\\ud83d\\ude00"}',
        '{"width": 4, "name": "한"}'.encode(),
    ]
    scoring.write("rows.jsonl", b"\n".join([*fine, *halves]))
    scoring("picky", "rows.jsonl", with_inputs=True, max_bad_share=0.5)
    assert scoring.table()["name"].to_pylist() == ["😀", "한", None, None]
    assert scoring.table()["prediction"].to_pylist() == [6, 8, None, None]


def test_a_job_of_which_all_rows_may_fail_says_that_all_did(scoring: Scoring) -> None:
    scoring.write("rows.csv", "width\n13\n13\n")
    with pytest.raises(Problem) as told:
        scoring("picky", "rows.csv", max_bad_share=1)
    assert str(told.value) == (
        "Stopped: all rows failed, in the batch from row 1 of rows.csv; "
        "one of them: ValueError: 13 brings bad luck."
    )


def test_the_bad_rows_of_two_outputs_do_not_replace_each_other(scoring: Scoring) -> None:
    scoring.write("rows.csv", "width\n1\n13\n")
    for output in ("out.csv", "out.parquet"):
        scoring("picky", "rows.csv", output=output, max_bad_share=0.5)
    found = sorted(path.name for path in scoring.folder.glob("*.bad_rows.parquet"))
    assert found == ["out.csv.bad_rows.parquet", "out.parquet.bad_rows.parquet"]


def test_answers_out_of_categories_are_written_as_what_they_are() -> None:
    import pandas as pd
    import pyarrow as pa

    from mlops_tui.services.model_programs.batch_program.predictions import as_table

    for answered in (pd.Series(["a", "b"], dtype="category"), pd.Categorical(["a", "b"])):
        for table in (as_table(answered), as_table(pd.DataFrame({"prediction": answered}))):
            assert not pa.types.is_dictionary(table.schema.field("prediction").type)
            assert table["prediction"].to_pylist() == ["a", "b"]


def test_categories_that_are_kept_may_differ_from_batch_to_batch(scoring: Scoring) -> None:
    frame = rows(300)
    frame["region"] = [f"region {n // 100}" for n in range(300)]
    frame.astype({"region": "category"}).to_parquet(scoring.folder / "a.parquet")
    scoring("linear", "a.parquet", with_inputs=True, batch_rows=100)
    frame[:100].astype({"region": "category"}).to_parquet(scoring.folder / "a.parquet")
    frame[100:].astype({"region": "category"}).to_parquet(scoring.folder / "b.parquet")
    scoring("linear", "a.parquet", "b.parquet", output="b.csv", with_inputs=True, batch_rows=100)
    assert scoring.table()["region"].to_pylist() == frame["region"].tolist()


@pytest.mark.parametrize(("name", "text"), [("a.csv", "x\n1\n"), ("a.jsonl", '{"x": 1}\n')])
def test_a_file_that_was_only_looked_at_is_not_counted_as_read(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    source = Source([tmp_path / name])
    assert source.done == 0
    source.choose(None, all_columns=False)
    assert len(list(source.batches(10, 0))) == 1
    assert source.done == source.total
