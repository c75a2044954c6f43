import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.jobs.job_end import JobEnd, JobsSeen
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.jobs import job_ends
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import process_identity, records
from tests import detached

NOBODY: frozenset[str] = frozenset()
LATER = 2**52
"""Milliseconds; no job is created as late."""


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(job_ends, "_over", set())
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def job(code: str) -> ProcessRecord:
    """Return a job whose store is not at hand: settling takes seconds."""
    return replace(detached.python(code), kind=ProcessKind.JOB, store="http://host")


def begun(state_dir: Path) -> ProcessRecord:
    return detached.start(state_dir, job("import sys, time; time.sleep(600)"))


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look as another interface would."""
    monkeypatch.setattr(job_ends, "_over", set())


def test_without_jobs_there_is_nothing_to_tell(state_dir: Path) -> None:
    assert job_ends.look(state_dir, NOBODY, 0) == JobsSeen(NOBODY)


def test_a_job_that_failed_while_it_was_watched_is_told_once(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = begun(state_dir)
    watched = job_ends.look(state_dir, NOBODY, LATER).active
    assert watched == {running.process_id}
    os.kill(running.pid or 0, signal.SIGKILL)
    end = detached.ended(state_dir, running)
    assert end.state is ProcessState.FAILED
    assert job_ends.look(state_dir, watched, LATER) == JobsSeen(NOBODY, (JobEnd(end, True),))
    assert job_ends.look(state_dir, NOBODY, LATER) == JobsSeen(NOBODY)
    forget(monkeypatch)
    assert job_ends.look(state_dir, watched, LATER).ends == (JobEnd(end, False),)


def test_a_job_that_was_over_before_it_was_seen_is_told(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = detached.ended(state_dir, detached.start(state_dir, job("")))
    assert job_ends.look(state_dir, NOBODY, short.created_at).ends == (JobEnd(short, True),)
    forget(monkeypatch)
    assert job_ends.look(state_dir, NOBODY, short.created_at).ends == (JobEnd(short, False),)


def test_an_old_end_is_not_told(state_dir: Path) -> None:
    short = detached.ended(state_dir, detached.start(state_dir, job("")))
    assert job_ends.look(state_dir, NOBODY, short.created_at + 1) == JobsSeen(NOBODY)


def test_who_stopped_a_job_is_not_called(state_dir: Path) -> None:
    running = begun(state_dir)
    processes.stop(state_dir, ProcessKind.JOB, running.process_id)
    detached.ended(state_dir, running)
    watched = frozenset({running.process_id})
    assert job_ends.look(state_dir, watched, 0) == JobsSeen(NOBODY)


def test_a_job_that_was_lost_or_removed_while_it_was_watched(state_dir: Path) -> None:
    lost = replace(
        job(""), state=ProcessState.RUNNING, boot_id="before", host=process_identity.host()
    )
    records.create(state_dir, lost)
    watched = frozenset({lost.process_id, "20200101-000000-abcd"})
    (end,) = job_ends.look(state_dir, watched, LATER).ends
    assert (end.record.state, end.is_first) == (ProcessState.LOST, True)


def test_an_end_is_told_although_no_sign_of_it_can_be_left(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = detached.ended(state_dir, detached.start(state_dir, job("")))
    monkeypatch.setattr(job_ends, "HEARD", "nowhere/heard")
    assert job_ends.look(state_dir, NOBODY, 0).ends == (JobEnd(short, True),)


def test_a_folder_without_a_record_is_passed_over(state_dir: Path) -> None:
    (state_dir / ProcessKind.JOB / records.new_id()).mkdir(parents=True)
    (state_dir / ProcessKind.JOB / "notes").mkdir()
    assert job_ends.look(state_dir, NOBODY, 0) == JobsSeen(NOBODY)
