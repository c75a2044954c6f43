"""Foreign numbers as times: the one place where they become dates."""

from datetime import UTC, datetime
from math import inf, isfinite


def utc(ms: float) -> datetime | None:
    """Return a time since the epoch in UTC, None where no calendar has it."""
    try:
        return datetime.fromtimestamp(ms / 1000, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None


def local(ms: float) -> datetime | None:
    """Return a time since the epoch on the person's own clock, None where no calendar has it."""
    moment = utc(ms)
    try:
        return moment and moment.astimezone()
    except (OverflowError, OSError, ValueError):  # on the first or last day of the calendar
        return None


def seconds(ms: float) -> float:
    """Return milliseconds in seconds, infinite where a float holds no more."""
    try:
        return ms / 1000
    except OverflowError:
        return inf if ms > 0 else -inf


def seconds_between(start_ms: float, end_ms: float) -> float | None:
    """Return how long it is from one time to another, None where that is no number."""
    length = seconds(end_ms) - seconds(start_ms)
    return length if isfinite(length) else None
