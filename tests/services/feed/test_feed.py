"""What is new over all experiments."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlops_tui.domain.feed.feed import News
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.domain.runs.run import JOB_TAG, Run
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import newest_runs
from mlops_tui.services.feed import feed
from mlops_tui.services.feed.feed import count_unread, read_feed
from mlops_tui.services.feed.read_marks import mark_read
from mlops_tui.services.processes import process_identity, records
from mlops_tui.services.runs.run_bulk import read_many
from mlops_tui.services.store.store import client
from tests import detached
from tests.making import make_experiment, make_run, unique

if TYPE_CHECKING:
    from mlflow import MlflowClient


FUTURE = 4_000_000_000_000
"""A time of the year 2096, in milliseconds."""


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    feed.forget()


def whats(state_dir: Path, store: Store, experiment: str, *, anew: bool = False) -> dict[str, News]:
    """Return name to what it is of the runs of an experiment: a server is shared by all tests."""
    found = read_feed(state_dir, store, anew=anew).entries
    return {one.run.name: one.what for one in found if one.experiment == experiment}


def test_a_store_that_is_not_there_has_no_news_and_is_not_made(
    store: Store, tmp_path: Path
) -> None:
    assert read_feed(tmp_path, store).entries == ()
    assert count_unread(tmp_path, store) == 0
    assert list(tmp_path.iterdir()) == []


def test_runs_of_all_active_experiments_are_told(any_store: Store, tmp_path: Path) -> None:
    name, other, gone = unique("one"), unique("other"), unique("gone")
    one, two, three = (make_experiment(any_store, each) for each in (name, other, gone))
    make_run(any_store, one, name="done", metrics={"loss": 0.1}, params={"lr": 1})
    make_run(any_store, one, name="broken", status="FAILED", metrics={"loss": float("nan")})
    make_run(any_store, one, name="off", status="RUNNING", metrics={"a": 1, "b": float("inf")})
    make_run(any_store, one, name="waiting", status="SCHEDULED")
    deleted = make_run(any_store, one, name="deleted")
    client(any_store).delete_run(deleted)
    parent = make_run(any_store, two, name="alive", status="RUNNING", tags={JOB_TAG: "j"})
    make_run(any_store, three, name="nowhere")
    client(any_store).delete_experiment(three)
    assert whats(tmp_path, any_store, gone) == {}
    assert whats(tmp_path, any_store, name) == {
        "done": News.FINISHED,
        "broken": News.FAILED,
        "off": News.NAN,
        "waiting": News.RUNNING,
    }
    found = read_feed(tmp_path, any_store)
    assert whats(tmp_path, any_store, other) == {"alive": News.RUNNING}
    assert found.signs[parent][1] == "j"
    names = {e.run.run_id: e.run.name for e in found.entries if e.experiment == name}
    assert {names[run_id] for run_id in found.unread & names.keys()} == {"broken", "off"}


def test_what_changes_is_seen_though_what_had_ended_is_not_read_again(
    any_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("FIRST_PAGE", "OPEN_PAGE"):
        monkeypatch.setattr(newest_runs, page, 2)
    monkeypatch.setattr(newest_runs, "LATER_PAGE", 1)
    monkeypatch.setattr(newest_runs, "MOST_ENDED", 6)
    name = unique("one")
    experiment, opened = make_experiment(any_store, name), client(any_store)
    made = [make_run(any_store, experiment, name=f"old{number}") for number in range(3)]
    going = make_run(any_store, experiment, name="going", status="RUNNING")
    assert list(whats(tmp_path, any_store, name)) == ["going", "old2", "old1", "old0"]
    opened.set_terminated(going, "KILLED")
    new = make_run(any_store, experiment, name="new")
    opened.update_run(made[0], status="RUNNING")
    assert whats(tmp_path, any_store, name) == {
        "old0": News.RUNNING,
        "new": News.FINISHED,
        "going": News.KILLED,
        "old2": News.FINISHED,
        "old1": News.FINISHED,
    }
    unread = read_feed(tmp_path, any_store).unread
    assert {going, new} <= unread
    assert not {*made} & unread
    mark_read(tmp_path, any_store, {going: 2**60})
    assert read_feed(tmp_path, any_store).unread == unread - {going}
    assert count_unread(tmp_path, any_store) == len(unread) - 1
    opened.delete_run(made[1])
    assert "old1" not in whats(tmp_path, any_store, name, anew=True)


def test_runs_that_end_in_the_future_by_a_wrong_clock_hide_no_later_end(
    any_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest_runs, "LATER_PAGE", 1)
    name = unique("one")
    experiment, opened = make_experiment(any_store, name), client(any_store)
    for number in range(2):
        ahead = make_run(any_store, experiment, name=f"ahead{number}", status="RUNNING")
        opened.set_terminated(ahead, "FINISHED", end_time=FUTURE + number)
    assert list(whats(tmp_path, any_store, name)) == ["ahead1", "ahead0"]
    make_run(any_store, experiment, name="new")
    assert list(whats(tmp_path, any_store, name)) == ["ahead1", "ahead0", "new"]
    opened.delete_experiment(experiment)


def test_very_many_are_cut_and_that_is_said(
    any_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("FIRST_PAGE", "OPEN_PAGE"):
        monkeypatch.setattr(newest_runs, page, 1)
    monkeypatch.setattr(newest_runs, "MOST_OPEN", 2)
    monkeypatch.setattr(newest_runs, "MOST_OPEN_ASKED", 2)
    monkeypatch.setattr(newest_runs, "MOST_ENDED", 3)
    monkeypatch.setattr(newest_runs, "EXPERIMENTS_AT_ONCE", 1)
    experiment = make_experiment(any_store)
    for status, count in (("FINISHED", 4), ("RUNNING", 3)):
        for number in range(count):
            make_run(any_store, experiment, name=f"{status}{number}", status=status)
    for _ in range(2):
        found = read_feed(tmp_path, any_store, anew=True)
        assert not found.is_whole
        assert len(found.entries) == 5
        assert [one.is_open for one in found.entries] == [True, True, False, False, False]


def test_a_file_that_was_not_written_is_not_read_again(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(sqlite_store, name="done")
    before = read_feed(tmp_path, sqlite_store)
    monkeypatch.setattr(feed, "newest_runs", None)
    assert read_feed(tmp_path, sqlite_store) == before
    with pytest.raises(TypeError, match="not callable"):
        read_feed(tmp_path, sqlite_store, anew=True)


def test_of_what_had_ended_a_database_gives_only_what_has_changed(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = unique("one")
    experiment, opened = make_experiment(sqlite_store, name), client(sqlite_store)
    made = [make_run(sqlite_store, experiment, name=f"old{number}") for number in range(3)]
    read_feed(tmp_path, sqlite_store)
    asked: list[str] = []

    def counted(opened: "MlflowClient", run_ids: Sequence[str]) -> tuple[Run, ...]:
        asked.extend(run_ids)
        return read_many(opened, run_ids)

    monkeypatch.setattr(newest_runs, "read_many", counted)
    opened.update_run(made[1], name="renamed")
    assert set(whats(tmp_path, sqlite_store, name)) == {"old0", "renamed", "old2"}
    opened.set_terminated(made[2], "FAILED", 2**41)
    assert whats(tmp_path, sqlite_store, name)["old2"] is News.FAILED
    assert asked == [made[1], made[2]]


def test_a_failed_run_says_why_its_job_failed(sqlite_store: Store, tmp_path: Path) -> None:
    experiment, job = make_experiment(sqlite_store), records.new_id()
    make_run(sqlite_store, experiment, name="bad", status="FAILED", tags={JOB_TAG: job})
    make_run(sqlite_store, experiment, name="elsewhere", status="FAILED", tags={JOB_TAG: "j-2"})
    record = ProcessRecord(
        process_id=job,
        kind=ProcessKind.JOB,
        title="bad",
        command=("true",),
        cwd="/",
        environment=(),
        store="",
        created_at=1,
        state=ProcessState.FAILED,
        ended_at=2,
        exit_code=1,
        reason="Exit code 1: ValueError: no such column",
    )
    records.create(tmp_path, record)
    found = {one.run.name: one.reason for one in read_feed(tmp_path, sqlite_store).entries}
    assert found == {"bad": "Exit code 1: ValueError: no such column", "elsewhere": ""}


def test_while_the_job_of_a_failed_run_is_underway_no_other_record_is_read(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment, job = make_experiment(sqlite_store), records.new_id()
    make_run(sqlite_store, experiment, name="bad", status="FAILED", tags={JOB_TAG: job})
    make_run(sqlite_store, experiment, status="FAILED", tags={JOB_TAG: "../jobs"})
    record = replace(
        detached.planned("true"),
        process_id=job,
        kind=ProcessKind.JOB,
        state=ProcessState.FAILED,
        settlement=Settlement.PENDING,
        supervisor_pid=os.getpid(),
        supervisor_started_at=process_identity.started_at(os.getpid()),
        **process_identity.here(),
    )
    folder = records.create(tmp_path, record)
    records.create(tmp_path, replace(record, process_id=records.new_id()))
    read: list[Path] = []
    truly = records.read

    def seen(each: Path) -> ProcessRecord | None:
        read.append(each)
        return truly(each)

    monkeypatch.setattr(records, "read", seen)
    for _ in range(2):
        assert {one.reason for one in read_feed(tmp_path, sqlite_store).entries} == {""}
    assert read == [folder, folder]
    done = replace(record, settlement=Settlement.DONE, reason="Exit code 3.")
    records.write(folder, done)
    found = {one.run.name: one.reason for one in read_feed(tmp_path, sqlite_store).entries}
    assert found["bad"] == "Exit code 3."


def test_a_record_that_could_not_be_read_for_a_moment_is_read_again(
    sqlite_store: Store, tmp_path: Path
) -> None:
    job = records.new_id()
    experiment = make_experiment(sqlite_store)
    make_run(sqlite_store, experiment, status="FAILED", tags={JOB_TAG: job})
    record = replace(
        detached.planned("true"),
        process_id=job,
        kind=ProcessKind.JOB,
        state=ProcessState.FAILED,
        ended_at=2,
        reason="Exit code 3.",
    )
    folder = records.create(tmp_path, record)
    text = (folder / records.NAME).read_text()
    (folder / records.NAME).write_text(text[:9])
    assert [one.reason for one in read_feed(tmp_path, sqlite_store).entries] == [""]
    (folder / records.NAME).write_text(text)
    assert [one.reason for one in read_feed(tmp_path, sqlite_store).entries] == ["Exit code 3."]
