"""The two ends of a request, with what passes through them."""

import re
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from .figures import ERROR, LONGEST_ERROR

REQUEST_ID = b"x-request-id"
VALID_ID = re.compile(r"[\x21-\x7e]{1,128}")
"""What a request may be called: it can be written anywhere."""

MODEL_VERSION = b"x-model-version"


class Watched:
    """Stands between server and app; keeps up to ``cap`` bytes of each body."""

    def __init__(self, receive: Any, send: Any, request_id: str, version: str, cap: int) -> None:
        self.request_id = request_id
        self.begun_at = time.time()
        self.status = 0
        """Of the answer; 0 until there is one."""
        self.seconds = 0.0
        self.request, self.response = bytearray(), bytearray()
        self._error = bytearray()
        self._received = self._sent = 0
        self._started = time.perf_counter()
        self._receive: Callable[[], Awaitable[dict[str, Any]]] = receive
        self._send: Callable[[dict[str, Any]], Awaitable[None]] = send
        self._cap = cap
        self._added = (
            (REQUEST_ID, request_id.encode("ascii")),
            (MODEL_VERSION, version.encode("ascii", "replace")),
        )

    async def receive(self) -> dict[str, Any]:
        """Hand on a message of the server."""
        message = await self._receive()
        if body := message.get("body"):
            self._received += len(body)
            self.request += body[: max(0, self._cap - len(self.request))]
        return message

    async def send(self, message: dict[str, Any]) -> None:
        """Hand on a message of the app; the answer gets the request's id and the version."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            names = [name for name, _ in self._added]
            others = [pair for pair in message.get("headers", ()) if pair[0] not in names]
            message = {**message, "headers": [*others, *self._added]}
        elif body := message.get("body"):
            self._sent += len(body)
            self.response += body[: max(0, self._cap - len(self.response))]
            if self.status >= ERROR:
                self._error += body[: max(0, 4 * LONGEST_ERROR - len(self._error))]
        await self._send(message)

    def end(self) -> float:
        """Return the seconds that the request took; called once, at its end."""
        self.seconds = time.perf_counter() - self._started
        return self.seconds

    @property
    def sizes(self) -> tuple[int, int]:
        """The bytes of both bodies, received and sent."""
        return self._received, self._sent

    @property
    def error_text(self) -> str:
        """The beginning of an answer that says what went wrong."""
        return self._error.decode("utf-8", "replace")[:LONGEST_ERROR]


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """Return the first header of a name in small letters, empty where there is none."""
    return next((value for key, value in headers if key == name), b"")
