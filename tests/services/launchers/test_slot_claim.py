import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import queue_files, slot_claim
from mlops_tui.services.processes import process_identity, records, stop_request
from tests import detached
from tests.queueing import Jobs

SAYS_GPU = """
echo "$0=$CUDA_VISIBLE_DEVICES,$CUDA_DEVICE_ORDER" >> journal
until [ -e "go-$0" ]; do sleep 0.02; done
"""


@pytest.fixture
def two_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nprint('0\\n1')\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.delenv("CUDA_DEVICE_ORDER", raising=False)


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    with detached.nothing_left_behind():
        yield Jobs(tmp_path)


def said(jobs: Jobs, line: str) -> None:
    detached.wait_for(lambda: line in jobs.journal())


def test_each_job_has_a_gpu_of_its_own(two_gpus: None, jobs: Jobs) -> None:
    for name in "abc":
        jobs.launch(name, SAYS_GPU)
    said(jobs, "a=0,PCI_BUS_ID")
    said(jobs, "b=1,PCI_BUS_ID")
    assert jobs.queue.summary() == "2 of 2 slots busy, 1 waiting"
    jobs.let_go("b")
    said(jobs, "c=1,PCI_BUS_ID")
    found = jobs.now("c")
    assert found.details["gpu"] == "1"
    assert found.environment == ("CUDA_DEVICE_ORDER", "CUDA_VISIBLE_DEVICES")
    jobs.let_go(*"ac")
    jobs.ended(*"abc")


def test_a_gpu_that_a_person_has_chosen_is_left_to_the_job_and_counts_as_taken(
    two_gpus: None, jobs: Jobs
) -> None:
    jobs.launch("a", SAYS_GPU, {"CUDA_VISIBLE_DEVICES": "0"})
    jobs.launch("b", SAYS_GPU)
    said(jobs, "a=0,")
    said(jobs, "b=1,PCI_BUS_ID")
    jobs.let_go(*"ab")
    jobs.ended(*"ab")


def test_the_gpus_to_which_the_starter_is_limited_are_dealt_out(
    two_gpus: None, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,GPU-6e")
    assert jobs.queue.slots == 2
    for name in "ab":
        jobs.launch(name, SAYS_GPU)
    said(jobs, "a=5,")
    said(jobs, "b=GPU-6e,")
    jobs.let_go(*"ab")
    jobs.ended(*"ab")


def recorded(jobs: Jobs) -> tuple[Path, ProcessRecord]:
    """Return a job whose supervisor we are."""
    me = os.getpid()
    record = replace(
        detached.planned("true"),
        kind=ProcessKind.JOB,
        supervisor_pid=me,
        supervisor_started_at=process_identity.started_at(me),
        boot_id=process_identity.boot_id(),
        host=process_identity.host(),
    )
    return records.create(jobs.state_dir, record), record


def test_a_job_waits_while_somebody_keeps_the_lock(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_files, "LOCK_LIMIT", 0.1)
    folder, record = recorded(jobs)
    with queue_files.locked(jobs.state_dir):
        waits = slot_claim.await_slot(folder, record, lambda: stop_request.create(folder))
    assert waits is None
    assert records.read(folder) == replace(record, state=ProcessState.WAITING)


def test_a_job_waits_while_the_disk_is_full(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, record = recorded(jobs)
    truly = records.write

    def refuse(_folder: Path, _record: ProcessRecord) -> None:
        monkeypatch.setattr(records, "write", truly)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(records, "write", refuse)
    told: list[ProcessRecord | None] = []

    def report() -> None:
        told.append(records.read(folder))
        queue_files.announce_change(jobs.state_dir)

    given = slot_claim.await_slot(folder, record, report)
    assert [found and found.state for found in told] == [ProcessState.WAITING]
    assert given
    assert given.has_slot
    assert records.read(folder) == given


def test_a_job_that_loses_its_turn_while_it_takes_the_lock_waits(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, record = recorded(jobs)
    truly = queue_files.locked

    def locked(state_dir: Path) -> object:
        monkeypatch.setattr(queue_files, "locked", truly)
        queue_files.write_preferences(
            state_dir, replace(queue_files.read_preferences(state_dir), slots=0)
        )
        return truly(state_dir)

    monkeypatch.setattr(queue_files, "locked", locked)
    assert slot_claim.await_slot(folder, record, lambda: stop_request.create(folder)) is None
