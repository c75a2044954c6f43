"""What tells runs apart on charts."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlops_tui.tui.charts.series import MARKS

COLOURS = (
    *("cyan", "yellow", "green", "magenta", "bright_blue", "red"),
    *("bright_cyan", "bright_yellow", "bright_green", "bright_magenta"),
)
"""A colour for each mark."""


@dataclass(frozen=True, slots=True)
class RunStyle:
    """A run with its colour and its mark, which stay whatever else is shown."""

    run_id: str
    name: str
    is_running: bool
    colour: str = COLOURS[0]
    mark: str = MARKS[0]


def run_styles(runs: Iterable[tuple[str, str, bool]]) -> tuple[RunStyle, ...]:
    """Return a style for each run; a run is its id, its name and whether it is running."""
    return tuple(
        RunStyle(*run, COLOURS[index % len(COLOURS)], MARKS[index % len(MARKS)])
        for index, run in enumerate(runs)
    )
