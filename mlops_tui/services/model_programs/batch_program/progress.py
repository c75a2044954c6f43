"""How far a job is, as a line that is drawn over itself."""

import sys
import time

EVERY = 2.0
"""Seconds between two lines."""
BAR = 20
PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


class Progress:
    """Tells rows per second and the time that is left, in the form of tqdm's bar."""

    def __init__(self, unit: str) -> None:
        self._label = f"Scoring {unit}"
        self._begun = self._shown = time.monotonic()
        self._first: int | None = None

    def show(self, done: int, total: int, rows: int) -> None:
        """Draw the line, unless it was drawn just now; ``rows`` were scored in this process."""
        now = time.monotonic()
        if self._first is None:
            self._first = done
        if now - self._shown < EVERY or not total:
            return
        self._shown = now
        sys.stdout.write(
            f"\r{self._label}: {bar(done, total, self._first, rows, now - self._begun)}"
        )
        sys.stdout.flush()

    def end(self) -> None:
        """Go to the next line if one was drawn."""
        if self._shown > self._begun:
            sys.stdout.write("\n")


def bar(done: int, total: int, before: int, rows: int, taken: float) -> str:
    """Return how much is done, in which time, and how long the rest will take.

    What was done ``before`` took no time of this process.
    """
    share = min(1.0, done / total)
    full = int(share * BAR)
    left = clock(taken * max(0, total - done) / (done - before)) if done > before else "?"
    rate = counted(int(rows / taken)) if taken else "?"
    counts = f"{counted(min(done, total))}/{counted(total)}"
    times = f"[{clock(taken)}<{left}, {rate} rows/s]"
    return f"{share:4.0%}|{'█' * full}{' ' * (BAR - full)}| {counts} {times}"


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds, with hours where there are some."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def counted(count: int) -> str:
    """Return a count in at most four digits."""
    for size, sign in PREFIXES:
        if count >= size:
            share = count / size
            return f"{share:.0f}{sign}" if share >= 99.5 else f"{share:.3g}{sign}"  # noqa: PLR2004 - three digits
    return str(count)
