"""The metrics of a run: charts of those that have a history, the others as values."""

from typing import Unpack

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mlops_tui.domain.matching import matches
from mlops_tui.domain.metrics.metric import is_system
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.charts.run_style import run_styles
from mlops_tui.tui.kit.formatting import number, plain
from mlops_tui.tui.kit.line_widget import WidgetPlace


class MetricCharts(Vertical):
    """The metrics of one run, or those of its machine."""

    DEFAULT_CSS = """
    MetricCharts > Static { height: auto; max-height: 4; }
    MetricCharts.-no-curve > Static { max-height: 100%; }
    MetricCharts.-no-curve > ChartGrid { height: 1; }
    """

    def __init__(self, *, of_system: bool = False, **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self._of_system = of_system
        self._values: dict[str, float] = {}
        self._words = ""

    def compose(self) -> ComposeResult:
        """Put the values above the charts."""
        yield Static("reading…", id="values", markup=False)
        yield ChartGrid()

    async def load(self, run: Run, *, anew: bool = False) -> None:
        """Show the run's metrics, reading their histories; raises ``ServiceError``."""
        metrics = sorted(run.metrics.items())
        self._values = {k: v for k, v in metrics if is_system(k) is self._of_system}
        runs = run_styles([(run.run_id, run.name, run.status is RunStatus.RUNNING)])
        self._show_values()
        await self.query_one(ChartGrid).load(runs, self._keys(), anew=anew)
        self._show_values()

    def filter(self, words: str) -> None:
        """Show only the metrics whose names match."""
        self._words = words
        self.query_one(ChartGrid).show_keys(self._keys())
        self._show_values()

    def copyable(self) -> str:
        """Return the point under the cursor."""
        return self.query_one(ChartGrid).copyable()

    def _keys(self) -> list[str]:
        return [key for key in self._values if matches(self._words, (key,))]

    @on(ChartGrid.Read)
    def _show_values(self) -> None:
        grid = self.query_one(ChartGrid)
        single = [key for key in self._keys() if grid.has_curve(key) is False]
        text = Text("  ").join(
            Text.assemble(plain(key, "dim"), " ", number(self._values[key])) for key in single
        )
        static = self.query_one("#values", Static)
        static.update(text if self._values else Text("This run has no metrics of its own.", "dim"))
        static.display = bool(single) or not self._values
