"""Formats times, numbers and states for display."""

from collections.abc import Mapping
from math import floor, inf, isfinite, isnan, log10
from time import time
from typing import TYPE_CHECKING

from rich.text import Text

from mlops_tui.domain import moment
from mlops_tui.domain.metrics.metric_value import INFINITY
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import LAST_SIGN

if TYPE_CHECKING:
    from mlops_tui.domain.processes.process import ProcessRecord
    from mlops_tui.domain.runs.run import Run

UNKNOWN = "–"
"""Shown for an unknown time."""

MINUTE, HOUR, DAY, WEEK, YEAR = 60, 3_600, 86_400, 604_800, 31_557_600
"""In seconds."""

AGES = (
    (MINUTE, 1, "s"),
    (HOUR, MINUTE, "m"),
    (DAY, HOUR, "h"),
    (WEEK, DAY, "d"),
    (YEAR, WEEK, "w"),
)
"""Upper limit in seconds, divisor and unit of an age."""

SHORT = 10
"""A duration below this many seconds has tenths."""

LONG = 100 * DAY
"""A duration from this many seconds on has no hours."""

DIGITS = 4
"""Significant digits of a number with decimals."""

LONGEST, SMALLEST = 1e12, 1e-4
"""Numbers from ``LONGEST`` on, or below ``SMALLEST``, have an exponent."""

STATUSES: Mapping[str, tuple[str, str]] = {
    # runs and processes
    "scheduled": ("◌", "yellow"),
    "waiting": ("◌", "yellow"),
    "held": ("◫", "yellow"),
    "running": ("●", "cyan"),
    "stopping": ("◍", "yellow"),
    "elsewhere": ("◇", "yellow"),
    "settling": ("◍", "yellow"),
    "finished": ("✓", "green"),
    "failed": ("✗", "red"),
    "killed": ("■", "yellow"),
    "stopped": ("■", "yellow"),
    "ended": ("□", ""),
    "lost": ("?", "magenta"),
    # trials of a sweep
    "complete": ("✓", "green"),
    "pruned": ("✂", "yellow"),
    # servers
    "starting": ("◌", "yellow"),
    "ready": ("●", "green"),
    "no answer": ("?", "magenta"),
    # monitors
    "behind": ("◑", "yellow"),
    # gates of model versions
    "passed": ("✓", "green"),
    "overridden": ("!", "yellow"),
    "missing": ("○", "yellow"),
    "stale": ("○", "yellow"),
    # stages
    "none": ("·", ""),
    "staging": ("▲", "yellow"),
    "production": ("◆", "green"),
    "archived": ("▽", "dim"),
}
"""Symbol and colour of each state."""


def age(ms: int | None, now_ms: float | None = None) -> str:
    """Return how long ago a time was, in its largest unit: ``5m``."""
    if ms is None:
        return UNKNOWN
    seconds = moment.seconds_between(ms, time() * 1000 if now_ms is None else now_ms)
    if seconds is None:
        return UNKNOWN
    seconds = max(0.0, seconds)
    for below, divisor, unit in AGES:
        if seconds < below:
            return f"{seconds // divisor:.0f}{unit}"
    return f"{seconds // YEAR:.0f}y"


def duration(ms: float | None) -> str:
    """Return a duration in its two largest units: ``1h05m``."""
    seconds = inf if ms is None else max(0.0, moment.seconds(ms))
    if not isfinite(seconds):
        return UNKNOWN
    if seconds < MINUTE:
        return f"{seconds:.1f}s" if seconds < SHORT else f"{seconds:.0f}s"
    whole = round(seconds)
    if whole < HOUR:
        return f"{whole // MINUTE}m{whole % MINUTE:02}s"
    if whole < DAY:
        return f"{whole // HOUR}h{whole % HOUR // MINUTE:02}m"
    if whole < LONG:
        return f"{whole // DAY}d{whole % DAY // HOUR:02}h"
    return f"{whole // DAY}d"


def elapsed(started_ms: int | None, ended_ms: int | None, now_ms: float | None = None) -> str:
    """Return the duration from start to end, or to now without an end."""
    if started_ms is None:
        return UNKNOWN
    now = time() * 1000 if now_ms is None else now_ms
    length = moment.seconds_between(started_ms, now if ended_ms is None else ended_ms)
    return duration(None if length is None else length * 1000)


def took(run: "Run", now_ms: float | None = None) -> str:
    """Return the duration of a run, with ``~`` if its end is estimated."""
    sign = "~" if run.is_end_assumed else ""
    return f"{sign}{elapsed(run.started_at, run.ended_at, now_ms)}"


def job_time(job: "ProcessRecord") -> str:
    """Return how long a job has run, unknown if its end was not observed."""
    known = job.counted_until is not None or job.state.is_active
    return elapsed(job.counted_since if known else None, job.counted_until)


def took_in_words(run: "Run") -> str:
    """Return the duration of a run, in words if its end is estimated."""
    until = f" to its {LAST_SIGN}" if run.is_end_assumed else ""
    return f"{elapsed(run.started_at, run.ended_at)}{until}"


def timestamp(ms: float | None) -> str:
    """Return date and time in the local time zone, the number if it is out of range."""
    if ms is None:
        return UNKNOWN
    shown = moment.local(ms)
    return f"{shown:%Y-%m-%d %H:%M:%S}" if shown else _bare(ms)


def clock(ms: float) -> str:
    """Return the time of day in the local time zone, the number if it is out of range."""
    shown = moment.local(ms)
    return f"{shown:%H:%M:%S}" if shown else _bare(ms)


def _bare(ms: float) -> str:
    return str(ms) if isinstance(ms, int) else f"{ms:.17g}"


def number(value: float, room: int | None = None) -> str:
    """Return a number with four significant digits, or an integer as it is.

    It has fewer digits if it would be longer than ``room`` characters.
    """
    for digits in range(DIGITS, 0, -1):
        text = _rounded(value, digits)
        if room is None or len(text) <= room:
            break
    return text


def _rounded(value: float, digits: int) -> str:
    if isnan(value):
        return "NaN"
    if abs(value) >= INFINITY:
        return "inf" if value > 0 else "-inf"
    size = abs(value)
    if value == round(value) and size < LONGEST:
        return f"{value:.0f}"
    if not SMALLEST <= size < LONGEST:
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    rounded = f"{value:.{max(0, digits - 1 - floor(log10(size)))}f}"
    short = rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return short if float(short) == value else rounded


def bar(share: float, cells: int) -> str:
    """Return a bar of so many cells that is full for a share of 1."""
    full = int(min(1.0, max(0.0, share)) * cells)
    return "█" * full + "░" * (cells - full)


def plain(text: str, style: str = "") -> Text:
    """Return foreign text on one line, without markup and escape sequences."""
    return Text(one_line(text), style)


def status_cell(status: str) -> Text:
    """Return a cell with the state of a run, process or server, or with a stage."""
    if not status:
        return Text()
    symbol, style = STATUSES.get(status.lower(), ("•", ""))
    return plain(f"{symbol} {status}", style)


def silent_cell(silence_ms: float) -> Text:
    """Return a cell for a run that is RUNNING in MLflow but presumed dead."""
    return Text(f"? dead {age(0, silence_ms)}", STATUSES["lost"][1])
