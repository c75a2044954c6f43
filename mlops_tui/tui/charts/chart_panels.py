"""The charts of a page, beside and above each other."""

from textual.app import ComposeResult
from textual.containers import Grid
from textual.widget import Widget

from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.charts.chart_data import ChartData
from mlops_tui.tui.charts.chart_page import LAYOUTS, ChartPage
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.readout import readout, reduction_text


class ChartPanels(Grid):
    """As many charts as there is room for."""

    DEFAULT_CSS = "ChartPanels { height: 1fr; grid-gutter: 0 1; }"

    def compose(self) -> ComposeResult:
        """Make the most charts that a page has; those without a metric are not displayed."""
        yield from (Chart() for _ in range(LAYOUTS[0]))

    def keys_in_view(self, page: ChartPage) -> tuple[str, ...]:
        """Return the metrics of the charts in view."""
        return page.in_view(self.capacity(page))

    def capacity(self, page: ChartPage) -> int:
        """Return how many charts fit."""
        columns, rows = page.grid(*self.size)
        return columns * rows

    def key_of(self, widget: Widget, page: ChartPage) -> str:
        """Return the metric of a chart, empty where the widget is no chart of these."""
        charts = list(self.query(Chart))
        if not isinstance(widget, Chart) or widget not in charts:
            return ""
        return self.keys_in_view(page)[charts.index(widget)]

    def show(self, page: ChartPage, data: ChartData, view: ChartView) -> None:
        """Draw the charts of a page as far as their histories are read."""
        columns, rows = page.grid(*self.size)
        self.styles.grid_size_columns, self.styles.grid_size_rows = columns, rows
        keys = self.keys_in_view(page)
        for index, chart in enumerate(self.query(Chart)):
            chart.display = index < len(keys)
            if chart.display:
                is_chosen = keys[index] == page.chosen and len(keys) > 1
                chart.set_title(keys[index], is_chosen=is_chosen)
                _show_metric(chart, keys[index], data, view)


def _show_metric(chart: Chart, key: str, data: ChartData, view: ChartView) -> None:
    traces = data.traces(key, view)
    if not traces:
        chart.say("reading…" if data.has_curve(key) is None else "Nothing to draw.")
        return
    chart.plot(
        [series for trace in traces for series in trace.series()],
        Frame(view.x_axis, view.x_axis, view.is_log, view.hides_outliers, view.limits),
        note=reduction_text(data.histories(key)),
        readout=readout(traces, view),
        cursor=view.cursor,
    )
