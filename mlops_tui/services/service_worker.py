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
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.services import store as stores
from mlops_tui.services.metrics.collector import collector_at_rest
from mlops_tui.services.service_process import READY, Call, Channel, Reply

LOG = logging.getLogger(__name__)


class Worker:
    """Answers the calls of one interface until it is gone."""

    def __init__(self, channel: Channel, log_path: Path) -> None:
        self._channel = channel
        self._log_path = log_path
        self._sending = threading.Lock()
        self._loaded = threading.Event()

    def serve(self) -> None:
        """Take calls; raises ``EOFError`` or ``OSError`` when the interface is gone."""
        store: Store = self._channel.receive()
        _in_thread(self._load, store)
        while True:
            call: Call = self._channel.receive()
            _in_thread(self._answer_when_loaded, call)

    def _load(self, store: Store) -> None:
        with collector_at_rest():
            try:
                _import_mlflow()
            finally:
                self._loaded.set()
            self._answer(Call(READY, _open, (store,), {}))
            gc.freeze()

    def _answer_when_loaded(self, call: Call) -> None:
        self._loaded.wait()
        self._answer(call)

    def _answer(self, call: Call) -> None:
        try:
            reply = Reply(call.call_id, call.function(*call.args, **call.kwargs))
        except ServiceError as failure:
            reply = Reply(call.call_id, None, failure)
        except Exception as error:
            LOG.exception("%s failed", call.function.__qualname__)
            summary = f"{type(error).__name__} in {call.function.__qualname__}."
            hint = f"This is a fault of mlops-tui; its details are in {self._log_path}."
            reply = Reply(call.call_id, None, ServiceError(summary, hint))
        with self._sending:
            self._channel.send(reply)


def _import_mlflow() -> None:
    """Import MLflow alone: two threads importing its circular packages deadlock."""
    stores.prepare_environment()
    importlib.import_module("mlflow")


def _open(store: Store) -> str:
    """Open the store if there is one; return MLflow's version."""
    import mlflow

    if stores.exists(store):
        stores.client(store)
    return str(mlflow.__version__)


def _in_thread(function: Callable[..., None], *args: Any) -> None:
    threading.Thread(target=function, args=args, daemon=True).start()


def main() -> None:
    """Run as the child: the arguments are the number of the socket and the log's path."""
    channel = Channel(int(sys.argv[1]))
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    try:
        Worker(channel, Path(sys.argv[2])).serve()
    except (EOFError, OSError):
        os._exit(0)


if __name__ == "__main__":
    main()
