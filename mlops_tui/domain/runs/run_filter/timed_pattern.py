"""Regular expressions that a person typed, under a time limit.

Python's ``re`` may need longer than the universe is old for one text, holding the whole process.
"""

import re
import warnings
from time import thread_time
from typing import Protocol

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.plain_text import one_line

LIMIT = 1.0
"""Seconds of work for all the patterns of a filter over all runs together."""

HARMLESS = 20e-6
"""Seconds that the look at one text may take: they are not counted, however many runs there are."""

MOST_COPIES = 1_000_000
"""A repeat is written out when it is compiled: ``(a{1000}){1000}`` has so many letters."""

COUNT = re.compile(r"\{(\d+)")


class Pattern(Protocol):
    """A compiled expression of the engine that knows a time limit."""

    @property
    def pattern(self) -> str:
        """The expression as it was typed."""

    def search(self, string: str, *, timeout: float | None = None) -> object:
        """Return a match anywhere in a text, or None; raises ``TimeoutError``."""

    def fullmatch(self, string: str, *, timeout: float | None = None) -> object:
        """Return a match of the whole text, or None; raises ``TimeoutError``."""


class Allowance:
    """The time that the patterns of one filter have together."""

    def __init__(self) -> None:
        self._left = LIMIT

    def finds(self, pattern: Pattern, text: str, *, whole: bool = False) -> bool:
        """Return whether the pattern is in a text; raises ``InvalidInput`` when that takes long."""
        begun = thread_time()
        try:
            search = pattern.fullmatch if whole else pattern.search
            found = search(text, timeout=self._left) is not None
        except (TimeoutError, MemoryError):
            raise _too_slow(pattern.pattern) from None
        self._left -= max(0.0, thread_time() - begun - HARMLESS)
        if self._left <= 0:
            raise _too_slow(pattern.pattern)
        return found


def check_regex(text: str) -> None:
    """Raise ``InvalidInput`` where a regular expression is none.

    This asks Python's own engine, which is at hand at once and knows no more than it should.
    """
    copies = 1
    for count in COUNT.findall(text):
        copies *= min(max(int(count[:9]), 1), MOST_COPIES + 1)
        if copies > MOST_COPIES:
            raise InvalidInput(f"The expression {one_line(text, 60)} repeats too often.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a line on the terminal would spoil the screen
            re.compile(text)
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise _wrong(text, error) from None


def compiled(text: str, *, across_lines: bool = False) -> Pattern:
    """Return a checked expression for the engine with a time limit; case never matters."""
    import regex  # noqa: PLC0415 - it takes 60 ms; the interface only checks

    flags = regex.IGNORECASE | (regex.DOTALL if across_lines else 0)
    try:
        found: Pattern = regex.compile(text, flags)
    except (regex.error, RecursionError, OverflowError, ValueError, MemoryError) as error:
        raise _wrong(text, error) from None
    return found


def _wrong(text: str, error: BaseException) -> InvalidInput:
    shown = one_line(text, 60)
    if isinstance(error, RecursionError | MemoryError):
        return InvalidInput(f"The expression {shown} is nested too deeply.")
    return InvalidInput(f"The expression {shown} is not right: {one_line(str(error), 200)}.")


def _too_slow(text: str) -> InvalidInput:
    return InvalidInput(
        f"The expression {one_line(text, 60)} takes too long: it was stopped after {LIMIT:g} s.",
        "Make it simpler: a repeat of what may be read in two ways, like (a|aa)+, is slow.",
    )
