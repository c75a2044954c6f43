"""The service process from within, on a connection of the test's own."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.services.runs import experiments, runs
from mlops_tui.services.service_process import READY, Call, Channel, Reply
from mlops_tui.services.service_worker import Worker


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


def reply_to(interface: Channel, call_id: int) -> Reply:
    while True:
        reply: Reply = interface.receive()
        if reply.call_id == call_id:
            return reply


def test_it_opens_the_store_then_is_ready(interface: Channel, sqlite_store: Store) -> None:
    import mlflow

    interface.send(sqlite_store)
    assert reply_to(interface, READY) == Reply(READY, mlflow.__version__)


def test_a_missing_store_is_no_failure(interface: Channel, store: Store) -> None:
    interface.send(store)
    assert reply_to(interface, READY).failure is None


def test_it_answers_with_results_or_failures(interface: Channel, sqlite_store: Store) -> None:
    interface.send(sqlite_store)
    interface.send(Call(1, experiments.list_experiments, (sqlite_store,), {}))
    interface.send(Call(2, runs.get_run, (sqlite_store,), {"run_id": "0" * 32}))
    interface.send(Call(3, os.fspath, (3,), {}))
    answers = {reply.call_id: reply for reply in (interface.receive() for _ in range(4))}
    assert [one.name for one in answers[1].result] == ["Default"]
    assert isinstance(answers[2].failure, NotFound)
    fault = answers[3].failure
    assert isinstance(fault, ServiceError)
    assert fault.message == "TypeError in fspath."
    assert "service.log" in fault.hint
