"""Runs as points on a chart."""

from collections.abc import Sequence

from mlops_tui.domain.compare.comparison import Kind, Trait, trait_label
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.run_look import ChartedRun
from mlops_tui.tui.charts.scatter import points, relation
from mlops_tui.tui.kit.formatting import plain

NAMED = 60
"""Characters of a name in the title: a long one must not push the rest out of sight."""


class ScatterChart(Chart, can_focus=True):
    """A trait across, a metric up.

    It takes the focus though it has no keys: a tab without any loses it to the first tab.
    """

    def show(
        self, runs: Sequence[Run], looks: Sequence[ChartedRun], across: Trait | None, metric: str
    ) -> None:
        """Show a point per run that has both."""
        up = trait_label(Trait(Kind.METRIC, metric), runs)
        beside = trait_label(across, runs) if across else "?"
        self.entitle(f"{one_line(up, NAMED)} by {one_line(beside, NAMED)}")
        if across is None:
            self.say("No param tells these runs apart; X chooses something else.")
            return
        shown = points(runs, looks, across, metric)
        said = [(f"  {relation(runs, across, shown)}", "")]
        self.plot(shown, Frame(plain(beside).plain), reading=said)
