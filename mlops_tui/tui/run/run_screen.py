"""One run in all its parts."""

from collections.abc import Iterable, Mapping

from rich.text import Text
from textual import on
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static, TabbedContent, TabPane

from mlops_tui.domain.matching import matches
from mlops_tui.domain.metrics.metric import is_system
from mlops_tui.domain.runs.run import LoggedModel, Run, RunDetail
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.services.runs import runs
from mlops_tui.tui.artifacts.artifact_browser import ArtifactBrowser
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.tab_filter_screen import TabFilterScreen
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.run.metric_charts import MetricCharts
from mlops_tui.tui.run.run_datasets import RunDatasets
from mlops_tui.tui.run.run_overview import overview
from mlops_tui.tui.run.run_page_keys import RUN_PAGE
from mlops_tui.tui.runs.model_metrics_text import measured_line
from mlops_tui.tui.runs.run_writing import RunWritingScreen

PAIRS = (Column("key", "Key", 30), Column("value", "Value", 40, grow=True))
MODELS = (
    Column("name", "Model", 24),
    Column("status", "Status", 10),
    Column("metrics", "Measured on", 30, grow=True),
    Column("uri", "URI", 44),
)


OF_RUN = frozenset({"settle", "attach", "register"})
"""Actions for which it matters how the run is."""

SYSTEM_TAB = "system-tab"


class RunScreen(TabFilterScreen, RunWritingScreen):
    """Overview, params, metrics, tags, artifacts, logged models, data sets of a run."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS, Topic.MODELS})
    BINDINGS = bindings(RUN_PAGE)
    AUTO_FOCUS = FILTERED = "Tabs"
    FILTERED_TABS = {
        "params-tab": "params",
        "metrics-tab": "metrics",
        SYSTEM_TAB: "system metrics",
        "tags-tab": "tags",
        "datasets-tab": "columns",
    }
    HELP = (
        "Tabs with [ and ]; each has a filter of its own. Enter on a data set goes to the other "
        "runs that used the same. R registers a model of this run; esc goes back."
    )

    def __init__(self, run_id: str, model: str = "") -> None:
        super().__init__()
        self.run_id = run_id
        self._model = model
        """The URI of the model whose files are to be shown as soon as the run is read."""
        self.detail: RunDetail | None = None

    def compose_body(self) -> Iterable[Widget]:
        """Make a tab for each part."""
        with TabbedContent():
            with TabPane("Overview", id="overview-tab"), VerticalScroll():
                yield Static("reading…", id="facts", markup=False)
            with TabPane("Params", id="params-tab"):
                yield Table(id="params-table", openable=False)
            with TabPane("Metrics", id="metrics-tab"):
                yield MetricCharts(id="metric-charts")
            with TabPane("Tags", id="tags-tab"):
                yield Table(id="tags-table", openable=False)
            with TabPane("Artifacts", id="artifacts-tab"):
                yield ArtifactBrowser(self.run_id)
            with TabPane("Models", id="models-tab"):
                yield Table(id="models-table")
            with TabPane("Data sets", id="datasets-tab"):
                yield RunDatasets(self.run_id)
        yield FilterBar()
        yield SteadyText(id="kept-filter")

    @property
    def rests(self) -> bool:
        """Whether the run has ended."""
        return self.detail is not None and self.detail.run.status not in OPEN

    async def load(self) -> None:
        """Read the run with all its parts."""
        self.detail = await self.ask(runs.get_run, self.shell.settings.store, self.run_id)
        anew, self.is_asked = self.is_asked, False
        self.look_at_targets()
        self.refresh_bindings()
        self._show(self.detail)
        self.query_one(RunDatasets).load(
            self.detail.datasets, self.words_of("datasets-tab"), anew=anew
        )
        await self._make_system_tab(self.detail.run)
        if model := self._model:
            self._model = ""
            self._show_files(model)
        for charts, tab in self._charts():
            await charts.load(self.detail.run, self.words_of(tab), anew=anew)
        await self.query_one(ArtifactBrowser).load(self.detail, anew=anew)

    async def _make_system_tab(self, run: Run) -> None:
        """Make the tab of the machine's metrics, once the run has any."""
        tabs = self.query_one(TabbedContent)
        if self.query(f"#{SYSTEM_TAB}") or not any(map(is_system, run.metrics)):
            return
        pane = TabPane("System", MetricCharts(of_system=True), id=SYSTEM_TAB)
        await tabs.add_pane(pane, after="metrics-tab")
        metrics = self.query_one("#metrics-tab")
        if isinstance(metrics.parent, Widget):
            metrics.parent.move_child(pane, after=metrics)

    def _charts(self) -> list[tuple[MetricCharts, str]]:
        """Return the charts with the tabs that they are on."""
        found = self.query(MetricCharts)
        return [(charts, charts.parent.id or "") for charts in found if charts.parent]

    is_asked = True
    """Whether the person wants all of it read anew, what is kept of its curves too."""

    def action_refresh_data(self) -> None:
        """Read everything anew."""
        self.is_asked = True
        super().action_refresh_data()

    def _show(self, detail: RunDetail) -> None:
        self.query_one("#facts", Static).update(overview(detail))
        self._show_pairs("params", detail.run.params)
        self._show_pairs("tags", detail.run.tags)
        models = {model.uri: model for model in detail.models}
        table = self.query_one("#models-table", Table)
        table.say("This run has logged no model.")
        table.show(list(models), lambda key, col: _model_cell(models[key], col), MODELS)

    def _show_pairs(self, kind: str, pairs: Mapping[str, str]) -> None:
        values, words = dict(pairs), self.words_of(f"{kind}-tab")
        table = self.query_one(f"#{kind}-table", Table)
        table.say(
            f"None of the {kind} matches the filter." if values else f"This run has no {kind}."
        )
        shown = [k for k in sorted(values) if matches(words, (f"{k}={values[k]}",))]
        table.show(shown, lambda key, col: plain(key if col == "key" else values[key]), PAIRS)

    @on(Table.Opened, "#models-table")
    def _model_opened(self, event: Table.Opened) -> None:
        self._show_files(event.key)

    def _show_files(self, model: str) -> None:
        """Show the files of a logged model."""
        self.query_one(TabbedContent).active = "artifacts-tab"
        self.query_one(ArtifactBrowser).go_to(model)

    def targets(self) -> tuple[Run, ...]:
        """Return this run, whatever is marked."""
        return (self.detail.run,) if self.detail else ()

    def page_of(self) -> tuple[str, str] | None:
        """Return the experiment with the run."""
        return (self.detail.run.experiment_id, self.run_id) if self.detail else None

    def copyable(self) -> str:
        """Return the value under the cursor, else the run's id."""
        browser = self.query_one(ArtifactBrowser)
        if browser.has_focus_within:
            return browser.copyable()
        table = self.focused
        if isinstance(table, Table) and self.active_tab == "datasets-tab":
            return self.query_one(RunDatasets).copyable(table)
        if isinstance(table, Table) and table.cursor_key and self.detail:
            pairs = {"params-table": self.detail.run.params, "tags-table": self.detail.run.tags}
            return pairs.get(table.id or "", {}).get(table.cursor_key, table.cursor_key)
        if isinstance(table, ChartGrid):
            return table.copyable()
        return self.run_id

    def show_filtered(self) -> None:
        """Show what passes the filter of its tab."""
        if self.detail:
            self._show(self.detail)
            self.query_one(RunDatasets).filter(self.words_of("datasets-tab"))
            for charts, tab in self._charts():
                charts.filter(self.words_of(tab))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with this run."""
        if action in OF_RUN and self._hinders(action):
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say what this run has not."""
        return super().why_unavailable(action) or self._hinders(action)

    def _hinders(self, action: str) -> str:
        """Return why something cannot be done with the run, nothing where it can."""
        if self.detail is None:
            return "The run is still being read." if action in OF_RUN else ""
        if action in ("settle", "attach") and self.detail.run.status not in OPEN:
            return self.ended_words(self.targets())
        if action == "register" and not self.detail.models:
            return "The run has logged no model to register."
        return ""

    def action_attach(self) -> None:
        """Watch the run as a job."""
        from mlops_tui.tui.processes.attaching import attach_run

        self.begin(attach_run(self, self.run_id, self.show_job))

    def action_register(self) -> None:
        """Register a model of this run."""
        self.begin(self.shell.register_model(self.run_id))


def _model_cell(model: LoggedModel, column: str) -> Text:
    if column == "metrics":
        return plain(measured_line(model.metrics))
    return plain(str(getattr(model, column)))
