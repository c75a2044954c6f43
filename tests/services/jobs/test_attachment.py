"""Attaching to real processes that were started elsewhere."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest

from mlops_tui.domain.errors import Conflict, NotFound
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import attachment, jobs
from mlops_tui.services.launchers import processes, reconcile
from mlops_tui.services.processes import process_identity, process_output
from tests import detached

TRAIN = "import sys, time; print('epoch 1', flush=True); time.sleep(600)"
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Start]:
    """Start a script as a person would in another terminal; it is ended with the test."""
    (tmp_path / "train.py").write_text(TRAIN)
    with ExitStack() as stack:

        def start(
            *words: str, stdout: int | IO[Any] = subprocess.DEVNULL, stderr: int | IO[Any] = 2
        ) -> "subprocess.Popen[bytes]":
            child = subprocess.Popen(
                [sys.executable, "train.py", *words], cwd=tmp_path, stdout=stdout, stderr=stderr
            )
            stack.callback(child.wait)
            stack.callback(child.kill)
            return child

        yield start


def pids(state_dir: Path) -> list[int]:
    return [each.pid for each in attachment.find_processes(state_dir)]


def test_ones_own_python_is_found_until_it_is_listed(
    store: Store, state_dir: Path, elsewhere: Start
) -> None:
    older, newer = elsewhere("--lr", "1"), elsewhere("--token", "hush")
    found = {each.pid: each for each in attachment.find_processes(state_dir)}
    assert found[older.pid].title == "train.py"
    assert found[older.pid].command[-2:] == ("--lr", "1")
    assert found[newer.pid].command[-2:] == ("--token", "***")
    assert list(found).index(newer.pid) < list(found).index(older.pid)
    job = attachment.attach(store, state_dir, older.pid, found[older.pid].since)
    assert job.title == "train.py"
    assert older.pid not in pids(state_dir)
    with pytest.raises(Conflict, match="listed here already"):
        attachment.attach(store, state_dir, older.pid)


def test_the_job_is_shown_as_it_is_while_it_lives_and_when_it_has_ended(
    store: Store, state_dir: Path, tmp_path: Path, elsewhere: Start
) -> None:
    with (tmp_path / "out.log").open("wb") as log:
        child = elsewhere("--token", "hush", stdout=log)
    job = attachment.attach(store, state_dir, child.pid)
    (listed,) = jobs.list_jobs(state_dir)
    assert listed == job
    assert (job.state, job.cwd, job.pid) == (ProcessState.RUNNING, str(tmp_path), child.pid)
    assert "exit code" in job.reason
    assert abs((job.started_at or 0) - job.created_at) < 600_000
    detached.wait_for(lambda: "epoch 1\n" in detached.log(state_dir, job))
    folder = state_dir / "jobs" / job.process_id
    assert "hush" not in (folder / "record.json").read_text()
    child.kill()
    child.wait()
    end = detached.now(state_dir, job)
    last_sign = (tmp_path / "out.log").stat().st_mtime_ns // 1_000_000
    assert (end.state, end.exit_code, end.ended_at) == (ProcessState.ENDED, None, last_sign)
    assert end.reason == reconcile.ENDED
    processes.remove(state_dir, ProcessKind.JOB, job.process_id)
    assert (tmp_path / "out.log").read_text() == "epoch 1\n"


def test_one_without_a_log_has_ended_when_it_was_last_seen(
    store: Store, state_dir: Path, elsewhere: Start
) -> None:
    child = elsewhere()
    job = attachment.attach(store, state_dir, child.pid)
    assert detached.now(state_dir, job).ended_at is None
    last_seen = state_dir / "jobs" / job.process_id / reconcile.SEEN
    child.kill()
    child.wait()
    end = detached.now(state_dir, job)
    assert end.state is ProcessState.ENDED
    assert end.ended_at == last_seen.stat().st_mtime_ns // 1_000_000
    last_seen.unlink()
    assert detached.now(state_dir, job).ended_at is None


def test_stop_ends_the_process_with_what_it_started(
    store: Store, state_dir: Path, elsewhere: Start, tmp_path: Path
) -> None:
    (tmp_path / "train.py").write_text(
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    with (tmp_path / "out.log").open("wb") as log, detached.nothing_left_behind():
        parent = elsewhere(stdout=log)
        job = attachment.attach(store, state_dir, parent.pid)
        detached.wait_for(lambda: detached.log(state_dir, job).endswith("\n"))
        stopping = jobs.stop_job(store, state_dir, job.process_id)
        assert stopping.state in (ProcessState.STOPPING, ProcessState.STOPPED)
        parent.wait()
        end = detached.ended(state_dir, job)
    assert (end.state, end.exit_code, end.reason) == (ProcessState.STOPPED, None, "")
    assert (tmp_path / "out.log").read_text().strip().isdecimal()


def test_forgetting_a_watched_job_lets_it_run_on(
    store: Store, state_dir: Path, elsewhere: Start
) -> None:
    child = elsewhere()
    job = attachment.attach(store, state_dir, child.pid)
    processes.remove(state_dir, ProcessKind.JOB, job.process_id)
    assert jobs.list_jobs(state_dir) == ()
    assert child.poll() is None


def test_a_process_that_is_gone_is_refused(store: Store, state_dir: Path, elsewhere: Start) -> None:
    child = elsewhere()
    since = process_identity.started_at(child.pid)
    assert since
    for pid, start in ((2**30, None), (2**70, None), (child.pid, since + 1)):
        with pytest.raises(NotFound, match="There is no process"):
            attachment.attach(store, state_dir, pid, start)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(NotFound, match="no process"):
        attachment.attach(store, state_dir, child.pid)
    assert jobs.list_jobs(state_dir) == ()


def test_another_persons_process_is_neither_listed_nor_taken(
    store: Store, state_dir: Path, elsewhere: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = elsewhere()
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    assert pids(state_dir) == []
    with pytest.raises(Conflict, match="belongs to somebody else"):
        attachment.attach(store, state_dir, child.pid)


def test_what_was_launched_here_is_left_out_with_its_children(
    store: Store, state_dir: Path, tmp_path: Path
) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', 'x'])\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    with detached.nothing_left_behind():
        planned = replace(detached.planned(sys.executable, str(script)), kind=ProcessKind.JOB)
        job = detached.start(state_dir, replace(planned, store="http://host"))
        detached.wait_for(lambda: detached.log(state_dir, job).strip())
        child = int(detached.log(state_dir, job))
        assert not {job.pid, job.supervisor_pid, child} & set(pids(state_dir))
        assert child in pids(tmp_path / "another state")
        processes.stop(state_dir, ProcessKind.JOB, job.process_id)
        detached.ended(state_dir, job)


def test_copies_that_share_the_work_are_not_listed_beside_who_made_them(
    state_dir: Path, tmp_path: Path, elsewhere: Start
) -> None:
    (tmp_path / "train.py").write_text(
        "import os, time\npid = os.fork()\nif pid: print(pid, flush=True)\ntime.sleep(600)"
    )
    with (tmp_path / "out.log").open("wb") as log:
        parent = elsewhere(stdout=log)
    detached.wait_for((tmp_path / "out.log").read_text)
    copy = int((tmp_path / "out.log").read_text())
    try:
        found = pids(state_dir)
        assert parent.pid in found
        assert copy not in found
    finally:
        os.kill(copy, 9)


def reason(record: ProcessRecord) -> str:
    return record.reason.partition("exit code. ")[2]


def test_why_there_is_no_log_is_said(
    store: Store, state_dir: Path, tmp_path: Path, elsewhere: Start
) -> None:
    terminal, end = os.openpty()
    with (tmp_path / "gone.log").open("wb") as gone:
        children = [
            elsewhere(stderr=subprocess.DEVNULL),
            elsewhere(stdout=subprocess.PIPE, stderr=subprocess.DEVNULL),
            elsewhere(stdout=end, stderr=end),
            elsewhere(stdout=gone, stderr=gone),
        ]
    (tmp_path / "gone.log").unlink()
    told = [reason(attachment.attach(store, state_dir, child.pid)) for child in children]
    assert told == [
        "Its output cannot be read: it goes nowhere (/dev/null).",
        "Its output cannot be read: it goes through a pipe to another program.",
        f"Its output cannot be read: it goes to a terminal ({os.ttyname(end)}).",
        "Its output cannot be read: the file that it goes to was deleted, or is out of reach.",
    ]
    for job in jobs.list_jobs(state_dir):
        assert detached.log(state_dir, job) == ""
    for descriptor in (terminal, end):
        os.close(descriptor)
    for child in children:
        if child.stdout:
            child.stdout.close()


def test_errors_are_followed_where_output_goes_nowhere(tmp_path: Path, elsewhere: Start) -> None:
    with (tmp_path / "err.log").open("wb") as log:
        child = elsewhere(stderr=log)
    assert process_output.find_log(child.pid) == (str(tmp_path / "err.log"), "")


def test_where_output_goes_cannot_be_seen_of_what_is_gone_or_on_other_systems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert process_output.find_log(2**30) == ("", "Where its output goes cannot be seen.")
    monkeypatch.setattr(sys, "platform", "darwin")
    found, why_not = process_output.find_log(os.getpid())
    assert (found, why_not) == ("", "Where its output goes cannot be seen on this system.")


def test_output_that_goes_to_a_socket_cannot_be_read() -> None:
    import socket

    ours, theirs = socket.socketpair()
    with ours, theirs:
        code = "import time; time.sleep(600)"
        with subprocess.Popen(
            [sys.executable, "-c", code], stdout=theirs.fileno(), stderr=theirs.fileno()
        ) as child:
            found = process_output.find_log(child.pid)
            child.kill()
    assert found == ("", "Its output cannot be read: it goes to another program.")
