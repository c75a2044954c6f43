import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict, Unreachable
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.domain.runs.run import JOB_TAG, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import job_queue, jobs
from mlops_tui.services.launchers import processes, reconcile, settlement, settlement_process
from mlops_tui.services.processes import records, stop_request
from mlops_tui.services.runs import runs
from tests import detached
from tests.making import make_run
from tests.ports import free_port

Serve = Callable[[Callable[[str], tuple[int, str] | None]], str]


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def launched(state_dir: Path, uri: str, code: str) -> ProcessRecord:
    record = replace(detached.python(code), kind=ProcessKind.JOB, store=uri)
    return processes.start(state_dir, record, {**os.environ, "MLFLOW_TRACKING_URI": uri})


def ended_job(state_dir: Path, store: Store) -> tuple[ProcessRecord, Path]:
    """Return the record of a job that has just ended, with its folder."""
    plan = replace(detached.python("print()"), kind=ProcessKind.JOB, store=store.label)
    record = replace(plan, state=ProcessState.FAILED, settlement=Settlement.PENDING)
    return record, records.create(state_dir, record)


def test_a_job_has_failed_at_once_while_its_store_says_nothing(
    state_dir: Path, serve_answers: Serve
) -> None:
    job = launched(state_dir, serve_answers(lambda _path: None), "exit(3)")
    detached.wait_for(lambda: detached.now(state_dir, job).is_settling)
    found, queue = job_queue.read_jobs(state_dir)
    assert [(each.state, each.exit_code) for each in found] == [(ProcessState.FAILED, 3)]
    assert (queue.busy, queue.settling) == (0, 1)
    with pytest.raises(Conflict, match="still being settled"):
        processes.remove(state_dir, job.kind, job.process_id)
    with pytest.raises(Conflict, match="are being settled"):
        jobs.settle_job(Store(job.store), state_dir, job.process_id)
    assert processes.stop(state_dir, job.kind, job.process_id).state is ProcessState.FAILED
    end = detached.ended(state_dir, job)
    assert (end.state, end.exit_code, end.reason) == (ProcessState.FAILED, 3, "Exit code 3.")
    assert (end.settlement, end.settlement_reason) == (
        Settlement.GIVEN_UP,
        settlement_process.SKIPPED,
    )


def test_a_store_that_takes_a_question_and_never_answers_holds_nobody_for_ever(
    state_dir: Path, serve_answers: Serve
) -> None:
    store = Store(serve_answers(lambda _path: None))
    _, folder = ended_job(state_dir, store)
    code = "import sys, pathlib; from mlops_tui.services.launchers import settlement as s;"
    code += "s.LIMIT = 1; s.main(pathlib.Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, folder],
        env={**os.environ, "MLFLOW_TRACKING_URI": store.tracking_uri},
        check=False,
    )
    assert done.returncode == -signal.SIGALRM


def test_what_settles_is_ended_should_even_its_own_limit_fail(
    state_dir: Path, serve_answers: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(serve_answers(lambda _path: None))
    record, folder = ended_job(state_dir, store)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.tracking_uri)
    monkeypatch.setattr(settlement_process, "LIMIT", 0)
    given_up = settlement_process.await_settlement(folder, record, shares_machine=True)
    assert given_up.settlement is Settlement.GIVEN_UP
    assert given_up.settlement_reason == settlement_process.TOO_LATE


def test_few_jobs_are_settled_at_once_and_who_waits_for_that_can_be_skipped(
    state_dir: Path,
) -> None:
    state_dir.mkdir()
    locks = [os.open(state_dir / f"settling.{n}", os.O_CREAT | os.O_RDWR) for n in range(2)]
    for lock in locks:
        fcntl.flock(lock, fcntl.LOCK_EX)
    plan = replace(detached.python("print()"), kind=ProcessKind.JOB, store="http://host")
    waits, skipped = (
        detached.start(state_dir, replace(plan, process_id=records.new_id())) for _ in "ab"
    )
    for job in (waits, skipped):
        detached.wait_for(lambda job=job: detached.now(state_dir, job).is_settling)  # type: ignore[misc]
    processes.stop(state_dir, skipped.kind, skipped.process_id)
    assert detached.ended(state_dir, skipped).settlement_reason == settlement_process.SKIPPED
    assert detached.now(state_dir, waits).is_settling
    os.close(locks[0])
    assert "not at hand" in detached.ended(state_dir, waits).settlement_reason
    os.close(locks[1])


def test_what_is_killed_while_it_settles_is_begun_again(
    state_dir: Path, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, folder = ended_job(state_dir, sqlite_store)
    make_run(sqlite_store, tags={JOB_TAG: record.process_id}, status="RUNNING")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", sqlite_store.tracking_uri)
    begun = subprocess.Popen

    def killed_at_first(*arguments: object, **options: object) -> object:
        monkeypatch.setattr(subprocess, "Popen", begun)
        child = begun(*arguments, **options)  # type: ignore[call-overload]
        child.kill()
        return child

    monkeypatch.setattr(subprocess, "Popen", killed_at_first)
    assert (
        settlement_process.await_settlement(folder, record, shares_machine=True).settlement
        is Settlement.DONE
    )
    (run,) = runs.runs_of_job(sqlite_store, record.process_id)
    assert run.status is RunStatus.FAILED


@pytest.mark.parametrize("status", ["", "FINISHED", "FAILED"])
def test_a_job_that_left_no_run_open_is_settled_without_mlflow(
    state_dir: Path, sqlite_store: Store, status: str
) -> None:
    record, folder = ended_job(state_dir, sqlite_store)
    make_run(sqlite_store, tags={JOB_TAG: "another"}, status="RUNNING")
    if status:
        make_run(sqlite_store, tags={JOB_TAG: record.process_id}, status=status)
    code = "import sys, pathlib; from mlops_tui.services.launchers import settlement as s;"
    code += "s.main(pathlib.Path(sys.argv[1])); print('mlflow' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, folder],
        env={**os.environ, "MLFLOW_TRACKING_URI": sqlite_store.tracking_uri},
        check=True,
        capture_output=True,
    )
    assert done.stdout == b"False\n"


def test_a_job_whose_store_is_not_at_hand_says_that_its_runs_are_open(state_dir: Path) -> None:
    record = replace(detached.python("exit(2)"), kind=ProcessKind.JOB, store="http://host")
    end = detached.ended(state_dir, detached.start(state_dir, record))
    assert (end.state, end.reason) == (ProcessState.FAILED, "Exit code 2.")
    assert end.settlement_reason == "Its runs could not be settled: http://host was not at hand."
    assert end.is_unsettled


def test_a_stopped_job_tries_a_store_once_that_is_away(state_dir: Path) -> None:
    uri = f"http://127.0.0.1:{free_port()}"
    job = launched(state_dir, uri, "import time; time.sleep(600)")
    processes.stop(state_dir, job.kind, job.process_id)
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.STOPPED
    assert end.settlement_reason.startswith("Its runs could not be settled: ")
    assert uri in end.settlement_reason


def test_a_store_that_is_away_is_tried_again_until_it_is_back_or_given_up(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[ProcessState] = []

    def away_at_first(_store: Store, _folder: Path, job: ProcessRecord) -> None:
        tries.append(job.state)
        if len(tries) < 3:
            raise Unreachable("Nothing listens.")

    monkeypatch.setattr(settlement, "settle_runs", away_at_first)
    monkeypatch.setattr(settlement, "PAUSE", 0)
    job = replace(detached.python("print()"), store=sqlite_store.label)
    make_run(sqlite_store, tags={JOB_TAG: job.process_id}, status="RUNNING")
    assert settlement.try_to_settle(sqlite_store, Path(), job, lambda: False) == ""
    assert len(tries) == 3
    tries.clear()
    given_up = settlement.try_to_settle(sqlite_store, Path(), job, lambda: len(tries) == 2)
    assert given_up == "Nothing listens."


def test_the_recorded_exit_code_decides_when_the_supervisor_was_killed(
    state_dir: Path, serve_answers: Serve
) -> None:
    job = launched(state_dir, serve_answers(lambda _path: None), "exit(3)")
    detached.wait_for(lambda: detached.now(state_dir, job).is_settling)
    supervisor = detached.now(state_dir, job).supervisor_pid
    assert supervisor
    os.kill(supervisor, signal.SIGKILL)
    end = detached.ended(state_dir, job)
    assert (end.state, end.exit_code) == (ProcessState.FAILED, 3)
    assert (end.settlement, end.settlement_reason) == (
        Settlement.GIVEN_UP,
        reconcile.UNSEEN,
    )
    folder = records.directory(state_dir, job.kind, job.process_id)
    stop_request.create(folder)
    assert detached.now(state_dir, job) == end
    for process in detached.marked(os.environ[detached.MARK]):
        process.kill()
