"""Calls service functions in the service process, and restarts that process."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, ContextVar
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import Login
from mlops_tui.services.worker.calls import limit_of, may_be_dropped
from mlops_tui.services.worker.service_process import (
    ALIVE,
    READY,
    Call,
    Reply,
    ServiceProcess,
    Unreadable,
)
from mlops_tui.tui.kit.in_thread import in_thread

if TYPE_CHECKING:
    from mlops_tui.services.stores.tunnel import Tunnel

P = ParamSpec("P")
R = TypeVar("R")

acting: ContextVar[bool] = ContextVar("acting", default=False)
"""Whether an action of the user is calling: such calls are not dropped when cancelled."""

TICK = 1.0
"""Seconds between two checks for overdue calls. Time is counted in ticks, so that no call times out
while the interface itself was stopped."""

SILENCE = 30.0
"""Seconds without a sign of life after which the service process is replaced."""

FIRST_SILENCE = 120.0
"""The same before the first sign of life, while the interpreter starts."""

LOADING = 300.0
"""Seconds that calls wait for MLflow to be imported, on top of their own limit."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a process that ended is restarted; doubles each time."""

STEADY = 60.0
"""Seconds of life after which the restart pause starts at ``FIRST_PAUSE`` again."""

MOST_LEFT, LEFT_FOR = 16, 30.0
"""The process is replaced when ``MOST_LEFT`` abandoned calls each run for ``LEFT_FOR`` seconds."""


@dataclass(slots=True)
class _Pending:
    """A call whose answer is awaited."""

    future: asyncio.Future[Any]
    limit: float
    is_change: bool
    waited: float = 0.0


class Backend:
    """Runs service functions in the service process, and restarts it whenever it ends.

    ``on_ready`` gets MLflow's version each time it was imported; ``on_failed`` gets the reason when
    that failed or the process ended.
    """

    def __init__(
        self,
        process: ServiceProcess,
        on_ready: Callable[[str], None],
        on_failed: Callable[[ServiceError], None],
    ) -> None:
        self._process = process
        self.tunnel: Tunnel | None = None
        """The tunnel that the store is reached through."""
        self._on_ready = on_ready
        self._on_failed = on_failed
        self._pending: dict[int, _Pending] = {}
        self._left: dict[int, float] = {}
        self._last_id = READY
        self._closing = False
        self._hurry = threading.Event()
        self._is_ready = False
        self._loading, self._silent = 0.0, SILENCE - FIRST_SILENCE
        self._down: Unreachable | None = None
        self._is_again = False
        self._why = ""
        self._is_renewed = False

    def start(self) -> None:
        """Start reading replies; call it from the interface's event loop."""
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._keep_alive, daemon=True).start()
        self._alarm = self._loop.call_later(TICK, self._tick, context=Context())
        if self.tunnel:
            self.tunnel.on_change = partial(self._on_loop, self._tunnel_changed)

    def start_now(self) -> None:
        """Restart the process now if it is waiting to be restarted."""
        self._hurry.set()

    def close(self) -> None:
        """End service process and tunnel without waiting for calls."""
        self._begin_closing()
        self._process.kill()

    def discard(self) -> None:
        """Do so while the interface goes on; calls fail that are still awaited."""
        self._begin_closing()
        threading.Thread(target=self._process.kill, daemon=True).start()
        self._fail_pending(ServiceError("Another store was opened meanwhile."))

    def _begin_closing(self) -> None:
        self._closing = True
        self._alarm.cancel()
        self._hurry.set()
        if self.tunnel:
            self.tunnel.close()

    @property
    def trouble(self) -> str:
        """The word for the status bar while the process cannot answer, else empty."""
        if self._down or (self._is_again and not self._is_ready):
            return "✗ restarting"
        return "✗ hangs" if self._silent > SILENCE / 3 else ""

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the service function returns; raises its ``ServiceError``.

        A cancelled call that has not begun is dropped, unless it must be kept; one that has begun
        goes on in the service process, and its answer is dropped.
        """
        if problem := self._down or self._tunnel_problem(args):
            raise problem
        self._last_id += 1
        call_id = self._last_id
        is_change = acting.get() or not may_be_dropped(function)
        pending = _Pending(self._loop.create_future(), limit_of(function), is_change)
        self._pending[call_id] = pending
        try:
            self._process.send(Call(call_id, function, args, kwargs))
            answer: R = await pending.future
        except OSError:
            raise Unreachable("The service process is not running.", "Try again.") from None
        except asyncio.CancelledError:
            if not is_change:
                self._leave(call_id)
            raise
        finally:
            self._pending.pop(call_id, None)
        return answer

    async def beside(self, store: Store, tunnel: "Tunnel | None") -> "Backend":
        """Start another service process for another store; this one goes on until it is closed."""
        process = await in_thread(self._process.beside, store)
        other = Backend(process, lambda _version: None, lambda _error: None)
        other.tunnel = tunnel
        other.start()
        return other

    def log_in(self, login: Login) -> None:
        """Let the service process send a login to its store, also after a restart."""
        with suppress(OSError):  # the next one gets it
            self._process.log_in(login)

    def report_to(
        self, on_ready: Callable[[str], None], on_failed: Callable[[ServiceError], None]
    ) -> None:
        """Report to others from now on."""
        self._on_ready, self._on_failed = on_ready, on_failed

    async def changes_answered(self) -> None:
        """Wait until no answer to a change is awaited."""
        while changes := [each.future for each in self._pending.values() if each.is_change]:
            await asyncio.wait(changes)
            await asyncio.sleep(0)

    def _tunnel_problem(self, args: tuple[object, ...]) -> ServiceError | None:
        """Return why a call about the store cannot be answered now."""
        about_store = any(isinstance(each, Store) for each in args)
        return self.tunnel.problem if self.tunnel and about_store else None

    def _tunnel_changed(self) -> None:
        """Have the data read at once: they can be again, or cannot any more."""
        if self._is_ready:
            self._on_ready("")

    def _leave(self, call_id: int) -> None:
        if not self._process.cancel(call_id):
            self._left[call_id] = 0.0

    def _tick(self) -> None:
        self._silent += TICK
        self._loading += 0.0 if self._is_ready else TICK
        if not self._down and self._silent > SILENCE:
            self._replace("gave no sign of life")
        if self._is_ready or self._loading > LOADING:
            self._count_waiting()
        for call_id in self._left:
            self._left[call_id] += TICK
        if sum(seconds > LEFT_FOR for seconds in self._left.values()) >= MOST_LEFT:
            self._replace(f"was stuck in {MOST_LEFT} abandoned calls")
        self._alarm = self._loop.call_later(TICK, self._tick, context=Context())

    def _count_waiting(self) -> None:
        for call_id, pending in list(self._pending.items()):
            pending.waited += TICK
            if pending.waited >= pending.limit and not pending.future.done():
                self._leave(call_id)
                pending.future.set_exception(self._too_late(pending.limit))

    def _too_late(self, limit: float) -> Unreachable:
        if not self._is_ready:
            return Unreachable(f"MLflow has been loading for {self._loading:.0f} s.", self._see_log)
        return Unreachable(
            f"The store has not answered for {limit:.0f} s.", "A change may still be carried out."
        )

    @property
    def _see_log(self) -> str:
        return f"See its log: {self._process.log_path}."

    def _replace(self, why: str) -> None:
        """End the process; the reading thread starts another."""
        self._why = why
        self._silent = 0.0
        self._process.end()

    def _keep_alive(self) -> None:
        """Read replies and restart the process, for ever, in a thread."""
        ends = 0
        while True:
            born = monotonic()
            self._read_replies()
            ends = 1 if monotonic() - born > STEADY else ends + 1
            if self._closing:
                return
            pause = min(FIRST_PAUSE * 2 ** min(ends - 1, 10), LONGEST_PAUSE)
            self._hurry.clear()
            self._on_loop(self._ended, ends, pause)
            self._hurry.wait(pause)
            try:
                self._process.restart()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                self._why = f"cannot be started ({getattr(error, 'strerror', '') or error})"
            else:
                self._on_loop(self._started)

    def _read_replies(self) -> None:
        try:
            while True:
                self._on_loop(self._settle, self._process.receive())
        except Exception:  # noqa: BLE001 - whatever it is, the process is of no more use
            return

    def _on_loop(self, function: Callable[..., None], *args: Any) -> None:
        if not self._closing and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *args)

    def _settle(self, reply: Reply) -> None:
        self._silent = 0.0
        self._left.pop(reply.call_id, None)
        if reply.call_id == READY:
            self._heard_ready(reply)
        elif reply.call_id != ALIVE:
            self._answer(reply)
        if isinstance(reply.failure, Unreadable) and not self._is_renewed:
            # One with the new code may understand itself; whether we do, the next answers show.
            self._is_renewed = True
            self._replace("runs another version of mlops-tui than the interface")

    def _heard_ready(self, reply: Reply) -> None:
        self._is_ready = True
        if reply.failure:
            self._on_failed(reply.failure)
        else:
            self._on_ready(reply.result)

    def _answer(self, reply: Reply) -> None:
        pending = self._pending.get(reply.call_id)
        if pending is None or pending.future.done():
            return
        if reply.failure:
            pending.future.set_exception(reply.failure)
        else:
            pending.future.set_result(reply.result)

    def _ended(self, times: int, pause: float) -> None:
        """Fail all pending calls: the process ended and will be restarted."""
        why, self._why = self._why or "ended", ""
        often = f", {times} times in a row" if times > 1 else ""
        when = f"in {pause:g} s" if times > 1 else "now"
        self._down = error = Unreachable(
            f"The service process {why}{often}; it restarts {when}.", self._see_log
        )
        self._is_ready = False
        self._left.clear()
        self._fail_pending(error)
        if times in (1, 3):
            self._on_failed(error)

    def _fail_pending(self, error: ServiceError) -> None:
        for pending in self._pending.values():
            if not pending.future.done():
                pending.future.set_exception(error)

    def _started(self) -> None:
        self._down, self._is_again = None, True
        self._loading, self._silent = 0.0, SILENCE - FIRST_SILENCE
