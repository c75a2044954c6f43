"""How far a job is, in words."""

from mlops_tui.domain.logs.progress import Progress
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.formatting import duration, number

BAR = 10
"""Cells of the bar."""


def progress_words(progress: Progress) -> str:
    """Return bar, share, count, rate and time left, on one line."""
    full = int(progress.share * BAR)
    words = [
        "█" * full + "░" * (BAR - full),
        f"{progress.share:.0%}",
        f"{number(progress.done)}/{number(progress.total)}",
        progress.rate,
        f"{duration(progress.seconds_left * 1000)} left" if progress.seconds_left else "",
        progress.label,
    ]
    return one_line("  ".join(filter(None, words)), 120)
