"""Why a process ended, as the end of its log says."""

import re
from collections.abc import Sequence

ERROR = re.compile(r"(error|exception|killed|not found)\b(?!\s*=|:?\s*[-+]?\d*\.\d)", re.IGNORECASE)
"""A line that speaks of an error; ``error=0.12`` is a metric."""

TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
MARGIN = re.compile(r"^\s*[|+] ?")
"""What the traceback of an exception group draws at its left."""

RECENT = 50
"""Last lines in which a line that speaks of an error is looked for."""


def last_words(lines: Sequence[str]) -> str:
    """Return the last exception of a traceback, else the last line that speaks of an error.

    Without either it is the last line; empty when nothing was said.
    """
    spoken = [line for line in lines if line.strip()]
    telling = [line for line in spoken[-RECENT:] if ERROR.search(line)] or spoken[-1:]
    return _exception(spoken) or (telling[-1].strip() if telling else "")


def _exception(lines: Sequence[str]) -> str:
    """Return the line below the last traceback: the first that is not indented."""
    last = max((i for i, line in enumerate(lines) if TRACEBACK.search(line)), default=None)
    if last is None:
        return ""
    bare = [MARGIN.sub("", line) for line in lines[last:]]
    below = (line for line in bare[1:] if _indent(line) <= _indent(bare[0]))
    return next(below, "").strip()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
