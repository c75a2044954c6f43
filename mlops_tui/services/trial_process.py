"""The process of one trial, in a session of its own below its sweep's."""

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import IO

from mlops_tui.services.log_file import telling_line

GRACE = 10.0
"""Seconds between asking a trial to end and killing it."""

LINE = 16_384
"""Bytes of a line that are passed on at once."""

KEPT = 50
"""Lines in which the reason of a failure is looked for."""


class TrialProcess:
    """A trial's program; what it writes goes to our own output, each line behind its number."""

    def __init__(
        self, number: int, command: Sequence[str], cwd: str, env: Mapping[str, str]
    ) -> None:
        """Start it; raises ``OSError`` or ``ValueError`` where that cannot be done."""
        self.number = number
        self._last: deque[str] = deque(maxlen=KEPT)
        self._asked_at: float | None = None
        self._process = subprocess.Popen(  # noqa: S603 - what the person launched, never a shell
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if self._process.stdout is not None:
            self._pump = threading.Thread(target=self._pass_on, args=(self._process.stdout,))
            self._pump.daemon = True
            self._pump.start()

    @property
    def is_asked_to_end(self) -> bool:
        """Whether ``stop`` was called."""
        return self._asked_at is not None

    def stop(self) -> None:
        """Ask it to end with what it has started; ``exit_code`` kills what does not."""
        if self._asked_at is None:
            self._asked_at = monotonic()
            self._signal(signal.SIGTERM)

    def exit_code(self) -> int | None:
        """Return how it ended, None while it runs; what it has left running then ends, too."""
        code = self._process.poll()
        if code is None:
            if self._asked_at is not None and monotonic() > self._asked_at + GRACE:
                self._signal(signal.SIGKILL)
            return None
        self._signal(signal.SIGKILL)
        self._pump.join(1.0)
        return code

    def reason(self) -> str:
        """Say how it failed, in its own last words."""
        code = self._process.returncode
        if code is not None and code < 0:
            with suppress(ValueError):
                return f"ended by {signal.Signals(-code).name}"
        words = telling_line("".join(self._last))
        return f"exit code {code}: {words}" if words else f"exit code {code}"

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _pass_on(self, stream: IO[bytes]) -> None:
        prefix = f"[{self.number}] ".encode()
        while line := stream.readline(LINE):
            whole = line if line.endswith(b"\n") else line + b"\n"
            self._last.append(whole.decode("utf-8", "replace"))
            sys.stdout.buffer.write(prefix + whole)
            sys.stdout.buffer.flush()
