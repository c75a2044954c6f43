"""Numbers, lengths of time, moments as people type them."""

import re
from datetime import datetime, time, timedelta
from math import isnan

UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "y": 31_557_600}
"""Seconds."""

DAYS = {"today": 0, "yesterday": 1}
"""Days before the one that it is."""

LATEST = 2.0**63 / 1000
"""Seconds since the epoch; a store keeps milliseconds in 64 bits."""

SPAN = re.compile(r"(?:\d+(?:\.\d*)?[smhdwy])+", re.IGNORECASE)
PART = re.compile(r"(\d+(?:\.\d*)?)([smhdwy])", re.IGNORECASE)


def number(text: str) -> float | None:
    """Return the number that a text is, None where it is none."""
    try:
        return float(text)
    except ValueError:
        return None


def seconds(text: str) -> float | None:
    """Return the length of ``90s``, ``2h30m`` or ``1.5d``, None where the text is none."""
    if not SPAN.fullmatch(text):
        return None
    return sum(float(count) * UNITS[unit.lower()] for count, unit in PART.findall(text))


def moment(text: str, now: float) -> float | None:
    """Return the seconds since the epoch of a date, of MLflow's milliseconds, or of a time ago.

    ``-7d`` and ``7d`` are both a week ago, ``today`` and ``yesterday`` begin at midnight. A date
    without a zone is meant as the person's own clock shows it.
    """
    try:
        found = _moment(text, now)
    except (ValueError, OverflowError, OSError):
        return None
    return found if abs(found) < LATEST else None


def _moment(text: str, now: float) -> float:
    if (days := DAYS.get(text.lower())) is not None:
        today = datetime.combine(datetime.fromtimestamp(now).date(), time.min)  # noqa: DTZ006 - the person's own day
        return (today - timedelta(days)).timestamp()
    ago = seconds(text.removeprefix("-"))
    if ago is not None:
        return now - min(ago, LATEST / 2)
    if text.isdecimal() and len(text) > len("20261231"):
        return int(text) / 1000
    return datetime.fromisoformat(text).timestamp()


def same(found: float, wanted: float) -> bool:
    """Return whether two numbers are one, but for what binary fractions lose."""
    if isnan(wanted):
        return isnan(found)
    return found == wanted or abs(found - wanted) <= TOLERANCE * abs(wanted)


TOLERANCE = 1e-9
