"""What is asked of a log: the lines in view, the lines in which something stands."""

import re
from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.logs.progress import Progress
from mlops_tui.domain.logs.terminal_text import LogLine


@dataclass(frozen=True, slots=True)
class LogWindow:
    """Some lines of a log. Lines are counted from 0."""

    lines: tuple[LogLine, ...]
    first: int | None
    """Which the first of ``lines`` is; None while that is not known: the log is being counted."""
    total: int
    """Lines counted so far."""
    counted: int
    """Bytes counted so far."""
    size: int
    """Bytes in the file."""
    life: int = 0
    """Another number after the file was emptied or replaced: all is to be read anew."""
    progress: Progress | None = None
    """What the last lines say of how far it is."""
    settled: int = 0
    """Lines that will not be drawn upon again, as far as one can tell."""

    @property
    def is_counted(self) -> bool:
        """Whether all lines are counted."""
        return self.counted >= self.size


class Sought(StrEnum):
    """What a search is for."""

    TEXT = "text"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class LogSearch:
    """What lines are sought. A text without capitals is found in any case."""

    sought: Sought
    text: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """What matches in a line."""
        if self.sought is Sought.ERRORS:
            return ERROR
        flags = re.NOFLAG if self.text != self.text.lower() else re.IGNORECASE
        return re.compile(re.escape(self.text), flags)

    @property
    def needles(self) -> tuple[bytes, ...]:
        """Return bytes of which every line that is sought holds one, in any case."""
        if self.sought is Sought.ERRORS:
            return ERROR_NEEDLES
        return (self.text.lower().encode(),) if self.text.isascii() else ()


@dataclass(frozen=True, slots=True)
class FoundLines:
    """The lines of a stretch in which something stands."""

    lines: tuple[int, ...]
    next_line: int
    """From where to go on."""
    total: int
    """Lines counted so far."""
    is_all: bool
    """Whether there is no more to look through now."""
    share: float
    """How much of the file was looked through, from 0 to 1."""
    life: int = 0


ERROR = re.compile(
    r"Traceback \(most recent call last\)"
    r"|^(?:[\w.]*\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Killed)\b"
    r"|\b(?:ERROR|CRITICAL|FATAL|Fatal|Killed|Aborted)\b"
    r"|\b\w*(?:Error|Exception):"
    r"|\b[Ee]rror:"
    r"|\b[Ss]egmentation fault\b"
    r"|\bcore dumped\b"
    r"|\bexit(?:ed)?(?: with)?(?: (?:code|status))?[ :=]+[1-9]\d*\b"
    r"|\bout of memory\b",
)
"""A line of an error: of Python, of its logging, of a shell, of CUDA."""

ERROR_NEEDLES = (
    b"traceback",
    b"error",
    b"exception",
    b"interrupt",
    b"exit",
    b"killed",
    b"critical",
    b"fatal",
    b"abort",
    b"fault",
    b"dumped",
    b"memory",
)
"""In small letters: every line that ``ERROR`` matches holds one of them."""
