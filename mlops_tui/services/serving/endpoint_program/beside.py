"""A model in a process beside the endpoint's own, in an environment of its own."""

import asyncio
import json
import os
import socket
import subprocess
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from .frames import BEHIND, TRY, Frame, packed, read, receive

PROGRAM = Path(__file__).parent
SCOPE = ("method", "path", "scheme", "http_version", "root_path")
"""What the model's process hears of a request, beside its headers."""

LAST_ANSWERS = 120.0
"""Seconds that a process has for what it was asked before it was told to end."""


class Beside:
    """An ASGI app that hands requests to the process of a model, many at a time.

    The process ends with the endpoint: it reads the end of the channel between both.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", channel: socket.socket) -> None:
        self.process = process
        self.when_ended: Callable[[int], None] = lambda _code: None
        """Called from a thread when the process has ended unasked, with its exit code."""
        self._channel = channel
        self._writer: StreamWriter | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()
        self._answers: dict[int, asyncio.Queue[Frame]] = {}
        self._numbers = count()
        self._is_closed = False
        threading.Thread(target=self._watch, name="beside", daemon=True).start()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let the process answer one request; 502 where it has ended."""
        if scope["type"] != "http":
            await _live(receive, send)
            return
        number = next(self._numbers)
        answers = self._answers[number] = asyncio.Queue()
        try:
            writer = await self._connected()
            if await _ask(writer, number, scope, receive):
                await _answer(answers, send)
        except OSError as error:
            await _fail(send, f"The process of the model does not answer: {error}")
        finally:
            del self._answers[number]

    def close(self) -> None:
        """Let the process end once it has answered what it was asked."""
        self._is_closed = True
        if self._loop:
            self._loop.call_soon_threadsafe(self._hang_up)
        else:
            self._channel.close()
        threading.Thread(target=self._end, name="end", daemon=True).start()

    def _hang_up(self) -> None:
        if self._writer and not self._writer.is_closing():
            self._writer.write_eof()

    def _end(self) -> None:
        try:
            self.process.wait(LAST_ANSWERS)
        except subprocess.TimeoutExpired:
            self.process.kill()

    async def _connected(self) -> StreamWriter:
        async with self._lock:
            writer = self._writer or await self._connect()
        if writer.is_closing():
            raise ConnectionError("it has ended")
        return writer

    async def _connect(self) -> StreamWriter:
        self._loop = asyncio.get_running_loop()
        self._channel.setblocking(False)  # noqa: FBT003 - it takes no keyword
        reader, writer = await asyncio.open_unix_connection(sock=self._channel)
        self._reading = asyncio.create_task(self._read(reader, writer))
        self._writer = writer
        return writer

    async def _read(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while True:
                head, body = await read(reader)
                if answers := self._answers.get(head["id"]):
                    answers.put_nowait((head, body))
        except (OSError, EOFError):
            for answers in self._answers.values():
                answers.put_nowait(({"failed": "it has ended"}, b""))
            writer.close()
            if not self._is_closed:
                self.process.kill()  # whatever it is still busy with, nobody hears of it

    def _watch(self) -> None:
        code = self.process.wait()
        if not self._is_closed:
            self.when_ended(code)


def start(
    python: str, model: "tuple[Path, str, str]", patience: float, *, is_tried: bool
) -> "Beside | str":
    """Start the process of a model (its folder, name and version); return it when it can answer.

    Otherwise return what speaks against it. One that ``is_tried`` answers its own example first.
    """
    ours, theirs = socket.socketpair()
    words = [str(theirs.fileno()), *map(str, model), TRY if is_tried else ""]
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - a Python with our own program
            [python, str(PROGRAM), BEHIND, *words],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=_environ(Path(python)),
        )
    ours.settimeout(patience)
    try:
        problem = str(receive(ours)["problem"])
    except TimeoutError:
        problem = f"it did not load and answer within {patience:g} s"
    except (OSError, EOFError):
        problem = f"its process ended with {process.wait()}; the log tells more"
    if problem:
        process.kill()
        process.wait()
        ours.close()
        return problem
    return Beside(process, ours)


def _environ(python: Path) -> dict[str, str]:
    environ = {name: text for name, text in os.environ.items() if name != "PYTHONHOME"}
    path = os.pathsep.join([str(python.parent), environ.get("PATH", os.defpath)])
    return {**environ, "PATH": path, "VIRTUAL_ENV": str(python.parent.parent)}


async def _ask(writer: StreamWriter, number: int, scope: Any, receive: Any) -> bool:
    """Hand a request on, with its body; return whether its client is still there."""
    told = {name: scope[name] for name in SCOPE if name in scope}
    told["query_string"] = scope.get("query_string", b"").decode("latin-1")
    told["raw_path"] = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    told["headers"] = [[each.decode("latin-1") for each in pair] for pair in scope["headers"]]
    head: dict[str, Any] = {"id": number, "scope": told}
    while True:
        message = await receive()
        is_gone = message["type"] == "http.disconnect"
        more = bool(message.get("more_body"))
        writer.write(packed({**head, "more": more, "gone": is_gone}, message.get("body", b"")))
        await writer.drain()
        if is_gone or not more:
            return not is_gone
        head = {"id": number}


async def _answer(answers: "asyncio.Queue[Frame]", send: Any) -> None:
    is_begun = False
    while True:
        head, body = await answers.get()
        if "failed" in head:
            if is_begun:
                raise RuntimeError(head["failed"])  # uvicorn cuts the connection
            await _fail(send, f"The process of the model failed: {head['failed']}")
            return
        if not is_begun:
            headers = _binary(head["headers"])
            start = {"type": "http.response.start", "status": head["status"], "headers": headers}
            await send(start)
            is_begun = True
        await send({"type": "http.response.body", "body": body, "more_body": head["more"]})
        if not head["more"]:
            return


def _binary(headers: Sequence[Sequence[str]]) -> list[tuple[bytes, bytes]]:
    return [(key.encode("latin-1"), value.encode("latin-1")) for key, value in headers]


async def _fail(send: Any, why: str) -> None:
    body = json.dumps({"error_code": "BAD_GATEWAY", "message": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 502, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Any, send: Any) -> None:
    """Answer the server's start and end, of which the process need not hear."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
