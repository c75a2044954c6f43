"""The performance of a model over the chunks of its monitor, as a chart."""

from collections.abc import Iterable

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.monitoring.chunk_curves import draw_performance
from mlops_tui.tui.monitoring.monitoring_keys import PERFORMANCE_DIALOG
from mlops_tui.tui.monitoring.verdict_text import (
    chunk_line,
    gap_line,
    performance_lines,
    remark_lines,
)

LEGEND = "Estimated: from the model's probabilities (CBPE); it cannot see concept drift."


class PerformanceDialog(Dialog[None]):
    """Realised and estimated metric with their intervals, and the band that is usual."""

    BINDINGS = bindings(PERFORMANCE_DIALOG)
    HAS_EQUIVALENT = False
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    PerformanceDialog {
        #box { width: 100%; max-width: 120; }
        #box Chart { height: 10; }
        #words { height: auto; margin-top: 1; }
    }
    """

    def __init__(self, standing: MonitorStanding, chunk: ChunkResult) -> None:
        super().__init__(f"Performance of {standing.plan.watched}")
        self._standing = standing
        self._chunk = chunk

    def compose_body(self) -> Iterable[Widget]:
        """Put the chart above what is known of the chunk."""
        yield Chart(self._chunk.metric or "performance")
        chunk = self._chunk
        words = [chunk_line(chunk), *performance_lines(chunk), gap_line(chunk), Text(LEGEND, "dim")]
        words += remark_lines(self._standing)
        yield Static(Text("\n").join(each for each in words if each.plain), id="words")

    def on_mount(self) -> None:
        """Draw the curves."""
        draw_performance(self.query_one(Chart), self._standing.chunks, self._chunk.number)
