"""What a job is given as files becomes data sets of its runs."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.data.given_data import DETAIL, GivenData, to_text
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.runs.run import JOB_TAG, DatasetInput
from mlops_tui.domain.store import Store
from mlops_tui.services.data import given_data
from mlops_tui.services.processes import records
from mlops_tui.services.runs.mlflow_run import dataset_of
from mlops_tui.services.store import store as stores
from tests.making import give_dataset, make_run

OLD = 1_700_000_000
MD5 = "900150983cd24fb0d6963f7d28e17f72"
"""Of abc."""


def _inputs(store: Store, run_id: str) -> list[DatasetInput]:
    found = stores.client(store).get_run(run_id).inputs
    return [dataset_of(each) for each in (found.dataset_inputs if found else ())]


def _job(store: Store, folder: Path, given: tuple[GivenData, ...]) -> ProcessRecord:
    return ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title="train",
        command=("python",),
        cwd=str(folder),
        environment=(),
        store=store.label,
        created_at=records.now(),
        details={DETAIL: to_text(given)},
    )


def test_files_and_folders_of_data_are_looked_up(tmp_path: Path) -> None:
    for name in ("train.csv", "test.csv", "model.pkl", "it's.csv"):
        (tmp_path / name).write_text("abc")
    (tmp_path / "images").mkdir()
    found = given_data.given_to(
        {
            "data": "train.csv",
            "again": str(tmp_path / "train.csv"),
            "test_files": 'test.csv "it\'s.csv"',
            "image_dir": "images",
            "output": "model.pkl",
            "gone": "gone.csv",
            "lr": 0.1,
            "url": "s3://bucket/rows.csv",
            "broken": "a'.csv",
            "none": None,
        },
        tmp_path,
    )
    names = [(each.parameter, each.name, each.is_folder) for each in found]
    assert names == [
        ("data", "train.csv", False),
        ("test_files", "test.csv", False),
        ("test_files", "it's.csv", False),
        ("image_dir", "images", True),
    ]


def test_what_was_read_is_added_to_the_runs(sqlite_store: Store, tmp_path: Path) -> None:
    work, state = tmp_path / "work", tmp_path / "state"
    work.mkdir()
    path = work / "rows.csv"
    path.write_text("abc")
    os.utime(path, (OLD, OLD))
    (work / "rows.csv.dvc").write_text(f"outs:\n- md5: {MD5}\n  path: rows.csv\n")
    given = given_data.given_to({"train": "rows.csv", "test_dir": "."}, work)
    job = _job(sqlite_store, work, given)
    folder = records.create(state, job)
    own, other = (make_run(sqlite_store, tags={JOB_TAG: job.process_id}), make_run(sqlite_store))
    give_dataset(sqlite_store, own, "of the script", "d1")
    given_data.main(folder)
    assert given_data.log_given(sqlite_store, folder, job) == 2
    given_data.log_given(sqlite_store, folder, job)
    client = stores.client(sqlite_store)
    inputs = {each.name: each for each in _inputs(sqlite_store, own)}
    assert set(inputs) == {"of the script", "rows.csv", "work"}
    assert _inputs(sqlite_store, other) == []
    logged = inputs["rows.csv"]
    assert (logged.digest, logged.source_type, logged.context) == (MD5, "local", "training")
    assert json.loads(logged.source) == {"uri": str(path)}
    assert json.loads(logged.profile)["num_bytes"] == 3
    run = client.get_run(own).inputs
    assert run
    tags = {
        tag.key: tag.value
        for each in run.dataset_inputs
        for tag in each.tags
        if each.dataset.name == "rows.csv"
    }
    assert tags["mlops_tui.parameter"] == "train"
    assert tags["mlops_tui.dvc_path"] == str(work / "rows.csv.dvc")
    assert inputs["work"].digest.endswith(".dir")
    assert given_data.CHANGED not in client.get_run(own).data.tags


def test_a_file_that_changed_after_the_launch_is_said(sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("abc")
    given = given_data.given_to({"train": str(path), "gone": str(path)}, tmp_path)
    job = _job(sqlite_store, tmp_path, given)
    folder = records.create(tmp_path / "state", job)
    run_id = make_run(sqlite_store, tags={JOB_TAG: job.process_id})
    path.write_text("abcd")
    assert given_data.log_given(sqlite_store, folder, job) == 1
    tags = stores.client(sqlite_store).get_run(run_id).data.tags
    assert tags[given_data.CHANGED] == "rows.csv"
    path.unlink()
    without = replace(job, process_id=records.new_id())
    assert given_data.log_given(sqlite_store, records.create(tmp_path / "s", without), without) == 0


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_the_commit_is_noted_and_whether_all_was_committed(tmp_path: Path) -> None:
    def git(*command: str) -> None:
        person = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *person, *command], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 - of the test

    path = tmp_path / "rows.csv"
    path.write_text("abc")
    given = given_data.given_to({"train": str(path)}, tmp_path)
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    (clean,) = given_data.read_all(given, tmp_path, tmp_path / ".git" / "state")
    assert len(clean.commit) == 40
    assert not clean.is_dirty
    path.write_text("abcd")
    (dirty,) = given_data.read_all(given, tmp_path, tmp_path / ".git" / "state")
    assert dirty.is_dirty
    elsewhere = tmp_path.parent / f"{tmp_path.name}-bare"
    elsewhere.mkdir()
    assert given_data.read_all(given, elsewhere, elsewhere)[0].commit == ""


def test_what_cannot_be_read_has_a_reason(tmp_path: Path) -> None:
    (read,) = given_data.read_all(
        (GivenData("a", str(tmp_path / "gone"), 1, 1),), tmp_path, tmp_path
    )
    assert "There is no file" in read.problem
