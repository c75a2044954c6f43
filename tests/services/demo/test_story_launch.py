"""The story of the demo is told once in a store."""

import sys
from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.demo import story_launch
from mlops_tui.services.launchers import processes
from mlops_tui.services.store.store import client


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[ProcessRecord]:
    """Return what is started: nothing is."""
    found: list[ProcessRecord] = []

    def start(_state_dir: Path, record: ProcessRecord, *_others: object) -> ProcessRecord:
        found.append(record)
        return record

    monkeypatch.setattr(processes, "start", start)
    return found


def test_it_is_a_job_that_takes_no_slot(
    store: Store, tmp_path: Path, started: list[ProcessRecord]
) -> None:
    record = story_launch.begin(store, tmp_path / "state", sys.executable)
    assert started == [record]
    assert record.command[-1] == str(tmp_path / "demo-data")
    assert not record.queues


def test_it_is_not_told_where_its_model_is_there(
    sqlite_store: Store, tmp_path: Path, started: list[ProcessRecord]
) -> None:
    client(sqlite_store).create_registered_model("loans")
    with pytest.raises(Conflict, match="the story was told here"):
        story_launch.begin(sqlite_store, tmp_path / "state", sys.executable)
    assert started == []


def test_it_is_not_told_twice_at_once(
    store: Store, tmp_path: Path, started: list[ProcessRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = ProcessRecord(
        *("p", ProcessKind.JOB, story_launch.TITLE, ("python",), "", (), "", 0),
        state=ProcessState.RUNNING,
    )
    monkeypatch.setattr(processes, "list_processes", lambda *_: (running,))
    with pytest.raises(Conflict, match="is being told"):
        story_launch.begin(store, tmp_path / "state", sys.executable)
