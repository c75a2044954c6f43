"""Reads tables in files for somebody who watches how far that is, and may stop it."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlops_tui.domain.data.difference import TableDifference
from mlops_tui.domain.data.profile import TableProfile
from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.data.difference import compare_files
from mlops_tui.services.data.profile import profile_files
from mlops_tui.services.drift.tables import Progress
from mlops_tui.services.worker.calls import LONG, is_kept, may_take

PASSES_OF_PROFILE, PASSES_OF_DIFFERENCE = 2, 4
"""How often files are read from the beginning: for the columns, then for the rows."""

_SHARES: dict[str, float] = {}
"""How much of each reading is done that goes on in this process."""
_STOPPED: deque[str] = deque(maxlen=100)
"""The readings that were stopped last: one of them may be about to begin, or never will."""


@may_take(LONG)
def profile_watched(reading: str, word: str, folder: Path) -> TableProfile:
    """Do as ``profile_files`` does; ``reading`` is a new id, by which others ask about it."""
    with _watched(reading, PASSES_OF_PROFILE) as progress:
        return profile_files(word, folder, progress=progress)


@may_take(LONG)
def compare_watched(reading: str, before: str, after: str, folder: Path) -> TableDifference:
    """Do as ``compare_files`` does; ``reading`` is a new id, by which others ask about it."""
    with _watched(reading, PASSES_OF_DIFFERENCE) as progress:
        return compare_files(before, after, folder, progress=progress)


def share_read(reading: str) -> float:
    """Return how much of a reading is done, 0 to 1; 0 of one that has not begun or has ended."""
    return _SHARES.get(reading, 0.0)


@is_kept
def stop_reading(reading: str) -> None:
    """Let a reading fail at its next batch of rows; one that has not begun, when it begins."""
    _STOPPED.append(reading)


@contextmanager
def _watched(reading: str, passes: int) -> Iterator[Progress]:
    """Yield what is told the share of the present pass, which begins at 0 again each time."""
    _SHARES[reading] = 0.0
    ended, last = 0, 0.0

    def hear(share: float) -> None:
        nonlocal ended, last
        if reading in _STOPPED:
            raise ServiceError("The reading was stopped.")
        if share < last:
            ended += 1
        last = share
        _SHARES[reading] = min(1.0, (ended + share) / passes)

    try:
        hear(0.0)
        yield hear
    finally:
        del _SHARES[reading]
