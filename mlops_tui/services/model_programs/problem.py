"""Why something could not be done, and how it is told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 300
"""Characters of what a library says that are passed on."""


class Problem(Exception):  # noqa: N818 - it is no fault of the program
    """A sentence for a person: what was wrong, with what, what to do."""


def in_words(error: BaseException) -> str:
    """Return what an exception says, on one line."""
    if isinstance(error, OSError) and error.strerror:
        which = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{which}"[:LONGEST]
    words = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {words}"[:LONGEST] if words else name


def harmless(words: str) -> str:
    """Return words without escape sequences and line breaks."""
    return "".join(sign if sign.isprintable() else "?" for sign in words)


def say(words: str) -> None:
    """Write a line of the log."""
    sys.stdout.write(f"{harmless(words)}\n")
    sys.stdout.flush()


def listed(names: Iterable[str], most: int = 8) -> str:
    """Return names with commas, cut where they are many."""
    found = list(names)
    more = f" and {len(found) - most:,} more" if len(found) > most else ""
    return ", ".join(name[:40] for name in found[:most]) + more
