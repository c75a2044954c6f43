"""A shadow that hangs, and the primary that must not notice."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.services.serving.endpoint_program import challenger as module
from mlops_tui.services.serving.endpoint_program.challenger import Challenger
from mlops_tui.services.serving.endpoint_program.served_model import Served
from tests import detached
from tests.patience import PATIENCE

ANSWER = b'{"predictions": [1]}'


class Shadow:
    """An app whose model waits for a gate, with the timeout of a server before it."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.timeout: float | None = None

    async def app(self, _scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.wait_for(asyncio.to_thread(self.gate.wait), self.timeout)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": ANSWER})


@pytest.fixture
def shadow() -> Iterator[Shadow]:
    shadow = Shadow()
    yield shadow
    shadow.gate.set()


@pytest.fixture
def challenger(shadow: Shadow) -> Challenger:
    return Challenger(Served("m", "2", "", Path("nowhere"), shadow.app, None), "shadow", 1.0)


def ask(challenger: Challenger, times: int) -> None:
    for _ in range(times):
        challenger.ask({"type": "http"}, b"{}", ANSWER)


def test_what_is_asked_while_the_shadow_is_busy_is_skipped(
    challenger: Challenger, shadow: Shadow
) -> None:
    ask(challenger, module.AT_ONCE + 6)
    assert challenger.state()["skipped"] == 6
    shadow.gate.set()
    detached.wait_for(lambda: challenger.state()["compared"] == module.AT_ONCE)
    assert challenger.state()["equal_rows"] == module.AT_ONCE


def test_a_shadow_that_hangs_takes_no_thread_of_the_primary(
    challenger: Challenger, shadow: Shadow
) -> None:
    async def answer() -> str:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        ask(challenger, module.AT_ONCE)
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(asyncio.to_thread(lambda: "answered"), PATIENCE)
        finally:
            shadow.gate.set()

    assert asyncio.run(answer()) == "answered"


def test_a_thread_that_nobody_waits_for_any_more_is_busy_until_it_returns(
    challenger: Challenger, shadow: Shadow
) -> None:
    shadow.timeout = 0.01

    ask(challenger, module.AT_ONCE)
    detached.wait_for(lambda: challenger.state()["errors"] == module.AT_ONCE)
    assert not challenger.hears([(b"content-length", b"2")])
    shadow.gate.set()
    detached.wait_for(lambda: challenger.hears([(b"content-length", b"2")]))
