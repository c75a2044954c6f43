"""A stream for what libraries print, which lets no secret through."""

import os
import re
import threading
from collections.abc import Sequence
from typing import Any, TextIO

from mlops_tui.domain.plain_text import harmless
from mlops_tui.domain.secrets import HIDDEN, secret_values, without_named

LONGEST_LINE = 8192
"""Characters that are kept back until their line ends; progress bars may never end one."""

LINE_END = re.compile(r"[\r\n]")


class RedactedStream:
    """Stands for a text stream; what is written reaches it line by line, without secrets.

    In a part of a line a secret could be cut in two: the rest of one that is too long is left out.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun = ""
        self._is_cut = False
        self._writing = threading.RLock()
        self._values = secret_values(os.environ)

    def write(self, text: str) -> int:
        """Write the lines that are whole; keep back the beginning of the next one."""
        with self._writing:
            whole, end, self._begun = self._following(text).rpartition("\n")
            if end:
                self._write_line(self._shown(whole))
            if len(self._begun) > LONGEST_LINE:
                self._shorten()
        return len(text)

    def hide(self, values: Sequence[str]) -> None:
        """Let these texts not through either."""
        with self._writing:
            self._values = tuple(sorted({*self._values, *values}, key=len, reverse=True))

    def flush(self) -> None:
        """Do nothing: whole lines are written at once."""

    def _following(self, text: str) -> str:
        """Return what is kept back with the text, of a line that was cut not the rest."""
        if not self._is_cut:
            return self._begun + text
        rest = LINE_END.split(text, maxsplit=1)
        self._is_cut = len(rest) == 1
        return "" if self._is_cut else rest[1]

    def _shorten(self) -> None:
        """Write the states of a progress bar but the last; what is no such is cut."""
        states, _, self._begun = self._begun.rpartition("\r")
        if states:
            self._write_line(self._shown(states))
        if len(self._begun) > LONGEST_LINE:
            self._write_line(f"{self._shown(self._without_begun_secret(self._begun))} …")
            self._begun, self._is_cut = "", True

    def _without_begun_secret(self, text: str) -> str:
        """Return a text that is cut, without a word or a secret at its end that may go on."""
        text = " ".join(text.split(" ")[:-1])
        for value in self._values:
            starts = range(max(0, len(text) - len(value)), len(text))
            place = next((i for i in starts if value.startswith(text[i:])), len(text))
            text = text[:place]
        return text

    def _write_line(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def _shown(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return harmless(without_named(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
