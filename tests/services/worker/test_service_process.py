"""The process that runs services for the interface."""

import os
import signal
import socket
import time
import warnings
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import PASSWORD, Login
from mlops_tui.services.experiments import experiments
from mlops_tui.services.runs import runs
from mlops_tui.services.worker.channel import HEADER, LARGEST, Channel, UnreadableError, packed
from mlops_tui.services.worker.service_process import READY, Call, Reply, ServiceProcess, Unreadable
from tests.patience import PATIENCE


@pytest.fixture
def process(store: Store, tmp_path: Path) -> Iterator[ServiceProcess]:
    started = ServiceProcess(store, tmp_path / "state")
    yield started
    started.kill()


def reply_to(process: ServiceProcess, call_id: int) -> Reply:
    while True:
        reply = process.receive()
        if reply.call_id == call_id:
            return reply


def environment_of(pid: int) -> dict[str, str]:
    """Return the environment of a process: Linux gives none while its program is being loaded."""
    end = time.monotonic() + PATIENCE
    while not (found := psutil.Process(pid).environ()):
        assert time.monotonic() < end, f"process {pid} has no environment"
        time.sleep(0.01)
    return found


def test_it_says_when_mlflow_is_loaded(process: ServiceProcess) -> None:
    import mlflow

    assert reply_to(process, READY).result == mlflow.__version__


def test_the_signals_of_the_terminal_do_not_reach_it(process: ServiceProcess) -> None:
    assert os.getsid(process.pid) == process.pid != os.getsid(0)


def test_loading_creates_no_store(process: ServiceProcess, store: Store) -> None:
    reply_to(process, READY)
    assert store.sqlite_path is not None
    assert not store.sqlite_path.exists()


def test_a_store_that_cannot_be_opened_is_told_at_the_start(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("this is no database, however long one looks at it")
    process = ServiceProcess(Store(f"sqlite:///{broken}"), tmp_path / "state")
    try:
        assert isinstance(reply_to(process, READY).failure, ServiceError)
    finally:
        process.kill()


def test_a_call_returns_what_the_function_returns(
    sqlite_store: Store, process: ServiceProcess
) -> None:
    process.send(Call(1, experiments.list_experiments, (sqlite_store,), {}))
    assert [one.name for one in reply_to(process, 1).result] == ["Default"]


def test_an_expected_failure_keeps_its_type(sqlite_store: Store, process: ServiceProcess) -> None:
    process.send(Call(1, runs.get_run, (sqlite_store, "0" * 32), {}))
    assert isinstance(reply_to(process, 1).failure, NotFound)


def test_a_fault_of_ours_is_logged_then_told(process: ServiceProcess) -> None:
    process.send(Call(1, runs.get_run, ("no store at all", "x"), {}))
    failure = reply_to(process, 1).failure
    assert failure is not None
    assert str(process.log_path) in failure.hint
    assert "Traceback" in process.log_path.read_text()


def test_a_slow_call_holds_no_other_back(process: ServiceProcess) -> None:
    process.send(Call(1, time.sleep, (60,), {}))
    process.send(Call(2, os.getpid, (), {}))
    assert reply_to(process, 2).result == process.pid


def test_what_a_library_prints_goes_to_the_log(process: ServiceProcess) -> None:
    process.send(Call(1, os.write, (1, b"printed by a library"), {}))
    reply_to(process, 1)
    assert "printed by a library" in process.log_path.read_text()


def test_what_a_library_says_of_an_address_is_logged_without_its_password(
    process: ServiceProcess,
) -> None:
    said = "Retrying after connection broken: http://ann:pa55@host/api?token=pa55"
    for call in (Call(1, warnings.warn, (said,), {}), Call(2, int, (said,), {})):
        process.send(call)
        reply_to(process, call.call_id)
    text = process.log_path.read_text()
    assert "UserWarning: Retrying" in text
    assert "ValueError: invalid literal" in text
    assert "pa55" not in text


def test_a_login_is_in_the_variables_of_mlflow_also_after_a_restart_and_in_no_log(
    process: ServiceProcess,
) -> None:
    login = Login("ann", "pa55")
    process.log_in(login)
    said = f"pa55 {b64encode(b'ann:pa55').decode()}"
    process.send(Call(1, warnings.warn, (f"sent {said}",), {}))
    reply_to(process, 1)
    process.send(Call(2, os.getenv, (PASSWORD,), {}))
    assert reply_to(process, 2).result == "pa55"
    process.end()
    process.restart()
    process.send(Call(3, os.getenv, (PASSWORD,), {}))
    assert reply_to(process, 3).result == "pa55"
    text = process.log_path.read_text()
    assert "sent *** ***" in text
    assert not any(word in text for word in said.split())
    assert PASSWORD not in environment_of(process.pid)


def test_a_long_log_of_earlier_sessions_is_dropped(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "state" / "service.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * 2_000_000)
    process = ServiceProcess(store, tmp_path / "state")
    process.kill()
    assert log.stat().st_size < 1_000_000


def test_a_killed_process_is_noticed_then_replaced(process: ServiceProcess) -> None:
    before = process.pid
    reply_to(process, READY)
    os.kill(before, signal.SIGKILL)
    with pytest.raises((EOFError, OSError)):
        reply_to(process, 1)
    process.restart()
    process.send(Call(1, os.getpid, (), {}))
    assert reply_to(process, 1).result == process.pid != before


def test_it_ends_with_the_interface(process: ServiceProcess) -> None:
    child = psutil.Process(process.pid)
    reply_to(process, READY)
    process._channel.close()
    child.wait(timeout=PATIENCE)


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """Return a channel with the socket at its other end."""
    ours, theirs = socket.socketpair()
    with theirs:
        channel = Channel(ours.detach())
        yield channel, theirs
        channel.close()


@pytest.mark.parametrize(
    "message",
    [packed(1, "a message")[:-3], packed(1, "a message")[:5], HEADER.pack(1, LARGEST + 1)],
)
def test_a_message_that_breaks_off_is_the_end(
    ends: tuple[Channel, socket.socket], message: bytes
) -> None:
    channel, theirs = ends
    theirs.sendall(message)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        channel.receive()


class Changed:
    """Something that cannot be made of what was written down."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


def test_a_message_of_other_code_spoils_none_after_it(ends: tuple[Channel, socket.socket]) -> None:
    channel, theirs = ends
    theirs.sendall(packed(7, Changed()) + HEADER.pack(8, 3) + b"\x80\x05." + packed(9, "fine"))
    for call_id in (7, 8):
        with pytest.raises(UnreadableError) as failure:
            channel.receive()
        assert failure.value.call_id == call_id
    assert channel.receive() == "fine"


def test_an_answer_of_other_code_is_a_failure_of_its_call(process: ServiceProcess) -> None:
    changed = "type('Changed', (), {'__reduce__': lambda self: (int, ('no number',))})()"
    process.send(Call(1, eval, (changed,), {}))
    assert isinstance(reply_to(process, 1).failure, Unreadable)


def test_a_process_that_reads_nothing_keeps_nobody_waiting(process: ServiceProcess) -> None:
    reply_to(process, READY)
    process.send(Call(1, len, ("x",), {}))
    assert reply_to(process, 1).result == 1
    os.kill(process.pid, signal.SIGSTOP)
    for number in range(2, 501):
        process.send(Call(number, len, ("x" * 10_000,), {}))
    assert process.cancel(500)
    assert not process.cancel(1)
    os.kill(process.pid, signal.SIGCONT)
    assert reply_to(process, 499).result == 10_000


def test_a_stopped_process_can_be_replaced(process: ServiceProcess) -> None:
    before = process.pid
    os.kill(before, signal.SIGSTOP)
    process.end()
    process.restart()
    process.send(Call(1, os.getpid, (), {}))
    assert reply_to(process, 1).result == process.pid != before


def test_nothing_is_started_after_the_end(process: ServiceProcess) -> None:
    process.kill()
    with pytest.raises(BrokenPipeError):
        process.restart()


def test_the_logins_of_the_environment_go_to_no_other_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "secret")
    home, other = Store("http://127.0.0.1:9"), Store("http://127.0.0.1:10")
    first = ServiceProcess(home, tmp_path / "state")
    second = first.beside(other)
    third = second.beside(Store("http://ann@127.0.0.1:9"))
    try:
        found = [environment_of(each.pid).get(PASSWORD) for each in (first, second, third)]
        assert found == ["secret", None, "secret"]
    finally:
        for each in (first, second, third):
            each.kill()


def test_the_log_is_for_its_owner_alone(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "state" / "service.log"
    log.parent.mkdir()
    log.touch(0o644)
    ServiceProcess(store, tmp_path / "state").kill()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_log_that_is_no_file_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    for make in (
        os.mkfifo,
        Path.mkdir,
        lambda path: path.symlink_to(tmp_path / "elsewhere"),
    ):
        log = tmp_path / f"state-{make.__name__}" / "service.log"
        log.parent.mkdir()
        make(log)
        with pytest.raises(OSError, match=r"service\.log"):
            ServiceProcess(store, log.parent)
    assert not (tmp_path / "elsewhere").stat().st_size
