"""The ASGI app around MLflow's scoring app: request ids, figures, capture."""

import hmac
import json
import os
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from .capture import Capture, Exchange
from .challenger import LARGEST_HEARD, Challenger
from .figures import CLIENT_GONE, ERROR, Figures, resident_bytes
from .history import History
from .served_model import Served
from .watched import REQUEST_ID, VALID_ID, Watched, header

if TYPE_CHECKING:
    from .follow import Follower

Answer = tuple[int, str, bytes]
"""Status, media type, body."""

MISUNDERSTOOD = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
LARGEST_ORDER = 64 * 1024 * 1024
"""Bytes of a request to the endpoint itself (labels) that are read."""
LONGEST_NAME = 200
"""Characters of who asked for something."""


class Endpoint:
    """Answers ``/metrics`` and the endpoint's own paths, hands the rest to the model.

    ``token`` is wanted by all that tells or changes more than figures: any user of the machine
    reaches 127.0.0.1. A request is answered to its end by the model that it came to.
    """

    def __init__(self, served: Served, capture: Capture, token: str, history: History) -> None:
        self.figures = Figures()
        self.capture = capture
        self.served = served
        self.previous: Served | None = None
        """The model that answered before, kept until the next swap."""
        self.follower: Follower | None = None
        self.challenger: Challenger | None = None
        self._token = token.encode()
        self._history = history
        self._watch(served)
        self._own: dict[tuple[str, str], Callable[[bytes], Answer]] = {
            ("GET", "/state"): self._tell_state,
            ("POST", "/capture"): self._set_capture,
            ("POST", "/labels"): self._take_labels,
            ("POST", "/swap-back"): self._swap_back,
        }

    def swap(self, served: Served, reason: str, by: str = "") -> None:
        """Let another model answer from the next request on, and tell the history why."""
        before, dropped = self.served, self.previous
        self.previous, self.served = before, served
        self._watch(served)
        print(f"v{served.version} answers now: {reason}", flush=True)  # noqa: T201 - the log
        self._history.add(before.version, served.version, reason, by)
        if dropped is not None and dropped is not served and dropped.beside:
            dropped.beside.close()

    def _watch(self, served: Served) -> None:
        self.figures.labels = {"model": served.name, "version": served.version}
        if served.beside:
            served.beside.when_ended = partial(self._has_ended, served)

    def _has_ended(self, served: Served, code: int) -> None:
        """Let the model before answer where a process of its own has ended; without one, end."""
        what = f"the process of v{served.version} ended with {code}"
        print(what, flush=True)  # noqa: T201 - the log
        if served is self.previous:
            self.previous = None
        elif served is self.served and self.previous is None:
            self.capture.close()
            os._exit(1)
        elif served is self.served and self.previous:
            self.swap(self.previous, what)
            self.previous = None
            if self.follower:
                self.follower.tell(f"v{self.served.version} answers again: {what}")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request; MLflow's app alone hears of the start and the end of the server."""
        if scope["type"] != "http":
            await self.served.app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        if path == "/metrics" and method == "GET":
            text = self.figures.exposition(self.capture.counts()).encode()
            await _send(send, (200, "text/plain; version=0.0.4; charset=utf-8", text))
        elif (method, path) in self._own:
            await _send(send, await self._obey(scope, receive, self._own[method, path]))
        else:
            await self._forward(scope, receive, send)

    async def _forward(self, scope: Any, receive: Any, send: Any) -> None:
        """Let a model answer, and count, capture and compare what passes."""
        served, challenger = self.served, self.challenger
        is_question = scope["path"] == "/invocations"
        if challenger and is_question and challenger.answers(scope["headers"]):
            served = challenger.served
        is_captured = is_question and self.capture.wants()
        is_heard = is_question and challenger is not None and challenger.hears(scope["headers"])
        cap = max(self.capture.cap if is_captured else 0, LARGEST_HEARD if is_heard else 0)
        watched = Watched(receive, send, _request_id(scope["headers"]), served.version, cap)
        self.figures.in_flight += 1
        try:
            await served.app(scope, watched.receive, watched.send)
        finally:
            self.figures.in_flight -= 1
            seconds, status = watched.end(), watched.status or CLIENT_GONE
            self.figures.count(scope["method"], scope["path"], status, seconds, watched.sizes)
            if status >= ERROR and is_question:
                self.figures.remember_error(status, watched.error_text, watched.request_id)
            if is_captured:
                self.capture.take(_exchange(watched, served, scope["headers"], self.capture.cap))
        if challenger and is_heard and status < ERROR:
            challenger.ask(scope, bytes(watched.request), bytes(watched.response))

    async def _obey(self, scope: Any, receive: Any, order: Callable[[bytes], Answer]) -> Answer:
        given = header(scope["headers"], b"authorization").removeprefix(b"Bearer ")
        if not hmac.compare_digest(given, self._token):
            return _told(401, error="The endpoint's token is missing or wrong.")
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > LARGEST_ORDER:
                return _told(413, error=f"More than {LARGEST_ORDER // 1024**2} MiB were sent.")
            if not message.get("more_body"):
                break
        try:
            return order(bytes(body))
        except MISUNDERSTOOD as error:
            return _told(400, error=f"The request was not understood: {error}")

    def _tell_state(self, _body: bytes) -> Answer:
        others = {"follow": self.follower, "challenger": self.challenger}
        return _told(
            200,
            **self.figures.state() | {"memory_bytes": self._memory()},
            capture=self.capture.state(),
            previous=self.previous.version if self.previous else "",
            **{name: each.state() for name, each in others.items() if each},
        )

    def _memory(self) -> int:
        """Return the bytes of this process and of those beside it."""
        models = [self.served, self.previous, self.challenger and self.challenger.served]
        beside = {each.beside.process.pid for each in models if each and each.beside}
        return resident_bytes() + sum(map(resident_bytes, beside))

    def _set_capture(self, body: bytes) -> Answer:
        self.capture.set(json.loads(body))
        return _told(200, **self.capture.state())

    def _swap_back(self, body: bytes) -> Answer:
        if self.previous is None:
            return _told(409, error="No other version has answered here yet.")
        if self.follower:
            self.follower.rest()
        by = json.loads(body or b"{}").get("by", "")
        self.swap(self.previous, "swapped back", by[:LONGEST_NAME])
        return _told(200, version=self.served.version)

    def _take_labels(self, body: bytes) -> Answer:
        return _told(200, taken=self.capture.take_labels(json.loads(body)))


def _exchange(
    watched: Watched, served: Served, headers: Iterable[tuple[bytes, bytes]], cap: int
) -> Exchange:
    return Exchange(
        request_id=watched.request_id,
        at=watched.begun_at,
        seconds=watched.seconds,
        status=watched.status or CLIENT_GONE,
        model=(served.name, served.version),
        media_type=header(headers, b"content-type").decode("latin-1"),
        request=bytes(watched.request[:cap]),
        response=bytes(watched.response[:cap]),
        sizes=watched.sizes,
    )


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the client's id where it is one that can be written anywhere, else a new one."""
    given = header(headers, REQUEST_ID).decode("latin-1")
    return given if VALID_ID.fullmatch(given) else uuid.uuid4().hex


def _told(status: int, **what: object) -> Answer:
    return status, "application/json", json.dumps(what).encode()


async def _send(send: Any, answer: Answer) -> None:
    status, media_type, body = answer
    headers = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
