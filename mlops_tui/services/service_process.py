"""The interface's end of the service process."""

import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store

LOG_LIMIT = 1_000_000
"""Bytes of an earlier session's log that are kept."""

WORKER = "mlops_tui.services.service_worker"

READY = 0
"""The call id of the message that MLflow is loaded; real calls count from 1."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the services with its arguments."""

    call_id: int
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call came to: a result, or the failure to be raised."""

    call_id: int
    result: Any
    failure: ServiceError | None = None


class Child(Protocol):
    """A process that we have started."""

    @property
    def pid(self) -> int:
        """The process id."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> object:
        """Wait until it has ended."""


class Channel:
    """Passes objects over a socket between two processes of ours.

    It is what ``multiprocessing.connection`` does, without the 10 ms that its import takes from the
    first frame.
    """

    def __init__(self, number: int) -> None:
        self._socket = socket.socket(fileno=number)
        self._file = self._socket.makefile("rb")

    def send(self, item: object) -> None:
        """Pass an object; raises ``OSError`` when nobody is there."""
        self._socket.sendall(pickle.dumps(item))

    def receive(self) -> Any:
        """Wait for the next object; raises ``EOFError`` or ``OSError`` when nobody is there."""
        try:
            return pickle.load(self._file)  # noqa: S301 - our own process wrote it
        except pickle.UnpicklingError:
            raise EOFError from None  # it ended in the middle of a word

    def close(self) -> None:
        """Let both sides read to an end."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class ServiceProcess:
    """Starts the process, passes calls, reads replies.

    What libraries print there goes to its log file.
    """

    def __init__(self, store: Store, state_dir: Path) -> None:
        self.log_path = state_dir / "service.log"
        self._store = store
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._child = self._spawn(theirs.fileno())
        self._channel = Channel(ours.detach())
        self._sending = threading.Lock()
        self._channel.send(self._store)

    def _spawn(self, number: int) -> Child:
        with _open_log(self.log_path) as log:
            return subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
                [sys.executable, "-P", "-m", WORKER, str(number), str(self.log_path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(number,),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    def send(self, call: Call) -> None:
        """Pass a call; raises ``OSError`` when the process is gone."""
        with self._sending:
            self._channel.send(call)

    def receive(self) -> Reply:
        """Wait for the next reply; raises ``EOFError`` or ``OSError`` when the process is gone."""
        reply: Reply = self._channel.receive()
        return reply

    def restart(self) -> None:
        """Replace a process that has ended."""
        self.kill()
        self._start()

    def kill(self) -> None:
        """End the process at once; what it was doing is left as it is."""
        self._child.kill()
        self._child.wait()
        self._channel.close()


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    too_long = path.exists() and path.stat().st_size > LOG_LIMIT
    return path.open("wb" if too_long else "ab")
