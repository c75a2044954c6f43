import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.processes import records

RECORD = ProcessRecord(
    process_id="20261123-190301-ab12",
    kind=ProcessKind.JOB,
    title="[/tmp/x] \x1b[31m \u202e \udcff",
    command=("python", "-c", "print(1)"),
    cwd="/",
    environment=("A", "B"),
    store="sqlite:////x.db",
    created_at=1,
    started_at=2,
    ended_at=3,
    exit_code=-9,
    pid=5,
    pid_started_at=1.25,
    grace=0.5,
    details={"recipe": "r"},
)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert records.read(records.create(tmp_path, RECORD)) == RECORD


def test_ids_sort_by_time_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    first = records.new_id()
    assert records.ID.fullmatch(first)
    assert len({records.new_id() for _ in range(20)}) > 1
    assert first[:15] <= records.new_id()[:15]


def test_fields_of_a_later_version_are_ignored(tmp_path: Path) -> None:
    folder = records.create(tmp_path, RECORD)
    data = json.loads((folder / "record.json").read_text()) | {"colour": "red"}
    (folder / "record.json").write_text(json.dumps(data))
    assert records.read(folder) == RECORD


@pytest.mark.parametrize(
    "change",
    [
        {"pid": 0},
        {"pid": -1},
        {"pid": 2**40},
        {"pid": "1"},
        {"pid": True},
        {"created_at": -5},
        {"created_at": 10**40},
        {"created_at": None},
        {"grace": float("nan")},
        {"grace": True},
        {"state": "dancing"},
        {"command": "rm -rf"},
        {"command": [1]},
        {"title": None},
        {"details": []},
        {"details": {"port": 1}},
        {"exit_code": 1.5},
    ],
)
def test_a_hostile_record_is_lost(tmp_path: Path, change: dict[str, object]) -> None:
    folder = records.create(tmp_path, RECORD)
    data = json.loads((folder / "record.json").read_text()) | change
    (folder / "record.json").write_text(json.dumps(data))
    found = records.read(folder)
    assert found is not None
    assert (found.state, found.reason) == (ProcessState.LOST, records.UNREADABLE)
    assert (found.process_id, found.pid, found.command) == (RECORD.process_id, None, ())


@pytest.mark.parametrize(
    "content", [b"", b'{"title": "ha', b"\xff\xfe", b"[" * 100_000, b"null", b"7", b"{}"]
)
def test_a_broken_record_is_lost(tmp_path: Path, content: bytes) -> None:
    folder = records.create(tmp_path, RECORD)
    (folder / "record.json").write_bytes(content)
    (found,) = records.read_all(tmp_path, ProcessKind.JOB)
    assert found.state is ProcessState.LOST


def test_who_a_record_is_about_comes_from_its_place(tmp_path: Path) -> None:
    folder = records.create(tmp_path, RECORD)
    forged = replace(RECORD, process_id="20261123-190301-0000", kind=ProcessKind.SERVER)
    records.write(folder, forged)
    assert records.read(folder) == RECORD


def test_what_is_no_record_is_passed_over(tmp_path: Path) -> None:
    folder = records.create(tmp_path, RECORD)
    (folder.parent / "20261123-190301-cd34").mkdir()
    (folder.parent / "20261123-190301-ef56").write_text("a file")
    (folder.parent / ".DS_Store").write_text("")
    assert list(records.read_all(tmp_path, ProcessKind.JOB)) == [RECORD]


def test_readers_never_see_half_a_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = records.create(tmp_path, RECORD)
    seen: list[ProcessRecord | None] = []
    replace_file = os.replace

    def look_first(source: str, target: str, **_: object) -> None:
        seen.append(records.read(folder))
        replace_file(source, target)

    monkeypatch.setattr(os, "replace", look_first)
    records.write(folder, replace(RECORD, title="new"))
    assert seen == [RECORD]
    assert records.read(folder) == replace(RECORD, title="new")
    assert [p.name for p in folder.iterdir()] == ["record.json"]
