"""The interface's end of the service process."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import socketpair
from typing import IO, Any, Protocol, Self

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store, is_http
from mlops_tui.domain.stores.login import LOGIN_VARIABLES, Login, server_of
from mlops_tui.services.files.regular_file import PRIVATE, open_descriptor
from mlops_tui.services.worker.channel import Channel, UnreadableError, packed
from mlops_tui.services.worker.outbox import Outbox

LOG_LIMIT = 1_000_000
"""Bytes of an earlier session's log that are kept."""

WORKER = "mlops_tui.services.worker.service_worker"

READY = 0
"""The call id of the message that MLflow is loaded; real calls count from 1."""

ALIVE = -1
"""The call id of the messages that say again and again that the process is not hung."""

LOGIN = -(1 << 60)
"""The number of the message with a login; it has no answer."""

PATIENCE = 2.0
"""Seconds that are waited for a killed process to be gone; a dead disk may hold it for ever."""


class Unreadable(ServiceError):  # noqa: N818 - reads as what happened
    """The two processes no longer understand each other: mlops-tui was installed anew."""


def unreadable() -> Unreadable:
    """Return the failure of a call whose words or answer this process cannot make."""
    return Unreadable(
        "mlops-tui has changed on the disk since it was started.",
        "Quit with q, then start it again.",
    )


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the services with its arguments."""

    call_id: int
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cancel:
    """The wish that a call which has not begun be dropped; it is answered all the same."""

    call_id: int


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

    def wait(self, timeout: float | None = None) -> object:
        """Wait until it has ended."""


class ServiceProcess:
    """Starts the process, passes calls, reads replies.

    What libraries print there goes to its log file.
    """

    def __init__(self, store: Store, state_dir: Path, first: Store | None = None) -> None:
        self.log_path = state_dir / "service.log"
        self._store = store
        self._first = first or store
        """The store of the first process: the logins of the environment are meant for it."""
        self._login: Login | None = None
        self._is_over = False
        self._starting = threading.Lock()
        self._start()

    def _start(self) -> None:
        ours, theirs = socketpair()
        with ours, theirs:
            self._child = self._spawn(theirs.fileno())
            self._channel = Channel(ours.detach())
        self._outbox = Outbox(self._channel.write)
        self._outbox.put(READY, packed(READY, self._store))
        if self._login:
            self._outbox.put(LOGIN, packed(READY, self._login))

    def beside(self, store: Store) -> Self:
        """Start another process for another store; this one goes on. Raises ``OSError``."""
        return type(self)(store, self.log_path.parent, self._first)

    def log_in(self, login: Login) -> None:
        """Send this login to the store from the next call on, also after a restart."""
        self._login = login
        self._outbox.put(LOGIN, packed(READY, login))

    def _spawn(self, number: int) -> Child:
        with _open_log(self.log_path) as log:
            return subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
                [sys.executable, "-P", "-m", WORKER, str(number), str(self.log_path)],
                env=_environment(self._store, self._first),
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
        """Pass a call without waiting; raises ``OSError`` when the process is gone."""
        self._outbox.put(call.call_id, packed(call.call_id, call))

    def cancel(self, call_id: int) -> bool:
        """Drop a call that has not begun; return False where the process may still answer it."""
        if self._outbox.drop(call_id):
            return True
        with suppress(OSError, ServiceError):
            self._outbox.put(-call_id, packed(call_id, Cancel(call_id)))
        return False

    def receive(self) -> Reply:
        """Wait for the next reply; raises ``EOFError`` or ``OSError`` when the process is gone."""
        try:
            reply: Reply = self._channel.receive()
        except UnreadableError as error:
            return Reply(error.call_id, None, unreadable())
        return reply

    def end(self) -> None:
        """End the process at once, without waiting; whoever receives reads to an end."""
        self._child.kill()
        self._outbox.close()
        self._channel.shut()

    def restart(self) -> None:
        """Replace the process, once nobody receives; raises ``OSError``, and after ``kill``."""
        self._discard()
        with self._starting:
            if self._is_over:
                raise BrokenPipeError
            self._start()

    def kill(self) -> None:
        """End the process for good; what it was doing is left as it is."""
        self._is_over = True
        # Whoever is just starting it has it in a moment, if the disk lets them.
        is_ours = self._starting.acquire(timeout=PATIENCE)
        self.end()
        self._wait()
        if is_ours:
            self._starting.release()

    def _discard(self) -> None:
        self.end()
        self._wait()
        self._channel.close()

    def _wait(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(PATIENCE)


def _environment(store: Store, first: Store) -> dict[str, str]:
    """Return our environment, for another server without the logins in it."""
    is_other = is_http(store.tracking_uri) and server_of(store) != server_of(first)
    return {k: v for k, v in os.environ.items() if not (is_other and k in LOGIN_VARIABLES)}


def _open_log(path: Path) -> IO[bytes]:
    """Open the log for us alone: what libraries print may hold anything."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = os.fdopen(open_descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab")
    os.fchmod(log.fileno(), PRIVATE)
    if os.fstat(log.fileno()).st_size > LOG_LIMIT:
        log.truncate(0)
    return log
