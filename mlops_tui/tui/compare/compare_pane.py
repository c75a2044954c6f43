"""Runs beside each other."""

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.widgets import TabbedContent, TabPane

from mlops_tui.domain.compare.compared_version import compared_ids, has_curves
from mlops_tui.domain.compare.comparison import Kind, Trait, metric_keys, traits
from mlops_tui.domain.compare.comparison_export import as_markdown
from mlops_tui.domain.experiments.first_columns import varying_params
from mlops_tui.domain.matching import matches
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.plain_text import counted
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.services.compare.run_importance import ViewedRuns
from mlops_tui.services.compare.version_comparison import read_compared_versions
from mlops_tui.services.runs.runs_by_id import read_runs_anywhere
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.compare.compare_keys import COMPARE
from mlops_tui.tui.compare.comparison_file import export
from mlops_tui.tui.compare.comparison_table import ComparisonTable, styles_of
from mlops_tui.tui.compare.comparison_text import DRAWN, OVERLAID, legend, summary
from mlops_tui.tui.compare.importance_pane import ImportancePane
from mlops_tui.tui.compare.parallel_chart import ParallelChart, upright
from mlops_tui.tui.compare.scatter_pane import ScatterPane
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.freshness import RESTING
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.row_painter import GUTTER
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.tabbed_panes import TabbedPanes
from mlops_tui.tui.kit.table import Table

DRAWABLE = (Kind.PARAM, Kind.METRIC)


def why_no_chart(key: str) -> str:
    """Return why the row of a trait cannot be opened; nothing where it can."""
    kind = Kind(key.partition(":")[0])
    return "" if kind in DRAWABLE else "Only metrics and params have a chart."


class ComparePane(Pane):
    """Some runs, or the runs of model versions: table, curves, scatter, importance, on tabs.

    One filter is for the rows of the table and for the curves. Scatter, parallel coordinates and
    importance are about the chosen metric.
    """

    BINDINGS = bindings(COMPARE)

    def __init__(
        self,
        run_ids: Sequence[str],
        metric: str,
        viewed: ViewedRuns | None,
        versions: Sequence[ModelVersion] = (),
    ) -> None:
        super().__init__()
        self.run_ids = compared_ids(versions) if versions else tuple(run_ids)
        self._versions = tuple(versions)
        self.metric = metric
        self.across: Trait | None = None
        self.compared = ComparisonTable()
        self.tabs = TabbedPanes()
        self.grid, self.scatter = ChartGrid(), ScatterPane()
        self.parallel, self.importance = ParallelChart(), ImportancePane(viewed)
        self._filter = ListFilter(self, self._apply_filter, rows="TabbedPanes")
        self._has_read = False
        self._ended_due = 0.0
        """When runs that have ended are read again."""

    def compose(self) -> ComposeResult:
        """Make the tabs above the legend."""
        with self.tabs:
            with TabPane("Table", id="table-tab"):
                table = Table(id="comparison", frozen=2)
                table.why_closed = why_no_chart
                yield table
            with TabPane("Curves", id="curves-tab"):
                yield self.grid
            with TabPane("Scatter", id="scatter-tab"):
                yield self.scatter
            with TabPane("Parallel", id="parallel-tab"):
                yield self.parallel
            with TabPane("Importance", id="importance-tab"):
                yield self.importance
        yield SteadyText(id="legend")
        yield FilterBar()
        yield SteadyText(id="summary")

    @property
    def rests(self) -> bool:
        """Whether all the runs have ended."""
        return not any(style.is_running for style in self.compared.styles)

    async def load(self, *, anew: bool) -> None:
        """Read the runs anew: those that have ended more rarely, unless all are to be read."""
        if anew:
            self.importance.forget()
        self._show_summary()
        before = self.compared.runs
        reads_all = anew or self.rests or monotonic() > self._ended_due
        if self._versions:
            runs = await self._read_versions() if anew else before
        else:
            runs = await self._read(() if reads_all else before)
        if reads_all:
            self._ended_due = monotonic() + RESTING * self.shell.settings.refresh_interval
        self._has_read = True
        if anew or runs != before:
            self.compared = self.compared.with_runs(runs, styles_of(self.run_ids, runs))
            self._show()
        drawn = [style for style in self.compared.styles if has_curves(style.run_id)]
        await self.grid.load(drawn[:OVERLAID], self._metric_keys(), anew=anew)

    async def _read_versions(self) -> tuple[Run, ...]:
        store = self.shell.settings.store
        return await self.host.ask(read_compared_versions, store, self._versions)

    async def _read(self, before: Sequence[Run]) -> tuple[Run, ...]:
        """Return the runs as they are now, in the order of the ids, without those that are gone.

        Runs that had ended ``before`` are not read again. An experiment's name is only answered
        where runs of several are read: one from before is kept.
        """
        ended = {run.run_id: run for run in before if run.status not in OPEN}
        unended = [run_id for run_id in dict.fromkeys(self.run_ids) if run_id not in ended]
        names = {run.run_id: run.experiment_name for run in before}
        answer = await self.host.ask(read_runs_anywhere, self.shell.settings.store, unended)
        by_id = ended | {
            run.run_id: replace(
                run, experiment_name=run.experiment_name or names.get(run.run_id, "")
            )
            for run in answer
        }
        return tuple(by_id[run_id] for run_id in dict.fromkeys(self.run_ids) if run_id in by_id)

    def _show(self) -> None:
        """Show what passes the filter, in every tab."""
        table = self.query_one("#comparison", Table)
        width = table.size.width - GUTTER - 1
        self.compared = replace(self.compared, words=self._filter.words, width=width)
        rows = {str(trait): trait for trait in self.compared.shown}
        table.say(self._why_no_rows())
        cell, columns = self.compared.cell, self.compared.columns()
        table.show(list(rows), lambda key, column: cell(rows[key], column), columns)
        self.query_one("#legend", SteadyText).update(legend(self.compared))
        self._show_tab()

    def _metric_keys(self) -> list[str]:
        keys = metric_keys(self.compared.runs)
        return [key for key in keys if matches(self._filter.words, (key,))]

    def _why_no_rows(self) -> str:
        if not self._has_read:
            return "reading…"
        if self._filter.words:
            return "No row matches the filter."
        return "Nothing differs." if self.compared.only_differences else "Nothing to compare."

    def _show_tab(self) -> None:
        """Show the tab in view, where it relates the metric to the params."""
        runs, styles = self.compared.runs, self.compared.styles
        metrics = metric_keys(runs)
        if metrics and self.metric not in metrics:
            self.metric = metrics[0]
        params = [Trait(Kind.PARAM, key) for key in varying_params(runs)]
        if self.across is None:
            self.across = next(iter(params), None)
        if self.tabs.active == "scatter-tab":
            self.scatter.show(runs, styles, self.across, self.metric)
        elif self.tabs.active == "parallel-tab":
            drawn = runs[: DRAWN["parallel-tab"]]
            axes = [upright(each, drawn) for each in (*params, Trait(Kind.METRIC, self.metric))]
            self.parallel.show(axes if params and self.metric else (), styles[: len(drawn)])
        elif self.tabs.active == "importance-tab":
            self.importance.show(self.metric, runs)
        self._show_summary()

    def _show_summary(self) -> None:
        if self._has_read:
            text = summary(self.compared, len(set(self.run_ids)), self.tabs.active)
        else:
            text = f"reading {counted(len(self.run_ids), 'run')}…"
        self.query_one("#summary", SteadyText).update(text)

    @on(TabbedContent.TabActivated)
    def _tab_activated(self) -> None:
        """Show the tab; the focus stays in the filter while that is being typed."""
        bar = self.query_one(FilterBar)
        if bar.is_open:
            bar.take_focus()
        else:
            self.tabs.focus()
        self._show_tab()

    def on_resize(self) -> None:
        """Give the columns of the runs the width that there is now."""
        self.call_after_refresh(self._show)

    def _apply_filter(self, _words: str) -> None:
        self._show()
        self.grid.show_keys(self._metric_keys())

    def copyable(self) -> str:
        """Return the comparison as Markdown; among curves, the points under the cursor."""
        if self.grid.has_focus:
            return self.grid.copyable()
        return as_markdown(self.compared.runs, self.compared.shown)

    def action_previous_tab(self) -> None:
        """Show the tab at the left."""
        self.tabs.move(-1)

    def action_next_tab(self) -> None:
        """Show the tab at the right."""
        self.tabs.move(1)

    def action_filter(self) -> None:
        """Filter rows and curves as one types."""
        self._filter.open()

    def action_differences(self) -> None:
        """Show only the rows that differ, or all."""
        only = not self.compared.only_differences
        self.compared = replace(self.compared, only_differences=only)
        self._show()

    def action_baseline(self) -> None:
        """Show differences from the next run."""
        self.compared = self.compared.with_next_baseline()
        self._show()

    def action_choose_metric(self) -> None:
        """Ask for the metric that scatter, parallel coordinates and importance are about."""
        self.host.begin(self._choose_metric())

    async def _choose_metric(self) -> None:
        dialog = PickDialog("Which metric?", metric_keys(self.compared.runs), "Metric")
        chosen = await self.shell.push_screen_wait(dialog)
        self.metric = chosen or self.metric
        self._show_tab()

    def action_choose_across(self) -> None:
        """Ask for what lies across the scatter."""
        self.host.begin(self._choose_across())

    async def _choose_across(self) -> None:
        choices = {str(t): t for t in traits(self.compared.runs) if t.kind in DRAWABLE}
        dialog = PickDialog("What lies across?", list(choices), "Param or metric")
        chosen = await self.shell.push_screen_wait(dialog)
        self.across = choices.get(chosen or "", self.across)
        self._show_tab()

    @on(Table.Opened, "#comparison")
    def _row_opened(self, event: Table.Opened) -> None:
        """Show the curves of a metric, the scatter of a param."""
        kind, _, key = event.key.partition(":")
        trait = Trait(Kind(kind), key)
        if trait.kind is Kind.METRIC:
            self.metric = key
            self.grid.set_page(self.grid.page.picked(key))
        elif trait.kind is Kind.PARAM:
            self.across = trait
        else:
            self.host.why_not(why_no_chart(event.key))
            return
        self._show_tab()
        self.tabs.active = "curves-tab" if trait.kind is Kind.METRIC else "scatter-tab"

    def action_export(self) -> None:
        """Write the comparison into a file."""
        compared = self.compared
        self.host.begin(export(self.host, compared.runs, compared.shown, compared.scope()))
