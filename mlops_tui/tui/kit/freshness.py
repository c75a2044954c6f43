"""How old the data on a screen are, when to read them again."""

from time import monotonic

from mlops_tui.domain.errors import ServiceError

SLOWEST = 30.0
"""Seconds between tries when the store keeps failing."""

RESTING = 5
"""Intervals between two reads of what is expected to stay as it is."""

UNITS = ((3_600, "h"), (60, "min"))
"""Seconds of the units that are longer than one."""


class Freshness:
    """What became of the reads so far; times are seconds of a clock that only goes forward.

    After a failure the next try waits twice as long as the one before, up to ``SLOWEST``. ``what``
    names the data where they are not the store's, which may be dead while they are fresh.
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
        """Whether it is time to read."""
        return monotonic() >= self._due

    def hurry(self) -> None:
        """Let the next read be due at once."""
        self._due = 0.0

    def succeeded(self, *, rests: bool = False) -> None:
        """Note a read that brought data; what ``rests`` is read again more slowly."""
        self._failures, self._rests = 0, rests
        self._loaded_at = monotonic()
        self._due = self._loaded_at + RESTING * self._interval if rests else 0.0

    def failed(self, error: ServiceError) -> None:
        """Note a read that brought none, and why."""
        self._failures += 1
        self._reason = error.word
        self._due = monotonic() + min(self._interval * 2**self._failures, SLOWEST)

    def word(self, loading: str) -> str:
        """Return the word for the status bar; ``loading`` stands there before the first data."""
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
