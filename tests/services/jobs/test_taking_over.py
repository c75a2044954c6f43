import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.domain.runs.run import JOB_TAG, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import taking_over
from mlops_tui.services.launchers import processes, queue_files, reconcile, supervisor_process
from mlops_tui.services.processes import process_identity, process_mark, recorded_process, records
from mlops_tui.services.runs import runs
from tests import detached
from tests.making import make_run

SLEEP = "import time; time.sleep(600)"


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def launched(store: Store, state_dir: Path, code: str, **details: str) -> ProcessRecord:
    """Start a job, which has a run that is open."""
    plan = replace(detached.python(code), kind=ProcessKind.JOB, store=store.label, details=details)
    make_run(store, tags={JOB_TAG: plan.process_id}, status="RUNNING")
    environ = {**os.environ, "MLFLOW_TRACKING_URI": store.tracking_uri}
    processes.start(state_dir, plan, environ)
    return detached.wait_for(lambda: started(state_dir, plan))


def started(state_dir: Path, plan: ProcessRecord) -> ProcessRecord | None:
    now = detached.now(state_dir, plan)
    return now if now.pid else None


def kill(pid: int | None) -> None:
    assert pid
    os.kill(pid, signal.SIGKILL)
    detached.wait_for(lambda: process_identity.started_at(pid) is None)


def status(store: Store, job: ProcessRecord) -> RunStatus:
    (run,) = runs.runs_of_job(store, job.process_id)
    return run.status


def test_a_job_whose_supervisor_was_killed_gets_another_one(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = launched(sqlite_store, state_dir, SLEEP)
    taking_over.take_over(sqlite_store, state_dir)
    assert detached.now(state_dir, job).supervisor_pid == job.supervisor_pid
    kill(job.supervisor_pid)
    taking_over.take_over(Store("http://another"), state_dir)
    assert not recorded_process.is_supervised(detached.now(state_dir, job))
    taking_over.take_over(sqlite_store, state_dir)
    now = detached.now(state_dir, job)
    assert recorded_process.is_supervised(now)
    assert now.pid == job.pid
    kill(job.pid)
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.LOST, reconcile.GONE)
    assert (end.settlement, status(sqlite_store, job)) == (Settlement.DONE, RunStatus.FAILED)


def test_a_job_whose_record_could_not_be_read_for_a_moment_gets_another_supervisor_later(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = launched(sqlite_store, state_dir, SLEEP)
    kill(job.supervisor_pid)
    record = records.directory(state_dir, job.kind, job.process_id) / records.NAME
    record.rename(record.with_name("away"))
    record.mkdir()
    taking_over.take_over(sqlite_store, state_dir)
    record.rmdir()
    record.with_name("away").rename(record)
    taking_over.take_over(sqlite_store, state_dir)
    assert recorded_process.is_supervised(detached.now(state_dir, job))
    kill(job.pid)
    assert detached.ended(state_dir, job).state is ProcessState.LOST


def left_alone(store: Store, state_dir: Path) -> ProcessRecord:
    """Return the record of a sweep whose supervisor was killed before it noted the process."""
    record = replace(
        detached.python("open('started', 'w').close()", cwd=state_dir.parent),  # type: ignore[arg-type]
        kind=ProcessKind.JOB,
        store=store.label,
        state=ProcessState.STARTING,
        started_at=1,
        details={"sweep": "{}"},
        **process_identity.here(),
    )
    records.create(state_dir, record)
    return record


def test_nobody_waits_while_another_supervisor_starts_and_no_second_one_does(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = replace(left_alone(sqlite_store, state_dir), state=ProcessState.RUNNING)
    folder = records.directory(state_dir, record.kind, record.process_id)
    records.write(folder, record)
    monkeypatch.setattr(process_mark, "has_marked_process", lambda _id: True)
    started = []

    def supervise(*_: object) -> None:
        started.append(True)
        with queue_files.locked(state_dir):
            pass
        taking_over.take_over(sqlite_store, state_dir)
        raise ServiceError("It is full.")

    monkeypatch.setattr(supervisor_process, "start", supervise)
    with pytest.raises(ServiceError, match=r"a process has lost its supervisor.* It is full\."):
        taking_over.take_over(sqlite_store, state_dir)
    assert started == [True]
    assert records.read(folder) == record


def test_each_job_gets_its_try_and_none_another_one_at_once_where_no_supervisor_starts(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = {"state": ProcessState.FINISHED, "settlement": Settlement.PENDING}
    jobs = [
        replace(left_alone(sqlite_store, state_dir), **ended)  # type: ignore[arg-type]
        for _ in range(taking_over.AT_ONCE + 1)
    ]
    folders = [records.directory(state_dir, job.kind, job.process_id) for job in jobs]
    for folder, job in zip(folders, jobs, strict=True):
        records.write(folder, job)
    monkeypatch.setattr(sys, "executable", str(state_dir / "no python"))

    for count in (taking_over.AT_ONCE, 1):
        with pytest.raises(ServiceError, match="Its supervisor did not start: No such file"):
            taking_over.take_over(sqlite_store, state_dir)
        assert len(taking_over._failed_at.keys() & {job.process_id for job in jobs}) == (
            taking_over.AT_ONCE if count > 1 else len(jobs)
        )
    taking_over.take_over(sqlite_store, state_dir)
    assert [records.read(folder) for folder in folders] == jobs
    monkeypatch.setattr(taking_over, "AGAIN", 0.0)
    with pytest.raises(ServiceError, match="Its supervisor did not start"):
        taking_over.take_over(sqlite_store, state_dir)


def test_a_sweep_that_ends_just_when_it_is_taken_over_is_not_started_again(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = left_alone(sqlite_store, state_dir)
    monkeypatch.setattr(process_mark, "has_marked_process", lambda _id: True)
    taking_over.take_over(sqlite_store, state_dir)
    monkeypatch.undo()
    end = detached.ended(state_dir, record)
    assert (end.state, end.pid, end.reason) == (ProcessState.LOST, None, reconcile.GONE)
    assert not (state_dir.parent / "started").exists()


TRIAL = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True)
print("up", flush=True)
{SLEEP}
"""


def test_a_sweep_that_was_killed_with_its_supervisor_leaves_no_trial_and_no_open_run(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = launched(sqlite_store, state_dir, TRIAL, sweep="{}")
    detached.wait_for(lambda: "up" in detached.log(state_dir, job))
    kill(job.supervisor_pid)
    kill(job.pid)
    assert len(detached.marked(os.environ[detached.MARK])) == 1
    taking_over.take_over(sqlite_store, state_dir)
    end = detached.ended(state_dir, job)
    assert (end.state, end.settlement) == (ProcessState.LOST, Settlement.DONE)
    assert status(sqlite_store, job) is RunStatus.FAILED
    detached.wait_for(lambda: not detached.marked(os.environ[detached.MARK]))


@pytest.mark.parametrize(
    ("changes", "state", "run"),
    [
        ({"state": ProcessState.FAILED, "exit_code": 3}, ProcessState.FAILED, RunStatus.FAILED),
        ({"state": ProcessState.FINISHED}, ProcessState.FINISHED, RunStatus.FINISHED),
        ({"settlement": Settlement.NOT_DUE}, ProcessState.LOST, RunStatus.FAILED),
        ({"boot_id": "before", "settlement": ""}, ProcessState.LOST, RunStatus.FAILED),
    ],
)
def test_the_runs_of_an_ended_job_are_settled_at_the_next_look(
    sqlite_store: Store,
    state_dir: Path,
    changes: dict[str, object],
    state: ProcessState,
    run: RunStatus,
) -> None:
    job = replace(
        detached.planned(sys.executable),
        kind=ProcessKind.JOB,
        store=sqlite_store.label,
        state=ProcessState.RUNNING,
        started_at=1,
        pid=2**30,
        pid_started_at=1.0,
        settlement=Settlement.PENDING,
        boot_id=process_identity.boot_id(),
        host=process_identity.host(),
    )
    job = replace(job, **changes)  # type: ignore[arg-type]
    records.create(state_dir, job)
    make_run(sqlite_store, tags={JOB_TAG: job.process_id}, status="RUNNING")
    taking_over.take_over(sqlite_store, state_dir)
    end = detached.wait_for(lambda: settled(state_dir, job))
    assert end.state is state
    assert status(sqlite_store, job) is run


@pytest.mark.parametrize(
    ("boot_id", "since", "reason"),
    [("before", None, reconcile.RESTARTED), ("", 1.0, reconcile.GONE)],
)
def test_taking_over_leaves_alone_who_has_the_pid_of_a_job_that_is_gone(
    sqlite_store: Store, state_dir: Path, boot_id: str, since: float | None, reason: str
) -> None:
    with detached.stranger() as stranger:
        job = replace(
            detached.planned(sys.executable),
            kind=ProcessKind.JOB,
            store=sqlite_store.label,
            state=ProcessState.RUNNING,
            started_at=1,
            pid=stranger.pid,
            pid_started_at=since or process_identity.started_at(stranger.pid),
            **process_identity.here(),
        )
        records.create(state_dir, replace(job, boot_id=boot_id or job.boot_id))
        make_run(sqlite_store, tags={JOB_TAG: job.process_id}, status="RUNNING")
        taking_over.take_over(sqlite_store, state_dir)
        assert recorded_process.is_supervised(detached.now(state_dir, job))
        end = detached.wait_for(lambda: settled(state_dir, job))
        assert stranger.poll() is None
    assert (end.state, end.reason) == (ProcessState.LOST, reason)
    assert status(sqlite_store, job) is RunStatus.FAILED


def settled(state_dir: Path, job: ProcessRecord) -> ProcessRecord | None:
    now = detached.now(state_dir, job)
    return now if now.settlement is Settlement.DONE else None


def test_what_is_left_of_a_job_that_was_never_started_or_is_only_watched_needs_nobody(
    sqlite_store: Store, state_dir: Path
) -> None:
    gone = replace(
        detached.planned(sys.executable),
        kind=ProcessKind.JOB,
        store=sqlite_store.label,
        state=ProcessState.WAITING,
        boot_id=process_identity.boot_id(),
        host=process_identity.host(),
    )
    watched = replace(
        gone,
        process_id=records.new_id(),
        state=ProcessState.RUNNING,
        started_at=1,
        details={"attached": "yes"},
    )
    for record in (gone, watched):
        records.create(state_dir, record)
    taking_over.take_over(sqlite_store, state_dir)
    for record in (gone, watched):
        assert records.read(state_dir / record.kind / record.process_id) == record
