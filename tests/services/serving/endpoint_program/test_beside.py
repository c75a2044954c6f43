"""The two ends between an endpoint and the process of a model."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.services.serving.endpoint_program.behind import Behind
from mlops_tui.services.serving.endpoint_program.beside import Beside, start
from tests.patience import PATIENCE

LARGE = b"x" * 300_000


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what was asked; fail, begin and fail, or wait for the client to go if asked."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if scope["path"] == "/fails":
        raise ValueError("no such row")
    told = [(b"x-query", scope["query_string"]), *scope["headers"]]
    await send({"type": "http.response.start", "status": 200, "headers": told})
    await send({"type": "http.response.body", "body": body[:10], "more_body": True})
    if scope["path"] == "/breaks":
        raise ValueError("halfway")
    await send({"type": "http.response.body", "body": body[10:]})


class Ended:
    """Stands for the process: it goes on until it is killed."""

    def __init__(self) -> None:
        self._gone = asyncio.Event()
        self.killed = False

    def wait(self, _seconds: float = 0) -> int:
        return 0

    def kill(self) -> None:
        self.killed = True


@asynccontextmanager
async def both(app: Any = echo) -> AsyncIterator[tuple[Beside, "asyncio.Task[None]", Ended]]:
    ours, theirs = socket.socketpair()
    process = Ended()
    app_beside = Beside(process, ours)  # type: ignore[arg-type]
    task = asyncio.create_task(Behind(app).answer(theirs))
    yield app_beside, task, process
    app_beside.close()
    await asyncio.wait_for(task, PATIENCE)


async def asked(app: Any, path: str, *parts: bytes) -> tuple[int, list[Any], bytes]:
    left = list(parts)
    answer: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: dict[str, Any]) -> None:
        answer.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"a=1"}
    await app({**scope, "headers": [(b"x-caf\xe9", b"\xff")]}, receive, send)
    body = b"".join(each["body"] for each in answer[1:])
    return answer[0]["status"], answer[0]["headers"], body


def run(story: Callable[[], Any]) -> None:
    asyncio.run(asyncio.wait_for(story(), PATIENCE))


def test_many_requests_at_once_get_each_its_own_answer() -> None:
    async def story() -> None:
        async with both() as (app, _, _):
            bodies = [b"%d" % n + LARGE[: n * 1000] for n in range(60)]
            answers = await asyncio.gather(*(asked(app, "/echo", each) for each in bodies))
            assert [body for _, _, body in answers] == bodies
            status, headers, body = await asked(app, "/echo", LARGE, LARGE, b"end")
            assert (status, body) == (200, LARGE + LARGE + b"end")
            assert headers == [(b"x-query", b"a=1"), (b"x-caf\xe9", b"\xff")]

    run(story)


def test_a_model_that_fails_fails_one_request() -> None:
    async def story() -> None:
        async with both() as (app, _, _):
            status, _, body = await asked(app, "/fails", b"")
            assert (status, json.loads(body)["message"]) == (
                502,
                "The process of the model failed: ValueError: no such row",
            )
            with pytest.raises(RuntimeError, match="halfway"):
                await asked(app, "/breaks", b"body")
            assert (await asked(app, "/echo", b"body"))[2] == b"body"

    run(story)


def test_what_was_asked_is_answered_before_the_process_ends() -> None:
    begun, gate = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        begun.set()
        await gate.wait()
        await echo(scope, receive, send)

    async def story() -> None:
        async with both(slow) as (app, task, process):
            last = asyncio.create_task(asked(app, "/echo", b"last"))
            await begun.wait()
            app.close()
            gate.set()
            assert (await last)[2] == b"last"
            await task
            assert not process.killed

    run(story)


def test_a_process_that_is_gone_fails_what_it_was_asked_at_once() -> None:
    begun = asyncio.Event()

    async def hang(*_: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def story() -> None:
        ours, theirs = socket.socketpair()
        process = Ended()
        app = Beside(process, ours)  # type: ignore[arg-type]
        task = asyncio.create_task(Behind(hang).answer(theirs))
        first = asyncio.create_task(asked(app, "/echo", b"body"))
        await begun.wait()
        theirs.shutdown(socket.SHUT_RDWR)
        assert (await first)[0] == 502
        assert (await asked(app, "/echo", b"body"))[0] == 502
        assert process.killed
        task.cancel()

    run(story)


def test_a_client_that_goes_in_the_middle_is_told_to_the_model() -> None:
    seen: list[str] = []

    async def reads(_scope: Any, receive: Any, _send: Any) -> None:
        while not seen or seen[-1] != "http.disconnect":
            seen.append((await receive())["type"])

    async def story() -> None:
        left = ["http.request", "http.disconnect"]

        async def receive() -> dict[str, Any]:
            return {"type": left.pop(0), "body": b"a", "more_body": True}

        async with both(reads) as (app, _, _):
            scope = {"type": "http", "path": "/", "headers": []}
            await app(scope, receive, pytest.fail)
        assert seen == ["http.request", "http.disconnect"]

    run(story)


def test_the_start_and_the_end_of_the_server_are_answered_here() -> None:
    async def story() -> None:
        sent: list[str] = []
        kinds = ["lifespan.startup", "lifespan.shutdown"]

        async def receive() -> dict[str, Any]:
            return {"type": kinds.pop(0)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message["type"])

        async with both() as (app, _, _):
            await app({"type": "lifespan"}, receive, send)
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    run(story)


PYTHON = """#!/bin/sh
{command}
"""


@pytest.mark.parametrize(
    ("command", "patience", "problem"),
    [
        ("exit 3", PATIENCE, "its process ended with 3; the log tells more"),
        ("exec sleep 600", 0.05, "it did not load and answer within 0.05 s"),
    ],
)
def test_a_process_that_does_not_come_up_is_told(
    tmp_path: Path, command: str, patience: float, problem: str
) -> None:
    python = tmp_path / "python"
    python.write_text(PYTHON.format(command=command))
    python.chmod(0o755)
    assert start(str(python), (tmp_path, "m", "1"), patience, is_tried=True) == problem


def test_a_model_that_does_not_load_says_why_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def begin(*words: Any, **how: Any) -> "subprocess.Popen[bytes]":
        begun.append(popen(*words, **how))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", begin)
    problem = start(sys.executable, (tmp_path / "none", "m", "1"), PATIENCE, is_tried=False)
    assert isinstance(problem, str)
    assert "none" in problem
    assert begun[0].returncode is not None
