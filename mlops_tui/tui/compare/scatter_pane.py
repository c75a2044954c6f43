"""Runs as points: a param or metric across, a metric up."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from mlops_tui.domain.compare.comparison import Kind, Trait, trait_label
from mlops_tui.domain.compare.rank_correlation import spearman
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.run_style import RunStyle
from mlops_tui.tui.charts.series import Series
from mlops_tui.tui.kit.formatting import number, plain

NAMED = 60
"""Characters of a name in the title: a long one must not push the rest out of sight."""

RHO = "ρ"  # noqa: RUF001 - the sign for a rank correlation


class ScatterPane(Vertical, can_focus=True):
    """The chart of all runs that have both values.

    It takes the focus though it has no keys: a tab without focus loses it to the first tab.
    """

    def compose(self) -> ComposeResult:
        """Show the chart alone."""
        yield Chart()

    def show(
        self, runs: Sequence[Run], styles: Sequence[RunStyle], across: Trait | None, metric: str
    ) -> None:
        """Show other runs, or another param or metric."""
        chart = self.query_one(Chart)
        y_label = trait_label(Trait(Kind.METRIC, metric), runs)
        x_label = trait_label(across, runs) if across else "?"
        chart.set_title(f"{one_line(y_label, NAMED)} by {one_line(x_label, NAMED)}")
        if across is None:
            chart.say("No param tells these runs apart; X chooses something else.")
            return
        shown = points(runs, styles, across, metric)
        readout = [(f"  {relation(runs, across, shown)}", "")]
        chart.plot(shown, Frame(plain(x_label).plain), readout=readout)


def points(
    runs: Sequence[Run], styles: Sequence[RunStyle], across: Trait, metric: str
) -> list[Series]:
    """Return a point per run that has both; words are placed at 0, 1, 2… in order of name."""
    up, positions = Trait(Kind.METRIC, metric), _positions(runs, across)
    shown = []
    for run, style in zip(runs, styles, strict=True):
        value = across.of(run)
        x = positions.get(str(value)) if positions and value is not None else across.number(run)
        y = up.number(run)
        if x is not None and y is not None:
            shown.append(Series(run.name, [x], [y], style.colour, style.mark))
    return shown


def relation(runs: Sequence[Run], across: Trait, shown: Sequence[Series]) -> str:
    """Return how closely the points follow each other, or the position of each word."""
    missing = len(runs) - len(shown)
    parts = [f"n={len(shown)}", *([f"{missing} without a value"] if missing else [])]
    if positions := _positions(runs, across):
        named = (f"{x:g}={one_line(word, 20)}" for word, x in positions.items())
        return ", ".join([*parts, *named])
    rho = spearman([each.xs[0] for each in shown], [each.ys[0] for each in shown])
    return ", ".join([*parts, f"{RHO}={number(rho)}"] if rho is not None else parts)


def _positions(runs: Sequence[Run], across: Trait) -> dict[str, float]:
    """Return the position of each word; none when all the values are numbers."""
    having = [run for run in runs if across.of(run) is not None]
    if all(across.number(run) is not None for run in having):
        return {}
    words = sorted({str(across.of(run)) for run in having})
    return {word: float(index) for index, word in enumerate(words)}
