"""A command in a pseudo-terminal with an emulated screen."""

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import pyte

from tests.patience import PATIENCE
from tests.unmeasured import without_coverage

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "delete": "\x1b[3~",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
}

UNKNOWN = re.compile(
    r"\x1b[P_^X].*?\x1b\\"  # strings that draw nothing
    r"|\x1b\].*?(?:\x07|\x1b\\)"
    r"|\x1b\[[<=>][0-?]*[ -/]*[@-~]"  # the keyboard protocol of kitty
    r"|\x1b\[[0-?]*[ -/]+[@-~]"  # requests for a mode
    r"|\x1b\[\?[0-9;]*[^0-9;hl]",
    re.DOTALL,
)
"""Sequences that pyte would draw, or take for something else."""

UNFINISHED = re.compile(r"\x1b(?:[P_^X\]](?:(?!\x1b\\|\x07).)*|\[[0-?]*[ -/]*)?\Z", re.DOTALL)
"""A sequence at the end of a chunk that goes on in the next."""

ASKS_FOR_SYNC = b"\x1b[?2026$p"
HAS_SYNC = b"\x1b[?2026;2$y"
"""Synchronized output, which today's terminals have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program sent after a key, until it was quiet. Times are seconds since the key."""

    size: int
    """Bytes."""
    first: float
    last: float


class Terminal:
    """Starts a command; presses keys; looks at the screen."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        columns: int = 80,
        lines: int = 24,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._emulated = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._emulated)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pending = ""
        self._status: int | None = None
        self.output = bytearray()
        """Everything that came, as it came."""
        self.started = self._came = monotonic()
        environ = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **(environ or without_coverage(os.environ)),
        }
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _become([str(word) for word in command], environ, cwd, (lines, columns))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def received(self) -> int:
        """How many bytes came."""
        return len(self.output)

    @property
    def screen(self) -> str:
        """The text on the screen, with all that has come until now."""
        self.settle(0.0)
        return "\n".join(self._emulated.display)

    def press(self, *keys: str) -> None:
        """Press keys, by Textual's names."""
        for key in keys:
            os.write(self._fd, key_bytes(key))

    def type(self, text: str) -> None:
        """Type a text."""
        os.write(self._fd, text.encode())

    def wait_for(self, text: str, timeout: float = PATIENCE) -> float:
        """Return the seconds since the start at which the text stood on the screen."""
        return self.wait_match(re.escape(text), timeout)

    def wait_gone(self, text: str, timeout: float = PATIENCE) -> float:
        """Return the seconds since the start at which the text had left the screen."""
        return self._wait(re.escape(text), timeout, there=False)

    def wait_match(self, pattern: str, timeout: float = PATIENCE) -> float:
        """Return the seconds since the start at which the screen matched a regular expression."""
        return self._wait(pattern, timeout, there=True)

    def answer_to(self, key: str, *, quiet: float = 0.15) -> Answer:
        """Press a key; return what came back until ``quiet`` seconds without a byte."""
        self.settle(quiet)
        before, pressed = self.received, monotonic()
        self.press(key)
        first = last = pressed
        while monotonic() - max(last, pressed) < quiet:
            if self._read(quiet):
                last = self._came
                first = last if first == pressed else first
        return Answer(self.received - before, first - pressed, last - pressed)

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing has come for ``quiet`` seconds."""
        while self._read(quiet):
            pass

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Return the exit code of the command, as soon as it has ended."""
        end = monotonic() + timeout
        while monotonic() < end:
            self._read(0.02)
            if self._ended() and self._status is not None:
                return os.waitstatus_to_exitcode(self._status)
        raise AssertionError(f"still running after {timeout} s:\n{self.screen}")

    def hang_up(self) -> None:
        """Close the terminal, as a lost connection would."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def close(self) -> None:
        """End the command, whatever it is doing."""
        self.hang_up()
        if not self._ended():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._status = os.waitpid(self.pid, 0)[1]

    def _wait(self, pattern: str, timeout: float, *, there: bool) -> float:
        end = monotonic() + timeout
        while (re.search(pattern, self.screen) is not None) is not there:
            if monotonic() > end:
                verb = "has not appeared" if there else "has not gone"
                raise AssertionError(f"{pattern!r} {verb} within {timeout} s:\n{self.screen}")
            self._read(0.02)
        return monotonic() - self.started

    def _ended(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = status if pid else None
        return self._status is not None

    def _read(self, timeout: float) -> bool:
        """Take what there is within ``timeout`` seconds; return whether something came."""
        if self._fd < 0 or not select.select([self._fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # the command has ended
            return False
        self._came = monotonic()
        self.output += data
        if ASKS_FOR_SYNC in data:
            os.write(self._fd, HAS_SYNC)
        text = self._pending + self._decode(data)
        unfinished = UNFINISHED.search(text)
        cut = unfinished.start() if unfinished else len(text)
        self._pending = text[cut:]
        self._stream.feed(UNKNOWN.sub("", text[:cut]))
        return bool(data)


def key_bytes(key: str) -> bytes:
    """Return what a terminal sends for a key."""
    if key.startswith("ctrl+"):
        return bytes([ord(key[-1].upper()) & 0x1F])
    if key not in KEYS and len(key) > 1:
        raise ValueError(f"unknown key: {key}")
    return KEYS.get(key, key).encode()


def _become(
    command: list[str], environ: Mapping[str, str], cwd: Path | None, size: tuple[int, int]
) -> None:
    """Turn this child process into the command; never return."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        if cwd is not None:
            os.chdir(cwd)
        os.execvpe(command[0], command, dict(environ))  # noqa: S606 - no shell is wanted
    finally:
        os._exit(127)
