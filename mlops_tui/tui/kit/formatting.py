"""How values read in a cell."""

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

UNKNOWN = "–"  # noqa: RUF001 - the sign for a value that is not there
"""What stands for a time that is not known."""

MINUTE, HOUR, DAY, WEEK, YEAR = 60, 3_600, 86_400, 604_800, 31_557_600
"""In seconds."""

AGES = (
    (MINUTE, 1, "s"),
    (HOUR, MINUTE, "m"),
    (DAY, HOUR, "h"),
    (WEEK, DAY, "d"),
    (YEAR, WEEK, "w"),
)
"""An age below the first is divided by the second, in this unit."""

SHORT = 10
"""Seconds below which tenths are shown."""

LONG = 100 * DAY
"""Seconds from which hours are not shown."""

DIGITS = 4
"""Significant digits of a number that is not whole."""

LONGEST, SMALLEST = 1e12, 1e-4
"""Numbers beyond these are written with an exponent."""

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
    # stages
    "none": ("·", ""),
    "staging": ("▲", "yellow"),
    "production": ("◆", "green"),
    "archived": ("▽", "dim"),
}
"""Symbol with colour of each state; the word beside it says the same."""


def age(ms: int | None, now_ms: float | None = None) -> str:
    """Return how long ago a time was, in its largest unit."""
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
    """Return a length of time in its two largest units."""
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
    """Return how long something has taken, until now where it has not ended."""
    if started_ms is None:
        return UNKNOWN
    now = time() * 1000 if now_ms is None else now_ms
    length = moment.seconds_between(started_ms, now if ended_ms is None else ended_ms)
    return duration(None if length is None else length * 1000)


def took(run: "Run", now_ms: float | None = None) -> str:
    """Return how long a run has taken, marked where its end is no more than assumed."""
    sign = "~" if run.is_end_assumed else ""
    return f"{sign}{elapsed(run.started_at, run.ended_at, now_ms)}"


def job_time(job: "ProcessRecord") -> str:
    """Return how long a job has run; nothing is known of one that nobody saw end."""
    known = job.counted_until is not None or job.state.is_active
    return elapsed(job.counted_since if known else None, job.counted_until)


def took_in_words(run: "Run") -> str:
    """Return the same where there is room for words."""
    until = f" to its {LAST_SIGN}" if run.is_end_assumed else ""
    return f"{elapsed(run.started_at, run.ended_at)}{until}"


def timestamp(ms: float | None) -> str:
    """Return a time as the person's own clock showed it, the number where no calendar has it."""
    if ms is None:
        return UNKNOWN
    shown = moment.local(ms)
    return f"{shown:%Y-%m-%d %H:%M:%S}" if shown else _bare(ms)


def clock(ms: float) -> str:
    """Return the time of day as the person's own clock showed it, else the number."""
    shown = moment.local(ms)
    return f"{shown:%H:%M:%S}" if shown else _bare(ms)


def _bare(ms: float) -> str:
    return str(ms) if isinstance(ms, int) else f"{ms:.17g}"


def number(value: float, room: int | None = None) -> str:
    """Return a number with four significant digits; whole ones as they are.

    Where that takes more than ``room`` characters, the digits are fewer.
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


def run_count(count: int) -> str:
    """Return how many runs there are, in words."""
    return "1 run" if count == 1 else f"{count:,} runs"


def plain(text: str, style: str = "") -> Text:
    """Return foreign text made harmless: one line, no markup."""
    return Text(one_line(text), style)


def status_cell(status: str) -> Text:
    """Return the state of a run, process or server, or a stage: symbol, word, colour."""
    if not status:
        return Text()
    symbol, style = STATUSES.get(status.lower(), ("•", ""))
    return plain(f"{symbol} {status}", style)


def silent_cell(silence_ms: float) -> Text:
    """Return the state of a run that says RUNNING, but is presumed dead."""
    return Text(f"? dead {age(0, silence_ms)}", STATUSES["lost"][1])
