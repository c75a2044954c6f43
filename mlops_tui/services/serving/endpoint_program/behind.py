"""The process of a model whose environment is its own: it answers what an endpoint hands on."""

import asyncio
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .frames import TRY, packed, read

if TYPE_CHECKING:
    from .served_model import ASGI

LARGEST_PART = 64 * 1024
"""Bytes that may wait for the endpoint before an answer waits itself."""


def run(words: Sequence[str]) -> int:
    """Load a model, perhaps let it answer its example, then answer until the endpoint is gone.

    ``words`` are the number of the socket, the folder of the model, its name and version, and
    ``TRY`` where the example counts.
    """
    number, folder, name, version, tries = words
    channel = socket.socket(fileno=int(number))
    problem, app = _loaded(Path(folder), name, version, is_tried=tries == TRY)
    channel.sendall(packed({"problem": problem}))
    if app is None:
        return 1
    asyncio.run(Behind(app).answer(channel))
    # A thread of the model that hangs is not waited for.
    os._exit(0)


def _loaded(folder: Path, name: str, version: str, *, is_tried: bool) -> "tuple[str, ASGI | None]":
    try:
        from .served_model import example_problem, load

        served = load(str(folder), name, version)
        problem = example_problem(served) if is_tried else ""
    except BaseException as error:  # noqa: BLE001 - foreign code may even want to end us
        return f"{type(error).__name__}: {error}", None
    return problem, None if problem else served.app


class Behind:
    """Answers requests by number, many at a time, until the endpoint wants no more."""

    def __init__(self, app: "ASGI") -> None:
        self._app = app
        self._bodies: dict[int, asyncio.Queue[dict[str, Any]]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def answer(self, channel: socket.socket) -> None:
        """Answer what comes; return when the endpoint has closed its side and all is answered."""
        reader, writer = await asyncio.open_unix_connection(sock=channel)
        writer.transport.set_write_buffer_limits(LARGEST_PART)
        try:
            while True:
                head, body = await read(reader)
                self._take(head, body, writer)
        except asyncio.IncompleteReadError:
            if self._running:
                await asyncio.wait(self._running)

    def _take(self, head: dict[str, Any], body: bytes, writer: asyncio.StreamWriter) -> None:
        number = head["id"]
        if "scope" in head:
            self._bodies[number] = asyncio.Queue()
            task = asyncio.create_task(self._answer(number, head["scope"], writer))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        if number in self._bodies:
            kind = "http.disconnect" if head.get("gone") else "http.request"
            message = {"type": kind, "body": body, "more_body": bool(head.get("more"))}
            self._bodies[number].put_nowait(message)

    async def _answer(
        self, number: int, told: dict[str, Any], writer: asyncio.StreamWriter
    ) -> None:
        start: dict[str, Any] = {}

        async def send(message: dict[str, Any]) -> None:
            # The start goes along with the beginning of the body.
            if message["type"] == "http.response.start":
                start["status"] = message["status"]
                start["headers"] = [_text(pair) for pair in message.get("headers", ())]
                return
            head = {"id": number, "more": bool(message.get("more_body")), **start}
            start.clear()
            writer.write(packed(head, message.get("body", b"")))
            await writer.drain()

        try:
            await self._app(_scope(told), self._bodies[number].get, send)
        except Exception as error:  # noqa: BLE001 - a model may raise anything
            writer.write(packed({"id": number, "failed": f"{type(error).__name__}: {error}"}))
        finally:
            del self._bodies[number]


def _scope(told: dict[str, Any]) -> dict[str, Any]:
    headers = [tuple(each.encode("latin-1") for each in pair) for pair in told["headers"]]
    binary = {name: told[name].encode("latin-1") for name in ("query_string", "raw_path")}
    return {**told, "type": "http", "asgi": {"version": "3.0"}, "headers": headers, **binary}


def _text(pair: Sequence[bytes]) -> list[str]:
    return [each.decode("latin-1") for each in pair]
