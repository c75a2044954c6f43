import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import process_identity, process_tree, records, stop_request
from tests import detached
from tests.patience import PATIENCE


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def supervise(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mlops_tui.services.launchers.supervisor", str(folder)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_process_stopped_before_its_start_never_starts(state_dir: Path) -> None:
    record = detached.python("print('started')")
    folder = records.create(state_dir, record)
    stop_request.create(folder)
    assert supervise(folder).returncode == 0
    end = detached.ended(state_dir, record)
    assert (end.state, end.pid, end.started_at) == (ProcessState.STOPPED, None, None)


@pytest.mark.parametrize("content", ["", "{}"])
def test_a_folder_without_a_record_is_refused(state_dir: Path, content: str) -> None:
    folder = records.create(state_dir, detached.python("print()"))
    (folder / "record.json").write_text(content)
    done = supervise(folder)
    assert done.returncode == 1
    assert "holds no record of a process" in done.stderr


def test_a_process_that_ended_before_a_second_supervisor_came_is_lost(state_dir: Path) -> None:
    gone = replace(detached.python("print()"), state=ProcessState.RUNNING, pid=2**30)
    folder = records.create(state_dir, replace(gone, pid_started_at=1.0))
    assert supervise(folder).returncode == 0
    end = detached.ended(state_dir, gone)
    assert (end.state, end.exit_code) == (ProcessState.LOST, None)


@pytest.mark.parametrize("changes", [{"pid_started_at": 1.0}, {"boot_id": "before"}])
def test_a_second_supervisor_leaves_alone_who_has_the_pid_of_a_process_that_is_gone(
    state_dir: Path, changes: dict[str, Any]
) -> None:
    with detached.stranger() as stranger:
        gone = replace(
            detached.python("print()"),
            state=ProcessState.RUNNING,
            pid=stranger.pid,
            pid_started_at=process_identity.started_at(stranger.pid),
            **process_identity.here(),
        )
        folder = records.create(state_dir, replace(gone, **changes))
        stop_request.create(folder)
        assert supervise(folder).returncode == 0
        detached.wait_for(lambda: (found := records.read(folder)) and not found.state.is_active)
        assert stranger.poll() is None


def test_the_temporary_folder_is_removed_at_the_end(state_dir: Path) -> None:
    code = "import os; open(os.environ['TMPDIR'] + '/big', 'w').close(); print('written')"
    record = detached.python(code)
    temporary = state_dir / record.kind / record.process_id / "tmp"
    processes.start(state_dir, record, {**os.environ, "TMPDIR": str(temporary)})
    assert detached.ended(state_dir, record).state is ProcessState.FINISHED
    assert detached.log(state_dir, record) == "written\n"
    detached.wait_for(lambda: not temporary.exists())


def test_supervising_needs_no_mlflow_until_a_job_has_ended() -> None:
    code = "import mlops_tui.services.launchers.supervisor, sys; print('mlflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert done.stdout == b"False\n"


def test_what_cannot_be_ended_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[int] = []
    monkeypatch.setattr(process_tree, "_send", lambda _process, number: signals.append(number))
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        leader = psutil.Process(child.pid)
        monkeypatch.setattr(process_tree, "descendants", lambda *_: {leader})
        assert process_tree.end(leader, 0.1, lambda: None) is False
        child.kill()
    assert signals[0] == 15
    assert set(signals[1:]) == {9}


def test_where_nobody_can_look_at_processes_ending_them_is_given_up_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(process_tree, "descendants", refuse)
    monkeypatch.setattr(process_tree, "PATIENCE", 0.3)
    assert process_tree.end(None, 0.1, lambda: None) is False


def test_a_process_that_ends_between_two_looks_leaves_its_exit_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die() -> None:
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    def reap() -> None:
        next(reaps)()

    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        leader = psutil.Process(child.pid)
        monkeypatch.setattr(process_tree, "descendants", lambda *_: {leader})
        reaps = iter([die, child.poll])
        assert process_tree.end(leader, 10.0, reap)
        assert child.returncode == -9


def test_without_the_kernels_boot_id_the_time_of_boot_stands_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_id = process_identity.boot_id()
    monkeypatch.setattr(process_identity, "BOOT_ID", tmp_path / "missing")
    assert process_identity.boot_id().isdecimal()
    assert process_identity.boot_id() != with_id


def test_on_other_systems_a_process_is_known_by_when_it_was_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    process_tree.adopt_orphans()
    since = process_identity.started_at(os.getpid())
    assert since is not None
    assert process_identity.is_alive(os.getpid(), since)
    assert not process_identity.is_alive(os.getpid(), since + 1)
    assert process_identity.started_at(2**30) is None


DISPOSITIONS = """
import signal, time
# Not SIGTERM, for which coverage sets a handler when it measures children.
named = [signal.SIGUSR1, signal.SIGQUIT, signal.SIGALRM, signal.SIGXCPU]
assert all(signal.getsignal(each) is signal.SIG_DFL for each in named)
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
print("up", flush=True)
time.sleep(600)
"""


def test_no_signal_but_a_kill_ends_a_supervisor_before_its_child(state_dir: Path) -> None:
    record = detached.start(state_dir, detached.python(DISPOSITIONS))
    detached.wait_for(lambda: "up" in detached.log(state_dir, record))
    assert record.supervisor_pid
    assert record.pid
    deadly = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM}
    for number in deadly - {32, 33}:  # of the C library
        os.kill(record.supervisor_pid, number)
    os.kill(record.pid, signal.SIGINT)
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code) == (ProcessState.FAILED, -signal.SIGINT)


UNWRITABLE = """
import os, sys
from pathlib import Path
from typing import Any
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import command_start, supervisor

folder, number = Path(sys.argv[1]), int(sys.argv[2])
truly, spawn = small_files._replace, command_start.spawn

def refuse(path, data):
    if (folder / "away").exists():
        raise OSError(number, os.strerror(number))
    truly(path, data)

def spawn_then_lose(*arguments):
    child = spawn(*arguments)
    (folder / "away").touch()
    return child

small_files._replace, command_start.spawn = refuse, spawn_then_lose
supervisor.supervise(folder, lambda: print("looks after it", flush=True))
"""
"""Supervises on a file system that takes no writes from the start of the command on."""

NEVER_WRITTEN = """
import errno, os, sys
from pathlib import Path
from typing import Any
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import supervisor
from mlops_tui.services.processes import stop_request

folder = Path(sys.argv[1])
stop_request.create(folder)

def refuse(path, data):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

def report():
    print("told", flush=True)
    os._exit(0)

supervisor._take_charge = supervisor.records.read
small_files._replace = small_files.overwrite = refuse
supervisor.supervise(folder, report)
"""
"""Supervises what shall not run any more, on a disk that stays full."""


def test_whoever_starts_a_supervisor_waits_for_no_disk(state_dir: Path) -> None:
    folder = records.create(state_dir, detached.python("print()"))
    command = [sys.executable, "-c", NEVER_WRITTEN, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    assert done.stdout == b"told\n"


ENDS = "import os, time\nwhile not os.path.exists('go'): time.sleep(0.02)\nos._exit(4)"


@pytest.mark.parametrize("number", [errno.EROFS, errno.EIO, errno.EACCES, errno.EMFILE])
def test_an_end_is_written_down_as_soon_as_that_is_possible_whatever_was_in_the_way(
    state_dir: Path, tmp_path: Path, number: int
) -> None:
    record = replace(detached.python(ENDS), cwd=str(tmp_path))
    folder = records.create(state_dir, record)
    command = [sys.executable, "-c", UNWRITABLE, str(folder), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout
        assert supervisor.stdout.readline() == b"looks after it\n"
        (tmp_path / "go").touch()
        detached.wait_for(lambda: not psutil.Process(supervisor.pid).children())
        found = records.read(folder)
        assert found
        assert (found.state, found.pid) == (ProcessState.STARTING, None)
        assert supervisor.poll() is None
        (folder / "away").unlink()
        assert supervisor.wait() == 0
    end = detached.now(state_dir, record)
    assert (end.state, end.exit_code, end.reason) == (ProcessState.FAILED, 4, "Exit code 4.")
    assert end.pid
    assert end.started_at


def test_a_removed_folder_is_not_waited_for_but_one_that_is_away_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "state" / "jobs" / "one"
    folder.mkdir(parents=True)
    (folder / records.NAME).touch()
    assert not records.is_removed(folder)
    (tmp_path / "state").rename(tmp_path / "away")
    assert not records.is_removed(folder)
    (tmp_path / "away").rename(tmp_path / "state")
    (folder / records.NAME).unlink()
    assert records.is_removed(folder)
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert records.is_removed(folder)
    folder.parent.rmdir()
    assert records.is_removed(folder)
