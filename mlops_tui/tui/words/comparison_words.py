"""What is said of compared runs."""

from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.charts.run_look import ChartedRun
from mlops_tui.tui.lists.comparison_list import ComparisonList
from mlops_tui.tui.words.formatting import plain

OVERLAID = 10
"""Runs whose curves are drawn over each other: as many as there are marks."""

DRAWN = {"curves-tab": OVERLAID, "parallel-tab": 100}
"""Runs that are drawn at most, by tab: more lines make a surface, and take long."""

LEGEND = 40
"""Characters of a run's name beside its mark: one must not push the others out of sight."""


def summary(compared: ComparisonList, asked: int, tab: str) -> str:
    """Say how many of the runs that were ``asked`` for are compared, how many a tab draws."""
    count = len(compared.runs)
    drawn = DRAWN.get(tab, count)
    parts = [compared.summary()]
    parts += [f"{asked - count} gone"] if count < asked else []
    parts += [f"drawn: the first {drawn:,} of {count:,}"] if drawn < count else []
    return " · ".join(parts)


def legend(looks: Sequence[ChartedRun]) -> Text:
    """Return the marks with the names of the runs whose curves are drawn."""
    return Text("  ").join(
        plain(f"{look.mark} {one_line(look.name, LEGEND)}", look.style) for look in looks[:OVERLAID]
    )
