"""Requests over HTTP with limits on the whole answer.

The timeout of a connection counts anew with each byte: a server that sends one now and then is
never late.
"""

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from requests import Response, Session

R = TypeVar("R")

CHUNK = 64 * 1024


class TooLateError(Exception):
    """The answer was not whole in time."""


class TooLargeError(Exception):
    """The answer has more bytes than are read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may take, from the first byte that is sent to the last that comes."""

    seconds: float
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] | None = None


def send(request: Request, limits: Limits) -> tuple[int, bytes]:
    """Return status and body of the answer; proxies and netrc do not intervene.

    Raises ``TooLateError``, ``TooLargeError``, and what requests raises. The limit counts for all
    of it: looking up the host name, connecting, the handshake, the answer.
    """
    sockets = _Sockets()

    def ask() -> tuple[int, bytes]:
        with sockets, _session(sockets) as session:
            return _answer(session, request, limits)

    try:
        return within(limits.seconds, ask)
    finally:
        sockets.shut()


class _Sockets:
    """The sockets that a request has opened, so that all of them can be shut at once."""

    def __init__(self) -> None:
        self._open: list[socket.socket] = []
        self._is_over = False

    def add(self, opened: socket.socket) -> None:
        """Keep a second handle on a socket: TLS takes the first one away."""
        self._open.append(opened.dup())
        if self._is_over:
            self.shut()

    def shut(self) -> None:
        """Let whoever waits at one of the sockets fail; those opened later are shut too."""
        self._is_over = True
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        """Nothing is open yet."""

    def __exit__(self, *_: object) -> None:
        for each in self._open:
            each.close()


def within(seconds: float, function: Callable[[], R]) -> R:
    """Return what a function returns; raises ``TooLateError`` when it takes longer.

    It then goes on in a thread of its own, for those who ask through a library.
    """
    ends: list[R | BaseException] = []

    def call() -> None:
        try:
            ends.append(function())
        except BaseException as error:  # noqa: BLE001 - raised below
            ends.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(seconds)
    if not ends:
        raise TooLateError
    if isinstance(ends[0], BaseException):
        raise ends[0]
    return ends[0]


def beginning(answer: "Response", size: int) -> str:
    """Return the first characters of an answer that is being streamed, then let it go."""
    content = b""
    with answer:
        for chunk in answer.iter_content(size):
            content += chunk
            if len(content) >= size:
                break
    return content[:size].decode("utf-8", "replace")


def _answer(session: "Session", request: Request, limits: Limits) -> tuple[int, bytes]:
    with session.request(
        request.method,
        request.url,
        data=request.body or None,
        headers={"Accept-Encoding": "identity", **(request.headers or {})},
        timeout=limits.seconds,
        allow_redirects=False,
        stream=True,
    ) as answer:
        content = bytearray()
        for chunk in answer.iter_content(CHUNK):
            content += chunk
            if len(content) > limits.size:
                raise TooLargeError
        return answer.status_code, bytes(content)


def _session(sockets: _Sockets) -> "Session":
    """Return a session that tells of the sockets which it opens."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            opened = super()._new_conn()
            sockets.add(opened)
            return opened

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            opened = super()._new_conn()
            sockets.add(opened)
            return opened

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            pools = {"http": PlainPool, "https": SecurePool}
            self.poolmanager.pool_classes_by_scheme = pools

    session = requests.Session()
    session.trust_env = False
    session.mount("http://", Adapter())
    session.mount("https://", Adapter())
    return session
