"""Removes escape sequences and control characters from stdout and stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any, TextIO

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import harmless

LAST_STANDARD = 2
"""The descriptor of standard error."""


class OutputFailed(ServiceError):  # noqa: N818 - reads as what happened, like NotFound
    """Standard output cannot be written, for example on a full disk."""


class SafeStream:
    """A text stream without escape sequences, control characters and bidi overrides.

    ``stream`` is None where the shell has closed it (``>&-``). A reader that has gone away is a
    ``BrokenPipeError`` as ever; any other refusal is ``OutputFailed``.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        if isinstance(stream, TextIOWrapper):
            # A terminal that is not UTF-8 gets "?" for what it cannot show.
            stream.reconfigure(errors="replace")

    def write(self, text: str) -> int:
        """Write foreign text; return its length."""
        self.write_styled(harmless(text))
        return len(text)

    def write_styled(self, text: str) -> None:
        """Write text with escape sequences of our own; foreign parts of it are harmless already."""
        if self._stream is None:
            raise OutputFailed("Nothing was printed: standard output is closed.")
        with _failures():
            self._stream.write(text)

    def flush(self) -> None:
        """Flush the buffer."""
        if self._stream is not None:
            with _failures():
                self._stream.flush()

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def end(self) -> None:
        """Flush the buffer, or discard it on failure: Python would complain about it at exit."""
        try:
            self.flush()
        except (OutputFailed, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputFailed(f"Standard output cannot be written: {reason}.") from None


@contextmanager
def safe_output() -> Iterator[None]:
    """Replace stdout and stderr by safe streams."""
    _occupy_standard_descriptors()
    before = sys.stdout, sys.stderr
    streams = SafeStream(sys.stdout), SafeStream(sys.stderr)
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream in streams:
            stream.end()


def _occupy_standard_descriptors() -> None:
    """Keep a closed standard descriptor from being given to the next file that is opened."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        while (number := os.open(os.devnull, os.O_RDWR)) <= LAST_STANDARD:
            pass
        os.close(number)
