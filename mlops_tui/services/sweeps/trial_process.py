"""The process of one trial, in a session of its own below its sweep's."""

import os
import selectors
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import BinaryIO

from mlops_tui.domain.sweeps.trial import TrialEnd, TrialState
from mlops_tui.services.processes.log_file import telling_line

GRACE = 10.0
"""Seconds between asking a trial to end and killing it."""

LINE = 16_384
"""Bytes of a line that are passed on at once."""

KEPT = 50
"""Lines in which the reason of a failure is looked for."""


class TrialProcess:
    """A trial's program; what it writes goes to our own outputs, each line behind its number.

    Where it writes to both of them in one go, the order of their lines may be lost.
    """

    def __init__(
        self, number: int, command: Sequence[str], cwd: str, env: Mapping[str, str]
    ) -> None:
        """Start it; raises ``OSError`` or ``ValueError`` where that cannot be done."""
        self.number = number
        self._last: deque[str] = deque(maxlen=KEPT)
        self._last_error = ""
        """The last line that it wrote, where that was to standard error."""
        self._asked_at: float | None = None
        self._code: int | None = None
        self._process = subprocess.Popen(  # noqa: S603 - what the person launched, never a shell
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._pump = threading.Thread(target=self._pass_on, daemon=True)
        self._pump.start()

    @property
    def is_going(self) -> bool:
        """Whether nobody wants its end."""
        return self._asked_at is None

    def stop(self) -> None:
        """Ask it to end with what it has started; ``exit_code`` kills what does not."""
        if self._asked_at is None:
            self._asked_at = monotonic()
            self._signal(signal.SIGTERM)

    def exit_code(self) -> int | None:
        """Return how it ended, None while it runs; what it has left running then ends, too."""
        if self._code is not None:
            return self._code
        if not self._has_ended():
            if self._asked_at is not None and monotonic() > self._asked_at + GRACE:
                self._signal(signal.SIGKILL)
            return None
        self._signal(signal.SIGKILL)
        self._code = self._process.wait()
        self._pump.join(1.0)
        return self._code

    def end(self) -> TrialEnd | None:
        """Return how it ended, as far as the process tells; None while it runs."""
        code = self.exit_code()
        if code is None:
            return None
        if not self.is_going:
            return TrialState.PRUNED, ""
        return (TrialState.FAILED, self._reason(code)) if code else (TrialState.COMPLETE, "")

    def _reason(self, code: int) -> str:
        """Say how it failed, in its own last words."""
        if code < 0:
            with suppress(ValueError):
                return f"ended by {signal.Signals(-code).name}"
        words = telling_line("".join(self._last), self._last_error)
        return f"exit code {code}: {words}" if words else f"exit code {code}"

    def _has_ended(self) -> bool:
        """Return whether it has; it is not waited for, so that its pid stays its own."""
        import psutil

        try:
            return psutil.Process(self._process.pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    def _signal(self, number: signal.Signals) -> None:
        """Signal all of its group, unless the pid of that may be another's by now."""
        if self._code is not None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _pass_on(self) -> None:
        with selectors.DefaultSelector() as sources:
            for source, target in (
                (self._process.stdout, sys.stdout.buffer),
                (self._process.stderr, sys.stderr.buffer),
            ):
                if source is not None:
                    sources.register(source, selectors.EVENT_READ, self._lines_to(target))
            while sources.get_map():
                for ready, _ in sources.select():
                    if not ready.data(os.read(ready.fd, LINE)):
                        sources.unregister(ready.fileobj)

    def _numbered(self, line: bytes) -> bytes:
        """Return the line behind the trial's number, also where it begins again as bars do."""
        number = b"[%d] " % self.number
        return number + line.rstrip(b"\r").replace(b"\r", b"\r" + number)

    def _lines_to(self, target: BinaryIO) -> Callable[[bytes], bool]:
        """Return what takes pieces to write their lines; False after the last, empty one."""
        left = b""

        def take(piece: bytes) -> bool:
            nonlocal left
            *lines, left = (left + piece).split(b"\n")
            if left and (len(left) >= LINE or not piece):
                lines, left = [*lines, left], b""
            said = [line for line in lines if line.strip()]
            if said:
                is_error = target is sys.stderr.buffer
                self._last_error = said[-1].decode("utf-8", "replace") if is_error else ""
            self._last += [line.decode("utf-8", "replace") + "\n" for line in lines]
            target.write(b"".join(self._numbered(line) + b"\n" for line in lines))
            target.flush()
            return bool(piece)

        return take
