"""The queue of messages to another process."""

import threading
from collections.abc import Callable

from mlops_tui.domain.errors import ServiceError

MOST = 1_000
"""Messages that wait at most; the other side then takes none."""


class Outbox:
    """Writes messages from a thread of its own, so that nobody waits for a full socket.

    ``write`` may block, and raises ``OSError`` when nobody is there.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._waiting: dict[int, bytes] = {}
        self._changed = threading.Condition()
        self._is_open = True
        threading.Thread(target=self._write_all, daemon=True).start()

    def put(self, number: int, message: bytes) -> None:
        """Hand over a message; raises ``OSError`` when nobody is there."""
        with self._changed:
            if not self._is_open:
                raise BrokenPipeError
            if len(self._waiting) >= MOST:
                raise ServiceError("The service process takes no more calls.", "Try again.")
            self._waiting[number] = message
            self._changed.notify()

    def drop(self, number: int) -> bool:
        """Take back a message; return whether it had not gone yet."""
        with self._changed:
            return self._waiting.pop(number, None) is not None

    def close(self) -> None:
        """Drop what waits and end the thread, once the message it writes has gone or failed."""
        with self._changed:
            self._is_open = False
            self._waiting.clear()
            self._changed.notify()

    def _write_all(self) -> None:
        try:
            while (message := self._next()) is not None:
                self._write(message)
        except OSError:
            self.close()

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or not self._is_open)
            return self._waiting.pop(next(iter(self._waiting))) if self._is_open else None
