"""Runs beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import TabbedContent, TabPane

from mlops_tui.domain.compare.comparison import Kind, Trait, metric_keys, traits
from mlops_tui.domain.compare.comparison_export import as_markdown
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.experiments.first_columns import varying_params
from mlops_tui.domain.matching import matches
from mlops_tui.services.compare.run_importance import ViewedRuns
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.compare.compare_keys import COMPARE
from mlops_tui.tui.compare.comparison_file import export
from mlops_tui.tui.compare.comparison_list import ComparisonList, known_again, looks_of
from mlops_tui.tui.compare.comparison_reading import read_compared, read_importance
from mlops_tui.tui.compare.comparison_text import DRAWN, OVERLAID, legend, summary
from mlops_tui.tui.compare.importance_text import importance_text
from mlops_tui.tui.compare.parallel_chart import ParallelChart, upright
from mlops_tui.tui.compare.scatter_pane import ScatterPane
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.formatting import plain, run_count
from mlops_tui.tui.kit.freshness import RESTING
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.row_painter import GUTTER
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.tabbed_screen import TabbedScreen
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.kit.workers import is_working

if TYPE_CHECKING:
    from mlops_tui.domain.runs.run import Run

DRAWABLE = (Kind.PARAM, Kind.METRIC)


def why_no_chart(key: str) -> str:
    """Return why the row of a trait cannot be opened; nothing where it can."""
    kind = Kind(key.partition(":")[0])
    return "" if kind in DRAWABLE else "Only metrics and params have a chart."


class CompareScreen(TabbedScreen):
    """Some runs: table, curves, scatter, parallel coordinates, what matters."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS})
    BINDINGS = bindings(COMPARE)
    AUTO_FOCUS = FILTERED = "#comparison"
    HELP = "Tabs with [ and ]; M chooses the metric, X what lies across; w writes a file."

    def __init__(
        self, run_ids: Sequence[str], metric: str = "", viewed: ViewedRuns | None = None
    ) -> None:
        super().__init__()
        self.run_ids = tuple(run_ids)
        self.viewed = viewed
        self.compared = ComparisonList()
        self.metric = metric
        self.across: Trait | None = None
        self._is_asked = True
        self._has_read = False
        self._ended_due = 0.0
        self._estimated: tuple[str, tuple[Run, ...]] | None = None
        """The metric and the runs for which it was estimated what the metric depends on."""

    def compose_body(self) -> Iterable[Widget]:
        """Make a tab for each look."""
        with TabbedContent():
            with TabPane("Table", id="table-tab"):
                table = Table(id="comparison", frozen=2)
                table.why_closed = why_no_chart
                yield table
            with TabPane("Curves", id="curves-tab"):
                yield ChartGrid()
            with TabPane("Scatter", id="scatter-tab"):
                yield ScatterPane()
            with TabPane("Parallel", id="parallel-tab"):
                yield ParallelChart()
            with TabPane("Importance", id="importance-tab"), VerticalScroll():
                yield SteadyText(id="importance")
        yield SteadyText(id="legend")
        yield FilterBar()
        yield SteadyText(id="summary")

    @property
    def rests(self) -> bool:
        """Whether all the runs have ended."""
        return not any(look.is_running for look in self.compared.looks)

    async def load(self) -> None:
        """Read the runs anew: those that have ended more slowly."""
        anew, self._is_asked = self._is_asked, False
        self.query_one("#summary", SteadyText).update(self._summary())
        is_due = self.rests or monotonic() > self._ended_due
        known = self.compared.runs
        runs = await read_compared(self, self.run_ids, () if anew or is_due else known)
        if anew or is_due:
            self._ended_due = monotonic() + RESTING * self.shell.settings.refresh_interval
        self._has_read = True
        if anew or runs != known:
            looks = looks_of(self.run_ids, runs)
            self.compared = replace(known_again(self.compared, runs), looks=looks)
            self.show_filtered()
        looks = self.compared.looks[:OVERLAID]
        await self.query_one(ChartGrid).load(looks, self._keys(), anew=anew)

    def action_refresh_data(self) -> None:
        """Read everything anew."""
        self._is_asked, self._estimated = True, None
        super().action_refresh_data()

    def _keys(self) -> list[str]:
        return [key for key in metric_keys(self.compared.runs) if matches(self.words, (key,))]

    def _nothing(self) -> str:
        """Return why no row is shown."""
        if not self._has_read:
            return "reading…"
        if self.words:
            return "No row matches the filter."
        return "Nothing differs." if self.compared.only_differences else "Nothing to compare."

    def show_filtered(self) -> None:
        """Show what passes the filter, in every tab."""
        table = self.query_one("#comparison", Table)
        width = table.size.width - GUTTER - 1
        self.compared = replace(self.compared, words=self.words, width=width)
        known = {str(trait): trait for trait in self.compared.shown}
        table.say(self._nothing())
        cell, columns = self.compared.cell, self.compared.columns()
        table.show(list(known), lambda key, column: cell(known[key], column), columns)
        self.query_one("#legend", SteadyText).update(legend(self.compared))
        self.query_one(ChartGrid).show_keys(self._keys())
        self._show_relations()

    @on(TabbedContent.TabActivated)
    def _show_relations(self) -> None:
        """Show the tab in view, where it relates a metric to the params."""
        compared, looks = self.compared.runs, self.compared.looks
        metrics = metric_keys(compared)
        if metrics and self.metric not in metrics:
            self.metric = metrics[0]
        params = [Trait(Kind.PARAM, key) for key in varying_params(compared)]
        if self.across is None:
            self.across = next(iter(params), None)
        if self.active_tab == "scatter-tab":
            self.query_one(ScatterPane).show(compared, looks, self.across, self.metric)
        elif self.active_tab == "parallel-tab":
            most = DRAWN["parallel-tab"]
            drawn = compared[:most]
            axes = [upright(each, drawn) for each in (*params, Trait(Kind.METRIC, self.metric))]
            shown = axes if params and self.metric else ()
            self.query_one(ParallelChart).show(shown, looks[:most])
        elif self.active_tab == "importance-tab" and not is_working(self, "importance"):
            self._show_importance()
        self.query_one("#summary", SteadyText).update(self._summary())

    @work(group="importance")
    async def _show_importance(self) -> None:
        """Estimate what the metric depends on, again where something changed meanwhile."""
        pane = self.query_one("#importance", SteadyText)
        while (wanted := (self.metric, self.compared.runs)) != self._estimated:
            if self._estimated is None:
                pane.update(Text("reading…", "dim"))
            metric, compared = wanted
            try:
                found = await read_importance(self, self.viewed, compared, metric)
            except ServiceError as error:
                self._estimated = None
                pane.update(plain(f"✗ {error} r reads again.", "bold"))
                return
            self._estimated = wanted
            pane.update(importance_text(metric, found))

    def _summary(self) -> str:
        if not self._has_read:
            return f"reading {run_count(len(self.run_ids))}…"
        return summary(self.compared, len(set(self.run_ids)), self.active_tab)

    def copyable(self) -> str:
        """Return the comparison as Markdown; among curves, the points under the cursor."""
        grid = self.query_one(ChartGrid)
        if grid.has_focus:
            return grid.copyable()
        return as_markdown(self.compared.runs, self.compared.shown)

    def action_differences(self) -> None:
        """Show only the rows that differ, or all."""
        only = not self.compared.only_differences
        self.compared = replace(self.compared, only_differences=only)
        self.show_filtered()

    def action_baseline(self) -> None:
        """Measure by the next run."""
        self.compared = self.compared.with_next_baseline()
        self.show_filtered()

    def action_choose_metric(self) -> None:
        """Ask for the metric that scatter, lines, importance look at."""
        self.begin(self._choose_metric())

    def action_choose_across(self) -> None:
        """Ask for what lies across the scatter."""
        self.begin(self._choose_across())

    async def _choose_metric(self) -> None:
        dialog = PickDialog("Which metric?", metric_keys(self.compared.runs), "Metric")
        chosen = await self.shell.push_screen_wait(dialog)
        self.metric = chosen or self.metric
        self._show_relations()

    async def _choose_across(self) -> None:
        known = {str(t): t for t in traits(self.compared.runs) if t.kind in DRAWABLE}
        dialog = PickDialog("What lies across?", list(known), "Param or metric")
        chosen = await self.shell.push_screen_wait(dialog)
        self.across = known.get(chosen or "", self.across)
        self._show_relations()

    @on(Table.Opened, "#comparison")
    def _trait_opened(self, event: Table.Opened) -> None:
        """Look closer: at the curves of a metric, at a metric by a param."""
        kind, _, key = event.key.partition(":")
        trait = Trait(Kind(kind), key)
        if trait.kind is Kind.METRIC:
            self.metric = key
            grid = self.query_one(ChartGrid)
            grid.set_page(grid.page.picked(key))
        elif trait.kind is Kind.PARAM:
            self.across = trait
        else:
            self.why_not(why_no_chart(event.key))
            return
        self._show_relations()
        shown = "curves-tab" if trait.kind is Kind.METRIC else "scatter-tab"
        self.query_one(TabbedContent).active = shown

    def action_export(self) -> None:
        """Write the comparison into a file."""
        self.begin(export(self, self.compared.runs, self.compared.shown, self.compared.scope()))

    def on_resize(self) -> None:
        """Give the columns of the runs the width that there is now."""
        self.call_after_refresh(self.show_filtered)
