"""The service process from within, on a connection of the test's own."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import experiments
from mlops_tui.services.runs import runs
from mlops_tui.services.worker import service_worker
from mlops_tui.services.worker.channel import HEADER, Channel, packed
from mlops_tui.services.worker.service_process import ALIVE, READY, Call, Cancel, Reply, Unreadable
from mlops_tui.services.worker.service_worker import Worker


@pytest.fixture
def interface(tmp_path: Path) -> Iterator[Channel]:
    """Return the interface's end; the worker runs in a thread until it is closed."""
    ours, theirs = (Channel(end.detach()) for end in socket.socketpair())
    ended: list[Exception] = []

    def serve() -> None:
        try:
            Worker(theirs, tmp_path / "service.log").serve()
        except (EOFError, OSError) as error:
            ended.append(error)

    thread = threading.Thread(target=serve)
    thread.start()
    yield ours
    ours.close()
    thread.join(30)
    assert ended


def send(interface: Channel, item: object, call_id: int = READY) -> None:
    interface.write(packed(call_id, item))


def reply_to(interface: Channel, call_id: int) -> Reply:
    while True:
        reply: Reply = interface.receive()
        if reply.call_id == call_id:
            return reply


def replies(interface: Channel, count: int) -> Iterator[Reply]:
    """Return the next replies, signs of life left out."""
    while count:
        reply: Reply = interface.receive()
        if reply.call_id != ALIVE:
            count -= 1
            yield reply


def test_it_opens_the_store_then_is_ready(interface: Channel, sqlite_store: Store) -> None:
    import mlflow

    send(interface, sqlite_store)
    assert reply_to(interface, READY) == Reply(READY, mlflow.__version__)


def test_a_missing_store_is_no_failure(interface: Channel, store: Store) -> None:
    send(interface, store)
    assert reply_to(interface, READY).failure is None


def test_it_answers_with_results_or_failures(interface: Channel, sqlite_store: Store) -> None:
    send(interface, sqlite_store)
    send(interface, Call(1, experiments.list_experiments, (sqlite_store,), {}))
    send(interface, Call(2, runs.get_run, (sqlite_store,), {"run_id": "0" * 32}))
    send(interface, Call(3, os.fspath, (3,), {}))
    answers = {reply.call_id: reply for reply in replies(interface, 4)}
    assert [one.name for one in answers[1].result] == ["Default"]
    assert isinstance(answers[2].failure, NotFound)
    fault = answers[3].failure
    assert isinstance(fault, ServiceError)
    assert fault.message == "TypeError in fspath."
    assert "service.log" in fault.hint


def test_what_cannot_be_passed_on_or_wants_to_end_us_is_a_fault(interface: Channel) -> None:
    send(interface, Store("http://127.0.0.1:1"))
    send(interface, Call(1, eval, ("lambda: 0",), {}))
    send(interface, Call(2, exec, ("raise SystemExit",), {}))
    answers = {reply.call_id: reply for reply in replies(interface, 3)}
    assert "fault of mlops-tui" in str(answers[1].failure)
    assert str(answers[2].failure).startswith("SystemExit in exec.")


def test_a_call_of_other_code_is_answered_too(interface: Channel) -> None:
    send(interface, Store("http://127.0.0.1:1"))
    interface.write(HEADER.pack(7, 3) + b"???")
    assert isinstance(reply_to(interface, 7).failure, Unreadable)
    send(interface, Call(8, len, ("abc",), {}))
    assert reply_to(interface, 8).result == 3


def test_it_shows_that_it_lives_while_nothing_is_asked(
    interface: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_worker, "BEAT", 0.01)
    send(interface, Store("http://127.0.0.1:1"))
    for _ in range(3):
        reply_to(interface, ALIVE)


held = threading.Event()
begun: list[int] = []


def hold(number: int) -> None:
    begun.append(number)
    held.wait()


def test_calls_beyond_the_most_wait_and_may_be_dropped(
    interface: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_worker, "MOST_THREADS", 2)
    send(interface, Store("http://127.0.0.1:1"))
    for number in range(1, 5):
        send(interface, Call(number, hold, (number,), {}))
    reply_to(interface, READY)
    send(interface, Cancel(3))
    assert reply_to(interface, 3) == Reply(3, None)
    held.set()
    assert {reply.call_id for reply in replies(interface, 3)} == {1, 2, 4}
    assert sorted(begun) == [1, 2, 4]
