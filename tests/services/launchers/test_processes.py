import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import processes, reconcile, supervisor_process
from mlops_tui.services.logs import logs
from mlops_tui.services.processes import log_file, process_identity, records, stop_request
from tests import detached

SLEEP = "import time; print('up', flush=True); time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP
STARTER = f"""
import os, sys, time
from pathlib import Path
sys.path.append({str(Path(__file__).parents[3])!r})
from tests import detached
detached.start(Path(sys.argv[1]), detached.planned(*sys.argv[2:]))
print("started", flush=True)
if os.environ.get("LINGER"):
    time.sleep(600)
"""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def running(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    started = detached.start(state_dir, record)
    assert started.state is ProcessState.RUNNING
    detached.wait_for(lambda: "up" in detached.log(state_dir, record))
    return started


def stopped(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    processes.stop(state_dir, record.kind, record.process_id)
    return detached.ended(state_dir, record)


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    detached.wait_for(lambda: process_identity.started_at(pid) is None)


def test_a_process_runs_to_its_end_with_its_output_in_the_log(state_dir: Path) -> None:
    record = detached.start(state_dir, detached.python("import sys; print(repr(sys.stdin.read()))"))
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code, end.reason) == (ProcessState.FINISHED, 0, "")
    assert end.started_at
    assert end.ended_at
    assert end.started_at <= end.ended_at
    assert detached.log(state_dir, record) == "''\n"


def test_what_is_written_down_can_be_read_by_its_owner_only(state_dir: Path) -> None:
    record = detached.start(state_dir, detached.python("print()"))
    detached.ended(state_dir, record)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in state_dir.rglob("*")}
    assert modes == {
        "servers": 0o700,
        record.process_id: 0o700,
        "record.json": 0o600,
        "output.log": 0o600,
    }


def test_the_environment_reaches_the_process_but_not_the_disk(state_dir: Path) -> None:
    code = "import os; print(len(os.environ['PASSWORD'])); assert 'PYTHONPATH' not in os.environ"
    environ = {**os.environ, "PASSWORD": "tops3cret"}
    environ.pop("PYTHONPATH", None)
    record = replace(detached.python(code), environment=("PASSWORD",))
    processes.start(state_dir, record, environ)
    end = detached.ended(state_dir, record)
    assert (end.state, end.environment) == (ProcessState.FINISHED, ("PASSWORD",))
    written = b"".join(p.read_bytes() for p in state_dir.rglob("*") if p.is_file())
    assert b"tops3cret" not in written
    assert detached.log(state_dir, record) == "9\n"


def test_modules_in_the_working_directory_do_not_confuse_the_supervisor(
    state_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    (tmp_path / "mlops_tui").mkdir()
    record = detached.planned(sys.executable, "-P", "-c", "print('fine')", cwd=tmp_path)
    start_elsewhere = [sys.executable, "-P", "-c", STARTER, str(state_dir), *record.command]
    subprocess.run(start_elsewhere, cwd=tmp_path, check=True)
    (found,) = detached.wait_for(lambda: processes.list_processes(state_dir, ProcessKind.SERVER))
    assert detached.ended(state_dir, found).state is ProcessState.FINISHED


def test_a_failure_names_exit_code_with_the_telling_line_of_the_log(state_dir: Path) -> None:
    code = "print('ok'); 1/0"
    end = detached.ended(state_dir, detached.start(state_dir, detached.python(code)))
    assert (end.state, end.exit_code) == (ProcessState.FAILED, 1)
    assert end.reason == "Exit code 1: ZeroDivisionError: division by zero"


def test_a_failure_without_such_a_line_names_the_last_line_of_standard_error(
    state_dir: Path,
) -> None:
    code = "import sys; print('epoch 3', flush=True); sys.exit('no data')"
    end = detached.ended(state_dir, detached.start(state_dir, detached.python(code)))
    assert end.reason == "Exit code 1: no data"
    code = "import sys; print('warming up', file=sys.stderr); print('epoch 3'); sys.exit(1)"
    end = detached.ended(state_dir, detached.start(state_dir, detached.python(code)))
    assert end.reason == "Exit code 1."


def test_a_silent_failure_names_its_exit_code(state_dir: Path) -> None:
    end = detached.ended(state_dir, detached.start(state_dir, detached.python("exit(3)")))
    assert end.reason == "Exit code 3."


def test_a_process_that_was_killed_from_outside_says_by_what(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    assert record.pid
    os.kill(record.pid, signal.SIGKILL)
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code) == (ProcessState.FAILED, -9)
    assert end.reason == "Ended by SIGKILL."


def test_an_ordinary_line_of_output_is_no_reason_but_the_last_of_standard_error_is(
    state_dir: Path,
) -> None:
    code = "import sys; print('tick 0', flush=True); sys.exit(%s)"
    ticks, says = (
        detached.ended(state_dir, detached.start(state_dir, detached.python(code % how)))
        for how in ("3", "'the data are missing'")
    )
    assert ticks.reason == "Exit code 3."
    assert says.reason == "Exit code 1: the data are missing"


@pytest.mark.parametrize(
    ("command", "cwd"),
    [
        (("/no/such/python", "-V"), "/"),
        ((sys.executable, "-V"), "/no/such/folder"),
        ((sys.executable, "a\0b"), "/"),
    ],
)
def test_a_command_that_cannot_start_has_failed_with_a_reason(
    state_dir: Path, command: tuple[str, ...], cwd: str
) -> None:
    record = detached.start(state_dir, detached.planned(*command, cwd=Path(cwd)))
    assert record.state is ProcessState.FAILED
    assert record.reason.startswith(f"{command[0]} could not be started: ")
    assert record.pid is None


def test_a_supervisor_that_does_not_start_is_told(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    record = detached.start(state_dir, detached.python("print()"))
    assert record.state is ProcessState.FAILED
    assert record.reason.startswith("Its supervisor did not start:")


@pytest.mark.parametrize(
    ("value", "reason"),
    [("x" * 3_000_000, "Argument list too long."), ("a\0b", "embedded null byte.")],
)
def test_a_supervisor_that_the_system_refuses_to_start_leaves_no_job_that_waits(
    state_dir: Path, value: str, reason: str
) -> None:
    plan = replace(detached.python("print()"), kind=ProcessKind.JOB)
    record = processes.start(state_dir, plan, {**os.environ, "ODD": value})
    assert record.state is ProcessState.FAILED
    assert record.reason == f"Its supervisor did not start: {reason}"
    assert detached.now(state_dir, plan) == record


def test_a_megabyte_of_bytes_without_a_line_is_kept_read_and_told_harmlessly(
    state_dir: Path,
) -> None:
    piece = r"b'\xff\x00\x1b[31m' + b'x' * 65530"
    code = f"import os; [os.write(1, {piece}) for _ in range(16)]; exit(3)"
    end = detached.ended(state_dir, detached.start(state_dir, detached.python(code)))
    assert (end.state, end.exit_code) == (ProcessState.FAILED, 3)
    assert len(end.reason) < 400
    assert one_line(end.reason, 400) == end.reason
    folder = records.directory(state_dir, end.kind, end.process_id)
    assert (folder / log_file.NAME).stat().st_size == 16 * 65537
    window = logs.read_window(state_dir, end.kind, end.process_id, first=None, most=10)
    assert (window.total, len(window.lines)) == (1, 1)
    assert not {"\0", "\x1b"} & set(window.lines[0].text)


def test_stop_returns_at_once_then_the_process_ends(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    asked = processes.stop(state_dir, record.kind, record.process_id)
    assert asked.state is ProcessState.STOPPING
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code, end.reason) == (ProcessState.STOPPED, -15, "")


def test_a_process_that_does_not_listen_is_killed_after_its_grace(state_dir: Path) -> None:
    record = running(state_dir, detached.python(DEAF, grace=0.5))
    end = stopped(state_dir, record)
    assert (end.state, end.exit_code) == (ProcessState.STOPPED, -9)


def test_stop_ends_grandchildren_that_have_left_for_a_session_of_their_own(
    state_dir: Path,
) -> None:
    code = f"""
        import os, subprocess, sys, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv(sys.executable, [sys.executable, "-c", {DEAF!r}])
            os._exit(0)
        subprocess.Popen([sys.executable, "-c", {DEAF!r}])
        {SLEEP}
    """
    record = detached.start(state_dir, detached.python(textwrap.dedent(code), grace=0.5))
    detached.wait_for(lambda: detached.log(state_dir, record).count("up") == 3)
    mark = os.environ[detached.MARK]
    assert len(detached.marked(mark)) == 5 - 1  # child, two grandchildren, supervisor
    assert stopped(state_dir, record).state is ProcessState.STOPPED
    detached.wait_for(lambda: not detached.marked(mark))


def test_what_a_process_leaves_running_at_its_end_is_ended(state_dir: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}])"
    end = detached.ended(state_dir, detached.start(state_dir, detached.python(code)))
    assert (end.state, end.exit_code) == (ProcessState.FINISHED, 0)
    detached.wait_for(lambda: not detached.marked(os.environ[detached.MARK]))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_a_process_survives_the_end_of_who_started_it(
    state_dir: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", STARTER, str(state_dir), sys.executable, "-c", SLEEP]
    with subprocess.Popen(
        command,
        env={**os.environ, "LINGER": "1"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"started\n"
        os.killpg(starter.pid, number)
    (found,) = processes.list_processes(state_dir, ProcessKind.SERVER)
    assert found.state is ProcessState.RUNNING
    end = stopped(state_dir, found)
    # Its exit code is known: the supervisor has survived as well.
    assert (end.state, end.exit_code) == (ProcessState.STOPPED, -15)


def test_the_supervisor_is_nobodys_child_and_ignores_a_hangup(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    assert record.supervisor_pid
    supervisor = psutil.Process(record.supervisor_pid)
    assert supervisor.pid not in [p.pid for p in psutil.Process().children(recursive=True)]
    supervisor.send_signal(signal.SIGHUP)
    assert stopped(state_dir, record).state is ProcessState.STOPPED


def test_a_supervisor_that_is_asked_to_end_ends_its_process(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    assert record.supervisor_pid
    os.kill(record.supervisor_pid, signal.SIGTERM)
    assert detached.ended(state_dir, record).state is ProcessState.STOPPED


def test_a_process_whose_supervisor_was_killed_still_runs_and_can_be_stopped(
    state_dir: Path,
) -> None:
    record = running(state_dir, detached.python(DEAF, grace=0.5))
    kill(record.supervisor_pid)
    assert detached.now(state_dir, record).state is ProcessState.RUNNING
    asked = processes.stop(state_dir, record.kind, record.process_id)
    assert asked.state is ProcessState.STOPPING
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code) == (ProcessState.STOPPED, None)
    assert process_identity.started_at(record.pid or 0) is None


DAEMON = f"""
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", {DEAF!r}])
    os._exit(0)
{SLEEP}
"""


@pytest.mark.parametrize("leader_lives", [True, False])
def test_what_was_left_in_the_background_is_ended_although_the_supervisor_was_killed(
    state_dir: Path, *, leader_lives: bool
) -> None:
    record = detached.start(state_dir, detached.python(DAEMON, grace=0.5))
    detached.wait_for(lambda: detached.log(state_dir, record).count("up") == 2)
    kill(record.supervisor_pid)
    if not leader_lives:
        kill(record.pid)
        found = detached.now(state_dir, record)
        assert (found.state, found.reason) == (ProcessState.RUNNING, reconcile.LEFT_RUNNING)
        with pytest.raises(Conflict, match="still running"):
            processes.remove(state_dir, record.kind, record.process_id)
    assert stopped(state_dir, record).state is ProcessState.STOPPED
    detached.wait_for(lambda: not detached.marked(os.environ[detached.MARK]))


@pytest.mark.parametrize("is_supervised", [True, False])
def test_a_process_is_stopped_although_nothing_can_be_written(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch, *, is_supervised: bool
) -> None:
    record = running(state_dir, detached.python(SLEEP))
    if not is_supervised:
        kill(record.supervisor_pid)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(stop_request, "create", refuse)
    monkeypatch.setattr(supervisor_process, "open_descriptor", refuse)
    asked = processes.stop(state_dir, record.kind, record.process_id)
    assert asked.state is ProcessState.STOPPING
    assert detached.ended(state_dir, record).state is ProcessState.STOPPED


def test_a_start_that_cannot_be_written_down_is_told_and_leaves_nothing_behind(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truly = small_files.write
    left = [0]

    def refuse(path: Path, data: bytes) -> None:
        if not left[0]:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        left[0] -= 1
        truly(path, data)

    monkeypatch.setattr(small_files, "write", refuse)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    for before in (0, 1):
        left[0] = before
        with pytest.raises(ServiceError, match=r"was not started: .*: Read-only file system"):
            detached.start(state_dir, detached.python("print()"))
        assert list((state_dir / "servers").iterdir()) == []


def test_a_process_that_is_gone_with_its_supervisor_is_lost(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    kill(record.supervisor_pid)
    kill(record.pid)
    found = detached.now(state_dir, record)
    assert (found.state, found.reason) == (ProcessState.LOST, reconcile.GONE)
    assert processes.stop(state_dir, record.kind, record.process_id) == found


@pytest.mark.parametrize(
    ("exit_code", "state"), [(0, ProcessState.FINISHED), (1, ProcessState.FAILED)]
)
def test_a_job_that_ended_before_its_supervisor_was_killed_keeps_its_exit_code(
    state_dir: Path, exit_code: int, state: ProcessState
) -> None:
    ended = replace(
        detached.python(SLEEP),
        kind=ProcessKind.JOB,
        state=ProcessState.RUNNING,
        boot_id=process_identity.boot_id(),
        exit_code=exit_code,
    )
    folder = records.create(state_dir, ended)
    found = detached.now(state_dir, ended)
    assert (found.state, found.settlement_reason) == (state, reconcile.UNSEEN)
    stop_request.create(folder)
    assert detached.now(state_dir, ended).state is ProcessState.STOPPED


def test_a_restart_of_the_machine_loses_the_process_even_if_its_pid_is_used_again(
    state_dir: Path,
) -> None:
    record = running(state_dir, detached.python(SLEEP))
    folder = records.directory(state_dir, record.kind, record.process_id)
    records.write(folder, replace(record, boot_id="before"))
    found = detached.now(state_dir, record)
    assert (found.state, found.reason) == (ProcessState.LOST, reconcile.RESTARTED)
    records.write(folder, record)
    stopped(state_dir, record)


def test_another_process_with_the_same_pid_is_neither_shown_nor_stopped(
    state_dir: Path,
) -> None:
    me = os.getpid()
    other = replace(
        detached.python(SLEEP),
        state=ProcessState.RUNNING,
        pid=me,
        pid_started_at=1.5,
        supervisor_pid=me,
        supervisor_started_at=1.5,
        boot_id=process_identity.boot_id(),
        host=process_identity.host(),
    )
    records.create(state_dir, other)
    assert detached.now(state_dir, other).state is ProcessState.LOST
    assert processes.stop(state_dir, other.kind, other.process_id).state is ProcessState.LOST


FAR = process_identity.Location(host="far", boot_id="theirs", pid_namespace="pid:[2]")
BESIDE = process_identity.Location(
    host="box", boot_id=process_identity.boot_id(), pid_namespace="pid:[1]"
)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (FAR, "It was started on far: stop it there."),
        (BESIDE, "It was started in another container of this machine (box): stop it there."),
    ],
)
@pytest.mark.parametrize("state", [ProcessState.RUNNING, ProcessState.WAITING])
def test_a_process_elsewhere_is_neither_dead_nor_alive_and_never_removed(
    state_dir: Path, where: process_identity.Location, reason: str, state: ProcessState
) -> None:
    far = replace(detached.python(SLEEP), state=state, pid=2, **where)
    folder = records.create(state_dir, far)
    found = detached.now(state_dir, far)
    assert (found.state, found.reason) == (ProcessState.ELSEWHERE, reason)
    with pytest.raises(Conflict, match="stop it there"):
        processes.stop(state_dir, far.kind, far.process_id)
    with pytest.raises(Conflict, match="Nobody here knows whether a process has ended"):
        processes.remove(state_dir, far.kind, far.process_id)
    assert records.read(folder) == far
    records.write(folder, replace(far, state=ProcessState.FINISHED))
    processes.remove(state_dir, far.kind, far.process_id)
    assert processes.list_processes(state_dir, far.kind) == ()


def test_a_process_elsewhere_is_forgotten_when_a_person_says_so(state_dir: Path) -> None:
    far = replace(detached.python(SLEEP), state=ProcessState.RUNNING, pid=2, **BESIDE)
    records.create(state_dir, far)
    here = running(state_dir, detached.python(SLEEP))
    with pytest.raises(Conflict, match="is still running"):
        processes.remove(state_dir, here.kind, here.process_id, though_unknown=True)
    processes.remove(state_dir, far.kind, far.process_id, though_unknown=True)
    assert processes.list_processes(state_dir, far.kind) == (here,)
    stopped(state_dir, here)


def test_what_runs_although_its_supervisor_was_killed_before_it_wrote_that_down_is_stopped(
    state_dir: Path,
) -> None:
    record = running(state_dir, detached.python(SLEEP))
    kill(record.supervisor_pid)
    folder = records.directory(state_dir, record.kind, record.process_id)
    begun = replace(record, state=ProcessState.STARTING, pid=None, pid_started_at=None)
    records.write(folder, begun)
    assert detached.now(state_dir, record).reason == reconcile.LEFT_RUNNING
    assert stopped(state_dir, record).state is ProcessState.STOPPED
    assert process_identity.started_at(record.pid or 0) is None


def test_an_end_is_unwritten_while_a_supervisor_outlives_its_process(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    assert not reconcile.is_end_unwritten(record)
    assert reconcile.is_end_unwritten(replace(record, pid=2**30))
    for state in (ProcessState.STOPPED, ProcessState.ELSEWHERE):
        assert not reconcile.is_end_unwritten(replace(record, pid=2**30, state=state))
    assert not reconcile.is_end_unwritten(replace(record, pid=None))
    stopped(state_dir, record)


def test_a_record_without_the_namespace_of_its_pids_is_of_this_machine(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    folder = records.directory(state_dir, record.kind, record.process_id)
    assert record.pid_namespace == process_identity.pid_namespace()
    data = json.loads((folder / "record.json").read_text())
    del data["pid_namespace"]
    (folder / "record.json").write_text(json.dumps(data))
    assert detached.now(state_dir, record).state is ProcessState.RUNNING
    assert stopped(state_dir, record).state is ProcessState.STOPPED


def test_an_end_that_is_written_while_we_look_is_no_loss(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = detached.start(state_dir, detached.python("print()"))
    end = detached.ended(state_dir, record)
    supervisor = record.supervisor_pid, record.supervisor_started_at
    detached.wait_for(lambda: not process_identity.is_alive(*supervisor))
    detached.wait_for(lambda: not process_identity.is_alive(end.pid, end.pid_started_at))
    folder = records.directory(state_dir, record.kind, record.process_id)
    read = iter([record])
    truly = records.read
    monkeypatch.setattr(records, "read", lambda where: next(read, None) or truly(where))
    assert processes.get(state_dir, record.kind, record.process_id) == end
    assert truly(folder) == end


def test_a_process_is_forgotten_only_after_its_end(state_dir: Path) -> None:
    record = running(state_dir, detached.python(SLEEP))
    with pytest.raises(Conflict, match=r"a process is still running\. Stop it first\."):
        processes.remove(state_dir, record.kind, record.process_id)
    stopped(state_dir, record)
    processes.remove(state_dir, record.kind, record.process_id)
    assert processes.list_processes(state_dir, record.kind) == ()


def test_a_record_that_cannot_be_removed_is_told(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = replace(detached.python(SLEEP), state=ProcessState.FINISHED)
    records.create(state_dir, record)

    def refuse(_folder: Path) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(ServiceError, match="cannot be removed: not yours"):
        processes.remove(state_dir, record.kind, record.process_id)


@pytest.mark.parametrize("process_id", ["20261123-190301-ab12", "../jobs", "", "."])
def test_an_unknown_process_is_not_found(state_dir: Path, process_id: str) -> None:
    with pytest.raises(NotFound, match="no process"):
        processes.stop(state_dir, ProcessKind.JOB, process_id)


def test_a_record_that_vanishes_while_we_look_is_not_found(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = replace(detached.python(SLEEP), state=ProcessState.FINISHED)
    records.create(state_dir, record)
    monkeypatch.setattr(records, "read", lambda _folder: None)
    with pytest.raises(NotFound, match="any more"):
        processes.get(state_dir, record.kind, record.process_id)


def test_a_stop_that_no_supervisor_takes_up_is_told(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = running(state_dir, detached.python(SLEEP))
    kill(record.supervisor_pid)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(ServiceError, match="cannot be stopped"):
            processes.stop(state_dir, record.kind, record.process_id)
    stopped(state_dir, record)


def test_the_newest_process_comes_first(state_dir: Path) -> None:
    for created in (2, 3, 1):
        plan = replace(detached.python(SLEEP), created_at=created, state=ProcessState.FINISHED)
        records.create(state_dir, plan)
    found = processes.list_processes(state_dir, ProcessKind.SERVER)
    assert [record.created_at for record in found] == [3, 2, 1]


def test_nothing_was_ever_started_in_a_new_state_directory(state_dir: Path) -> None:
    assert processes.list_processes(state_dir, ProcessKind.JOB) == ()
    assert not state_dir.exists()
