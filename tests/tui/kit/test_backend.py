"""The calls of the interface, whatever becomes of the service process."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.store import Store
from mlops_tui.services.worker import calls
from mlops_tui.services.worker.service_process import ServiceProcess, Unreadable
from mlops_tui.tui.kit import backend as backends
from mlops_tui.tui.kit.backend import Backend
from tests.patience import PATIENCE

WITHOUT_MLFLOW = """
from mlops_tui.services.worker import service_worker as worker
worker.BEAT, worker._import_mlflow, worker._open = 0.02, lambda: None, lambda store: "none"
worker.main()
"""
OTHER_CODE = "type('Changed', (), {'__reduce__': lambda self: (int, ('no number',))})()"


class BareProcess(ServiceProcess):
    """A service process that loads nothing; the first ``short_lives`` of them end at once."""

    short_lives = 0

    def _spawn(self, number: int) -> "subprocess.Popen[bytes]":
        program = "raise SystemExit" if self.short_lives else WITHOUT_MLFLOW
        self.short_lives = max(0, self.short_lives - 1)
        return subprocess.Popen(
            [sys.executable, "-c", program, str(number), str(self.log_path)],
            pass_fds=(number,),
            stdin=subprocess.DEVNULL,
        )


class Heard:
    """What the backend tells the app."""

    def __init__(self) -> None:
        self.ready = 0
        self.failures: list[str] = []

    def on_ready(self, _version: str) -> None:
        self.ready += 1

    def on_failed(self, error: ServiceError) -> None:
        self.failures.append(str(error))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("TICK", 0.02), ("FIRST_PAUSE", 0.01), ("LONGEST_PAUSE", 0.05)):
        monkeypatch.setattr(backends, name, seconds)


@asynccontextmanager
async def running(tmp_path: Path, short_lives: int = 0) -> AsyncIterator[tuple[Backend, Heard]]:
    heard = Heard()
    BareProcess.short_lives = short_lives
    process = BareProcess(Store("http://127.0.0.1:1"), tmp_path)
    backend = Backend(process, heard.on_ready, heard.on_failed)
    backend.start()
    try:
        yield backend, heard
    finally:
        backend.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a process changes it, which sets no event
            await asyncio.sleep(0.01)


async def answers(backend: Backend) -> None:
    """Wait until calls are answered again."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                assert await backend.call(os.getpid) == backend._process.pid
            except ServiceError:
                await asyncio.sleep(0.01)
            else:
                return


async def test_it_is_started_again_however_often_it_ends_young(tmp_path: Path) -> None:
    async with running(tmp_path, short_lives=4) as (backend, heard):
        with pytest.raises(ServiceError, match="The service process ended; it restarts"):
            await backend.call(os.getpid)
        await until(lambda: heard.ready)
        assert await backend.call(os.getpid) == backend._process.pid
        assert [" 3 times in a row" in told for told in heard.failures] == [False, True]
        assert not backend.trouble


async def test_whenever_it_is_killed_those_who_wait_are_told(tmp_path: Path) -> None:
    async with running(tmp_path) as (backend, heard):
        for _ in range(3):
            ready = heard.ready
            await answers(backend)
            waiting = asyncio.ensure_future(backend.call(time.sleep, 600))
            await asyncio.sleep(0)
            os.kill(backend._process.pid, signal.SIGKILL)
            with pytest.raises(Unreachable, match="The service process ended"):
                await waiting
            assert backend.trouble == "✗ restarting"
            with pytest.raises(Unreachable):
                await backend.call(os.getpid)
            await until(lambda ready=ready: heard.ready > ready)  # type: ignore[misc]


async def test_one_that_is_stopped_keeps_no_call_from_going_out_and_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "SILENCE", 0.5)
    async with running(tmp_path) as (backend, _heard):
        await answers(backend)
        stopped = backend._process.pid
        os.kill(stopped, signal.SIGSTOP)
        waiting = [asyncio.ensure_future(backend.call(len, "x" * 10_000)) for _ in range(200)]
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert {str(end).partition(";")[0] for end in ends} == {
            "The service process gave no sign of life"
        }
        await answers(backend)
        assert backend._process.pid != stopped


async def test_a_call_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "LIMIT", 0.1)
    async with running(tmp_path) as (backend, _heard):
        with pytest.raises(ServiceError, match=r"The store has not answered for 0 s\."):
            await backend.call(time.sleep, 600)
        await answers(backend)


async def test_a_call_has_a_limit_though_mlflow_never_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LIMIT", 0.1)
    monkeypatch.setattr(backends, "LOADING", 0.1)
    async with running(tmp_path) as (backend, _heard):
        os.kill(backend._process.pid, signal.SIGSTOP)
        with pytest.raises(ServiceError, match="MLflow has been loading for"):
            await backend.call(os.getpid)


async def test_the_time_for_which_we_were_stopped_ourselves_is_held_against_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, name in ((calls, "LIMIT"), (backends, "SILENCE")):
        monkeypatch.setattr(where, name, 2.0)
    monkeypatch.setattr(backends, "TICK", 0.2)
    async with running(tmp_path) as (backend, heard):
        await answers(backend)
        waiting = asyncio.ensure_future(backend.call(os.getpid))
        await asyncio.sleep(0)
        time.sleep(2.5)  # noqa: ASYNC251 - the loop stands still as it does after SIGSTOP
        assert await waiting == backend._process.pid
        assert not heard.failures


async def test_calls_that_nobody_waits_for_do_not_pile_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "LEFT_FOR", 0.1)
    async with running(tmp_path) as (backend, heard):
        await answers(backend)
        waiting = [
            asyncio.ensure_future(backend.call(time.sleep, 600)) for _ in range(backends.MOST_LEFT)
        ]
        await asyncio.sleep(0)
        await answers(backend)
        for each in waiting:
            each.cancel()
        await until(lambda: heard.failures)
        assert "was stuck in 16 abandoned calls" in heard.failures[0]
        await answers(backend)


async def test_a_cancelled_call_that_has_ended_by_itself_is_forgotten(tmp_path: Path) -> None:
    async with running(tmp_path) as (backend, _heard):
        await answers(backend)
        waiting = asyncio.ensure_future(backend.call(time.sleep, 0.01))
        await asyncio.sleep(0)
        waiting.cancel()
        await until(lambda: not backend._left)


async def test_what_a_person_asked_for_is_done_though_its_screen_is_left(tmp_path: Path) -> None:
    async def act(path: Path) -> None:
        backends.acting.set(True)
        await backend.call(os.mkdir, path)

    async with running(tmp_path / "state") as (backend, _heard):
        await answers(backend)
        os.kill(backend._process.pid, signal.SIGSTOP)
        fills_the_socket = asyncio.ensure_future(backend.call(len, "x" * 10_000_000))
        waiting = asyncio.ensure_future(act(tmp_path / "done"))
        dropped = asyncio.ensure_future(backend.call(os.mkdir, tmp_path / "dropped"))
        await asyncio.sleep(0)
        waiting.cancel()
        dropped.cancel()
        await asyncio.sleep(0)
        os.kill(backend._process.pid, signal.SIGCONT)
        assert await fills_the_socket == 10_000_000
        await until((tmp_path / "done").is_dir)
        await answers(backend)
        assert not (tmp_path / "dropped").exists()


async def test_after_answers_of_other_code_it_is_renewed_once(tmp_path: Path) -> None:
    async with running(tmp_path) as (backend, heard):
        await answers(backend)
        before = backend._process.pid
        with pytest.raises(Unreadable, match="mlops-tui has changed on the disk"):
            await backend.call(eval, OTHER_CODE)
        await until(lambda: heard.failures)
        await answers(backend)
        renewed = backend._process.pid
        assert renewed != before
        with pytest.raises(Unreadable):
            await backend.call(eval, OTHER_CODE)
        await answers(backend)
        assert backend._process.pid == renewed


async def test_it_is_started_at_once_when_somebody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "FIRST_PAUSE", 2 * PATIENCE)
    monkeypatch.setattr(backends, "LONGEST_PAUSE", 2 * PATIENCE)
    async with running(tmp_path, short_lives=1) as (backend, heard):
        await until(lambda: heard.failures)
        backend.start_now()
        await until(lambda: heard.ready)
