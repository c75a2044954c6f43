"""What tells runs apart on charts."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlops_tui.tui.charts.series import MARKS

STYLES = (
    *("cyan", "yellow", "green", "magenta", "bright_blue", "red"),
    *("bright_cyan", "bright_yellow", "bright_green", "bright_magenta"),
)
"""A colour for each mark."""


@dataclass(frozen=True, slots=True)
class ChartedRun:
    """A run as charts know it: its colour with its mark stay, whatever else is shown."""

    run_id: str
    name: str
    is_running: bool
    style: str = STYLES[0]
    mark: str = MARKS[0]


def charted(runs: Iterable[tuple[str, str, bool]]) -> tuple[ChartedRun, ...]:
    """Return the runs, given as id, name, whether they run, with a look of their own each."""
    return tuple(
        ChartedRun(*run, STYLES[place % len(STYLES)], MARKS[place % len(MARKS)])
        for place, run in enumerate(runs)
    )
