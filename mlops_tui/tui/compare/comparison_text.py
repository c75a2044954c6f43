"""Legend and summary of compared runs."""

from rich.text import Text

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.tui.charts.run_style import RunStyle
from mlops_tui.tui.compare.comparison_table import ComparisonTable
from mlops_tui.tui.kit.formatting import plain

OVERLAID = 10
"""Runs whose curves are drawn over each other: as many as there are marks."""

DRAWN = {"curves-tab": OVERLAID, "parallel-tab": 100}
"""Runs that are drawn at most, by tab: more lines make a surface, and take long."""

BAD_ENDS = {RunStatus.KILLED, RunStatus.FAILED}

LEGEND = 40
"""Characters of a run's name beside its mark: one must not push the others out of sight."""


def summary(compared: ComparisonTable, requested: int, tab: str) -> str:
    """Return how many of the requested runs are compared, and how many a tab draws."""
    count = len(compared.runs)
    drawn = DRAWN.get(tab, count)
    parts = [compared.summary()]
    parts += [f"{requested - count} gone"] if count < requested else []
    parts += [f"drawn: the first {drawn:,} of {count:,}"] if drawn < count else []
    return " · ".join(parts)


def legend(compared: ComparisonTable) -> Text:
    """Return the marks with the names of the runs that are drawn, how they ended if badly."""
    named = [
        plain(_named(style, compared.run(style.run_id).status), style.colour)
        for style in compared.styles[:OVERLAID]
    ]
    return Text("  ").join(named)


def _named(style: RunStyle, status: RunStatus) -> str:
    ended = f" ({status})" if status in BAD_ENDS else ""
    return f"{style.mark} {one_line(style.name, LEGEND)}{ended}"
