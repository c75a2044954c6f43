"""When a schedule such as "sunday 03:00" is due; all times are UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAILY = "day"
SCHEDULE = re.compile(rf"({'|'.join((DAILY, *WEEKDAYS))})(?: +([01]\d|2[0-3]):([0-5]\d))?")
DAY = 86_400_000
"""Milliseconds."""
FORM = 'a weekday or "day", with a time of UTC if any: "sunday 03:00"'


@dataclass(frozen=True, slots=True)
class Schedule:
    """A time of each day, or of one day of each week."""

    day: str
    """A weekday, or ``DAILY``."""
    hour: int = 0
    minute: int = 0

    @property
    def text(self) -> str:
        """The schedule as ``parse_schedule`` reads it."""
        return f"{self.day} {self.hour:02}:{self.minute:02}"

    def last_due(self, now: int) -> int:
        """Return when it was due last, at or before ``now``; both are ms since the epoch."""
        moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=_usual(now))
        due = moment.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        if due > moment:
            due -= timedelta(days=1)
        if self.day != DAILY:
            due -= timedelta(days=(due.weekday() - WEEKDAYS.index(self.day)) % 7)
        return round(due.timestamp() * 1000)

    @property
    def period(self) -> int:
        """Milliseconds from one time that it is due to the next."""
        return DAY if self.day == DAILY else 7 * DAY


def parse_schedule(text: str) -> Schedule:
    """Return the schedule that a text means. Raises ``ValueError`` with what it has to be."""
    found = SCHEDULE.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"must be {FORM}")
    return Schedule(found[1], int(found[2] or 0), int(found[3] or 0))


def _usual(now: int) -> int:
    """Return a time that a calendar knows: clocks of others may say anything."""
    return min(max(now, 7 * DAY), 2_900_000 * DAY)
