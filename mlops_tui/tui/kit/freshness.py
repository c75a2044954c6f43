"""Tracks how old the data on a screen are and when to read them again."""

from time import monotonic

from mlops_tui.domain.errors import ServiceError

SLOWEST = 30.0
"""The longest pause in seconds between reads that fail."""

RESTING = 5
"""Refresh intervals between two reads of data that are not expected to change."""

UNITS = ((3_600, "h"), (60, "min"))
"""Units of an age with their length in seconds."""


class Freshness:
    """The outcome of the reads so far; times are seconds of the monotonic clock.

    After each failure the pause doubles, up to ``SLOWEST``. ``what`` names data that do not come
    from the store, which may be down while they are fresh.
    """

    def __init__(self, interval: float, what: str = "") -> None:
        self._interval = interval
        self._what = f"{what} " if what else ""
        self._failures = 0
        self._reason = ServiceError.word
        self._due = 0.0
        self._rests = False
        self._loaded_at: float | None = None

    @property
    def is_due(self) -> bool:
        """Whether the next read is due."""
        return monotonic() >= self._due

    @property
    def has_failed(self) -> bool:
        """Whether the last read failed."""
        return self._failures > 0

    def hurry(self) -> None:
        """Make the next read due now."""
        self._due = 0.0

    def succeeded(self, *, rests: bool = False) -> None:
        """Record a successful read; data that ``rests`` are read less often."""
        self._failures, self._rests = 0, rests
        self._loaded_at = monotonic()
        self._due = self._loaded_at + RESTING * self._interval if rests else 0.0

    def failed(self, error: ServiceError) -> None:
        """Record a failed read and its reason."""
        self._failures += 1
        self._reason = error.word
        self._due = monotonic() + min(self._interval * 2**self._failures, SLOWEST)

    def word(self, loading: str) -> str:
        """Return the text for the status bar; ``loading`` is used before the first data."""
        if self._loaded_at is None:
            return f"✗ {self._reason}" if self._failures else loading
        age = monotonic() - self._loaded_at
        if self._failures:
            reason = "" if self._reason == ServiceError.word else f"{self._reason}, "
            return f"✗ {reason}{self._what}{_last_update(age)}"
        is_live = not self._rests and age < 2 * self._interval + 1
        return self._what + ("live" if is_live else _last_update(age))


def _last_update(seconds: float) -> str:
    """Return how long ago the data were read, in its largest unit."""
    for length, unit in UNITS:
        if seconds >= length:
            return f"last update {seconds // length:.0f} {unit} ago"
    return f"last update {seconds:.0f} s ago"
