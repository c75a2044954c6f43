"""An event loop in a thread of its own, whose work takes nothing from another loop."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Threads(ThreadPoolExecutor):
    """Makes a thread for each call; one that hangs does not keep the program from ending."""

    def __init__(self) -> None:
        super().__init__(1)
        self.running: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Begin the call at once."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()

        def run() -> None:
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - it is told to who waits
                future.set_exception(error)
            else:
                future.set_result(result)

        self.running.add(future)
        future.add_done_callback(self.running.discard)
        threading.Thread(target=run, name="shadow", daemon=True).start()
        return future


class OwnLoop:
    """Runs coroutines for threads that do not wait for them."""

    def __init__(self) -> None:
        self._threads = Threads()
        self._running: set[Future[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def busy(self) -> int:
        """How much is under way; a thread counts until it returns, also if nobody waits for it."""
        return max(len(self._running), len(self._threads.running))

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin some work."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._loop.set_default_executor(self._threads)
            threading.Thread(target=self._loop.run_forever, name="shadows", daemon=True).start()
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
