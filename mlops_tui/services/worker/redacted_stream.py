"""A stream for what libraries print, which lets no secret through."""

import os
import threading
from typing import Any, TextIO

from mlops_tui.domain.plain_text import harmless
from mlops_tui.domain.secrets import HIDDEN, secret_values, without_named

LONGEST_LINE = 8192
"""Characters that are kept back until their line ends; progress bars may never end one."""


class RedactedStream:
    """Stands for a text stream; what is written reaches it line by line, without secrets.

    In a part of a line an address or its password could be cut in two.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun = ""
        self._writing = threading.RLock()
        self._values = secret_values(os.environ)

    def write(self, text: str) -> int:
        """Write the lines that are whole; keep back the beginning of the next one."""
        with self._writing:
            whole, end, begun = (self._begun + text).rpartition("\n")
            if len(begun) > LONGEST_LINE:
                whole, end, begun = f"{whole}{end}{begun}", "\n", ""
            self._begun = begun
            if end:
                self._stream.write(f"{self._shown(whole)}\n")
                self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Do nothing: whole lines are written at once."""

    def _shown(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return harmless(without_named(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
