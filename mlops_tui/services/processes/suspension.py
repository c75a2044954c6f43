"""How long this process was suspended, as Slurm does with a job: its own loop stood still."""

import signal
import time

LEAST = 1.0
"""Seconds; a shorter gap is that of a busy machine. Slurm sends SIGCONT before SIGTERM, too."""

_beat: list[float] = []
"""When the loop last went round."""
_gaps: list[float] = []
"""The seconds of each suspension."""


def notice() -> None:
    """Count the gap of the loop before each SIGCONT from now on."""
    signal.signal(signal.SIGCONT, lambda *_: _resumed())


def beat() -> None:
    """Say that the loop goes round."""
    _beat[:] = [time.monotonic()]


def milliseconds() -> int:
    """Return for how long this process was suspended until now."""
    return round(sum(_gaps) * 1000)


def _resumed() -> None:
    now = time.monotonic()
    gap = now - _beat[0] if _beat else 0.0
    if gap >= LEAST:
        _gaps.append(gap)
        beat()
