"""Why a process ended, as the end of its log says."""

import re
from collections.abc import Sequence

from mlops_tui.domain.logs.progress import progress_of

ERROR = re.compile(
    r"(error|exception|killed|not found|fatal|failed to|cannot|no such|out of memory"
    r"|segmentation fault|aborted|denied)\b(?!\s*=|:?\s*[-+]?\d*\.\d)",
    re.IGNORECASE,
)
"""A line that speaks of an error; ``error=0.12`` is a metric."""

TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
MARGIN = re.compile(r"^\s*[|+] ?")
"""What the traceback of an exception group draws at its left."""

USUAL = re.compile(r"\b(trace|debug|info|notice|warning)\b", re.IGNORECASE)
"""A line of a logger that speaks of no error."""

RECENT = 50
"""Last lines in which a line that speaks of an error is looked for."""


def last_words(lines: Sequence[str], last_error: str = "") -> str:
    """Return the last exception of a traceback, else the last line that speaks of an error.

    Without either it is ``last_error``, the line that was written last if that was to standard
    error, as of ``sys.exit("no data")``; a line of output is no reason. Empty where nothing tells.
    """
    spoken = [line for line in lines if line.strip()]
    telling = [line.strip() for line in spoken[-RECENT:] if ERROR.search(line)]
    return _exception(spoken) or (telling[-1] if telling else _reason(last_error.strip()))


def _reason(line: str) -> str:
    return "" if USUAL.search(line) or progress_of(line) else line


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
