"""A line of a log as a terminal would leave it: redrawn, coloured, harmless."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from mlops_tui.domain.logs.sgr import Look
from mlops_tui.domain.plain_text import JOINERS, shown_character

LONGEST = 10_000
"""Characters of a line that are shown."""

MOST_BYTES = 65_536
"""Bytes of a line that are looked at."""

TAB = 8
"""Columns between two tab stops."""

STEERING = re.compile(
    r"\x1b(?:[P\]X^_](?:[^\x07\x1b\x9c]|\x1b(?!\\))*(?:\x1b\\|\x07|\x9c|\Z)"
    r"|\[[0-?]*[ -/]*(?:[@-~]|\Z)|[ -/]*(?:[0-~]|\Z))"
    r"|[\x90\x98\x9d-\x9f](?:[^\x07\x1b\x9c]|\x1b(?!\\))*(?:\x1b\\|\x07|\x9c|\Z)"
    r"|\x9b[0-?]*[ -/]*(?:[@-~]|\Z)"
    r"|[\r\b\t]"
)
"""Sequences of ECMA-48 (strings, CSI, short ones; 7-bit and C1), an unfinished one at the end
included, and the controls that move the cursor within a line."""

START_OF_LINE = re.compile(r"\x1b\[[01]?G")
ERASE = re.compile(r"\x1b\[([0-2]?)K")
COLOURS = re.compile(r"(?:\x1b\[|\x9b)([0-9;:]*)m")

Styled = tuple[int, int, str]
"""From which character to which, in what style: words as ``bold color(9) on #102030``."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, safe to draw. ``styles`` do not overlap and are in order."""

    text: str
    styles: tuple[Styled, ...] = ()
    left_out: int = 0
    """Bytes of it that are in the log file only."""


def log_line(data: bytes, more: int = 0) -> LogLine:
    """Return what stands on a line after all that was written on it.

    A carriage return starts it again, a backspace takes a character back, colours are kept,
    every other escape sequence goes. Colours do not carry over from line to line. ``more`` bytes
    of the line were not read.
    """
    kept = data if len(data) <= MOST_BYTES else _last_state(data)
    left_out = more + max(0, len(kept) - MOST_BYTES)
    text = kept[:MOST_BYTES].decode("utf-8", "replace")
    if text.isprintable() and text.isascii() and len(text) <= LONGEST:
        return LogLine(text, (), left_out)
    line = _Line()
    line.write(text)
    shown = "".join(line.characters)
    spare = shown[LONGEST:].replace("·", " ").encode("utf-8", "replace")
    return LogLine(shown[:LONGEST], line.styles(LONGEST), left_out + len(spare))


def _last_state(data: bytes) -> bytes:
    """Return what comes after the last carriage return that anything comes after."""
    tail = data.rstrip(b"\r")
    return tail[tail.rfind(b"\r") + 1 :]


class _Line:
    """What stands on the line so far, each character with its style."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self._looks: list[str] = []
        self._look = Look()
        self._starts_again = False

    def write(self, text: str) -> None:
        at = 0
        for match in STEERING.finditer(text):
            self._put(text[at : match.start()])
            self._steer(match.group())
            at = match.end()
        self._put(text[at:])

    def styles(self, most: int) -> tuple[Styled, ...]:
        found: list[Styled] = []
        start = 0
        for words, same in groupby(self._looks[:most]):
            end = start + sum(1 for _ in same)
            if words:
                found.append((start, end, words))
            start = end
        return tuple(found)

    def _put(self, text: str) -> None:
        if not text:
            return
        if self._starts_again:
            self._clear()
        is_safe = text.isascii() and text.isprintable()
        shown = text if is_safe else [_shown(each) for each in text if ord(each) not in JOINERS]
        self.characters += shown
        self._looks += [self._look.words] * len(shown)

    def _steer(self, sequence: str) -> None:
        if sequence == "\r" or START_OF_LINE.fullmatch(sequence):
            self._starts_again = True
        elif sequence == "\t":
            self._put(" " * (TAB - (0 if self._starts_again else len(self.characters)) % TAB))
        elif sequence == "\b":
            del self.characters[-1:], self._looks[-1:]
        elif colours := COLOURS.fullmatch(sequence):
            self._look = self._look.after(colours[1])
        elif (erase := ERASE.fullmatch(sequence)) and (erase[1] == "2" or self._starts_again):
            self._clear()

    def _clear(self) -> None:
        self.characters.clear()
        self._looks.clear()
        self._starts_again = False


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    return shown_character(character)
