"""The service process: runs services for the interface.

It imports MLflow while the interface paints, answers calls side by side so that a hung one blocks
no other, then ends with the interface.
"""

import gc
import importlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import Login
from mlops_tui.domain.stores.tunnel import named
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.store import server_login
from mlops_tui.services.store import store as stores
from mlops_tui.services.worker.channel import Channel, UnreadableError, packed
from mlops_tui.services.worker.redacted_stream import RedactedStream
from mlops_tui.services.worker.service_process import (
    ALIVE,
    READY,
    Call,
    Cancel,
    Reply,
    unreadable,
)

LOG = logging.getLogger(__name__)

MOST_THREADS = 32
"""Calls that are answered at once; further ones wait."""

BEAT = 2.0
"""Seconds between two signs of life."""


class Worker:
    """Answers the calls of one interface until it is gone."""

    def __init__(self, channel: Channel, log_path: Path) -> None:
        self._channel = channel
        self._log_path = log_path
        self._sending = threading.Lock()
        self._changing = threading.Lock()
        self._waiting: dict[int, Call] = {}
        self._threads = 0
        self._is_loaded = False

    def serve(self) -> None:
        """Take calls; raises ``EOFError`` or ``OSError`` when the interface is gone."""
        self._store: Store = self._channel.receive()
        _in_thread(self._beat)
        _in_thread(self._load, self._store)
        while True:
            try:
                message: Call | Cancel | Login = self._channel.receive()
            except UnreadableError as error:
                self._send(Reply(error.call_id, None, unreadable()))
                continue
            if isinstance(message, Cancel):
                self._drop(message.call_id)
            elif isinstance(message, Login):
                server_login.use(message)
            else:
                self._take(message)

    def _beat(self) -> None:
        with suppress(OSError):  # whoever serves notices that the interface is gone
            while True:
                self._send(Reply(ALIVE, None))
                time.sleep(BEAT)

    def _load(self, store: Store) -> None:
        with gc_paused():
            try:
                _import_mlflow()
            except Exception:
                LOG.exception("MLflow cannot be imported")  # each call tells it again
            with self._changing:
                self._is_loaded = True
                for _ in self._waiting:
                    self._add_thread()
            self._answer(Call(READY, _open, (store,), {}))
            gc.freeze()

    def _take(self, call: Call) -> None:
        with self._changing:
            self._waiting[call.call_id] = call
            self._add_thread()

    def _drop(self, call_id: int) -> None:
        with self._changing:
            dropped = self._waiting.pop(call_id, None)
        if dropped:
            with suppress(OSError):
                self._send(Reply(call_id, None))

    def _add_thread(self) -> None:
        if self._is_loaded and self._threads < MOST_THREADS:
            self._threads += 1
            _in_thread(self._answer_all)

    def _answer_all(self) -> None:
        while (call := self._next()) is not None:
            self._answer(call)

    def _next(self) -> Call | None:
        with self._changing:
            if self._waiting:
                return self._waiting.pop(next(iter(self._waiting)))
            self._threads -= 1
            return None

    def _answer(self, call: Call) -> None:
        try:
            message = packed(
                call.call_id, Reply(call.call_id, call.function(*call.args, **call.kwargs))
            )
        except ServiceError as failure:
            message = packed(call.call_id, Reply(call.call_id, None, named(failure, self._store)))
        except (Exception, SystemExit) as error:  # a library may want to end us
            name = getattr(call.function, "__qualname__", "a call")
            LOG.exception("%s failed", name)
            summary = f"{type(error).__name__} in {name}."
            hint = f"This is a fault of mlops-tui; its details are in {self._log_path}."
            message = packed(call.call_id, Reply(call.call_id, None, ServiceError(summary, hint)))
        with suppress(OSError):
            self._write(message)

    def _send(self, reply: Reply) -> None:
        self._write(packed(reply.call_id, reply))

    def _write(self, message: bytes) -> None:
        with self._sending:
            self._channel.write(message)


def _import_mlflow() -> None:
    """Import MLflow alone: two threads importing its circular packages deadlock."""
    stores.prepare_environment()
    importlib.import_module("mlflow")


def _open(store: Store) -> str:
    """Open the store if there is one; return MLflow's version."""
    import mlflow

    # A tunnel may not be open yet.
    if not store.ssh and stores.exists(store):
        stores.client(store)
    return str(mlflow.__version__)


def _in_thread(function: Callable[..., None], *args: Any) -> None:
    threading.Thread(target=function, args=args, daemon=True).start()


def main() -> None:
    """Run as the child: the arguments are the number of the socket and the log's path."""
    channel = Channel(int(sys.argv[1]))
    sys.stdout = sys.stderr = RedactedStream(sys.stderr)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    try:
        Worker(channel, Path(sys.argv[2])).serve()
    except (EOFError, OSError, UnreadableError):
        os._exit(0)


if __name__ == "__main__":
    main()
