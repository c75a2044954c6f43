"""How the interface reaches the services."""

import asyncio
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.service_process import READY, Call, Reply, ServiceProcess

P = ParamSpec("P")
R = TypeVar("R")

SHORT_LIFE = 5.0
"""Seconds; a service process that ends sooner than this is not started again."""


class Backend:
    """Awaits service functions that run in the service process.

    ``on_ready`` hears MLflow's version once it is loaded; ``on_failed`` why it is not, or that the
    process ended.
    """

    def __init__(
        self,
        process: ServiceProcess,
        on_ready: Callable[[str], None],
        on_failed: Callable[[ServiceError], None],
    ) -> None:
        self._process = process
        self._on_ready = on_ready
        self._on_failed = on_failed
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._last_id = READY
        self._closing = False
        self._dead: ServiceError | None = None

    def start(self) -> None:
        """Begin to read replies; call it from the interface's loop."""
        self._loop = asyncio.get_running_loop()
        self._listen()

    def close(self) -> None:
        """End the service process without waiting for its calls."""
        self._closing = True
        self._process.kill()

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the service function returns; raises its ``ServiceError``.

        A cancelled call goes on in the service process; its answer is dropped.
        """
        if self._dead:
            raise self._dead
        self._last_id += 1
        call_id = self._last_id
        future: asyncio.Future[R] = self._loop.create_future()
        self._pending[call_id] = future
        try:
            self._process.send(Call(call_id, function, args, kwargs))
            return await future
        except OSError:
            raise ServiceError("The service process is not there.", "Try again.") from None
        finally:
            self._pending.pop(call_id, None)

    def _listen(self) -> None:
        threading.Thread(target=self._read_replies, daemon=True).start()

    def _read_replies(self) -> None:
        born = monotonic()
        try:
            while True:
                self._on_loop(self._settle, self._process.receive())
        except (EOFError, OSError):
            self._on_loop(self._restart, monotonic() - born)

    def _on_loop(self, function: Callable[..., None], *args: Any) -> None:
        if not self._closing and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *args)

    def _settle(self, reply: Reply) -> None:
        if reply.call_id == READY:
            if reply.failure:
                self._on_failed(reply.failure)
            else:
                self._on_ready(reply.result)
            return
        future = self._pending.get(reply.call_id)
        if future is None or future.done():
            return
        if reply.failure:
            future.set_exception(reply.failure)
        else:
            future.set_result(reply.result)

    def _restart(self, lived: float) -> None:
        if self._closing:
            return
        log = f"Its log is {self._process.log_path}."
        if lived < SHORT_LIFE:
            error = ServiceError("The service process does not start.", log)
            self._dead = error
        else:
            error = ServiceError("The service process ended; it was started again.", log)
            self._process.restart()
            self._listen()
        for future in self._pending.values():
            if not future.done():
                future.set_exception(error)
        self._on_failed(error)
