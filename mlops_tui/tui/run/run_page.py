"""One run in all its parts."""

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static, TabbedContent, TabPane

from mlops_tui.domain.metrics.metric import is_system
from mlops_tui.domain.runs.run import Run, RunDetail
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.services.runs import runs
from mlops_tui.tui.artifacts.artifact_browser import ArtifactBrowser
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.tabbed_panes import TabbedPanes
from mlops_tui.tui.run.metric_charts import MetricCharts
from mlops_tui.tui.run.run_datasets import RunDatasets
from mlops_tui.tui.run.run_overview import overview
from mlops_tui.tui.run.run_page_keys import RUN_PAGE
from mlops_tui.tui.run.run_tables import LoggedModels, Pairs
from mlops_tui.tui.run.tab_filters import TabFilters
from mlops_tui.tui.runs.run_pane import RunPane

SYSTEM_TAB = "system-tab"

FILTERED = {
    "params-tab": "params",
    "metrics-tab": "metrics",
    SYSTEM_TAB: "system metrics",
    "tags-tab": "tags",
    "datasets-tab": "columns",
}
"""What is filtered on a tab, by the tab's id."""

OF_READ_RUN = frozenset({"settle", "attach", "register"})
"""Actions that depend on what was read of the run."""

Body = Pairs | LoggedModels | MetricCharts | RunDatasets | ArtifactBrowser
"""What a tab holds from which something can be copied."""


class RunPage(RunPane):
    """Overview, params, metrics, tags, artifacts, logged models and data sets, each on a tab.

    The keys are about the run.
    """

    BINDINGS = bindings(RUN_PAGE)
    TAKES_MARKS = False
    WITHOUT_RUN = "The run is still being read."

    def __init__(self, run_id: str, model: str = "") -> None:
        super().__init__()
        self.run_id = run_id
        self._model = model
        """The URI of the model whose files are to be shown as soon as the run is read."""
        self.detail: RunDetail | None = None
        self.tabs = TabbedPanes()
        self.params, self.tags = Pairs("params"), Pairs("tags")
        self.metrics, self.datasets = MetricCharts(id="metric-charts"), RunDatasets(run_id)
        self.models, self.artifacts = LoggedModels(), ArtifactBrowser(run_id)
        self.filters = TabFilters(self, self.tabs, FILTERED)
        self.filters.add("params-tab", self.params.filter)
        self.filters.add("metrics-tab", self.metrics.filter)
        self.filters.add("tags-tab", self.tags.filter)
        self.filters.add("datasets-tab", self.datasets.filter)

    def compose(self) -> ComposeResult:
        """Make a tab for each part; that of the machine's metrics comes with the first of them."""
        with self.tabs:
            with TabPane("Overview", id="overview-tab"), VerticalScroll():
                yield Static("reading…", id="facts", markup=False)
            with TabPane("Params", id="params-tab"):
                yield self.params
            with TabPane("Metrics", id="metrics-tab"):
                yield self.metrics
            with TabPane("Tags", id="tags-tab"):
                yield self.tags
            with TabPane("Artifacts", id="artifacts-tab"):
                yield self.artifacts
            with TabPane("Models", id="models-tab"):
                yield self.models
            with TabPane("Data sets", id="datasets-tab"):
                yield self.datasets
        yield self.filters

    async def load(self, *, anew: bool) -> None:
        """Read the run with all its parts, ``anew`` also what is cached of its curves."""
        detail = self.detail = await self.host.ask(
            runs.get_run, self.shell.settings.store, self.run_id
        )
        self.host.refresh_bindings()
        self.query_one("#facts", Static).update(overview(detail))
        self.params.show(detail.run.params)
        self.tags.show(detail.run.tags)
        self.models.show(detail.models)
        self.datasets.load(detail.datasets, anew=anew)
        if not self.query(f"#{SYSTEM_TAB}") and any(map(is_system, detail.run.metrics)):
            await self._add_system_tab()
        if model := self._model:
            self._model = ""
            self._show_files(model)
        for charts in self.query(MetricCharts):
            await charts.load(detail.run, anew=anew)
        await self.artifacts.load(detail, anew=anew)

    async def _add_system_tab(self) -> None:
        charts = MetricCharts(of_system=True)
        self.filters.add(SYSTEM_TAB, charts.filter)
        pane = TabPane("System", charts, id=SYSTEM_TAB)
        await self.tabs.add_pane(pane, after="metrics-tab")
        metrics = self.query_one("#metrics-tab")
        if isinstance(metrics.parent, Widget):
            metrics.parent.move_child(pane, after=metrics)

    @property
    def current(self) -> Run | None:
        """The run, once it is read."""
        return self.detail.run if self.detail else None

    @on(LoggedModels.Opened)
    def _model_opened(self, event: LoggedModels.Opened) -> None:
        self._show_files(event.uri)

    def _show_files(self, model: str) -> None:
        """Show the files of a logged model."""
        self.tabs.active = "artifacts-tab"
        self.artifacts.go_to(model)

    def copyable(self) -> str:
        """Return the value under the cursor, else the run's id."""
        body = next((each for each in self._bodies() if each.has_focus_within), None)
        return (body.copyable() if body else "") or self.run_id

    def _bodies(self) -> Iterator[Body]:
        yield from (self.params, self.tags, self.models, self.datasets, self.artifacts)
        yield from self.query(MetricCharts)

    def action_previous_tab(self) -> None:
        """Show the tab at the left."""
        self.tabs.move(-1)

    def action_next_tab(self) -> None:
        """Show the tab at the right."""
        self.tabs.move(1)

    def action_filter(self) -> None:
        """Filter the tab in view as one types."""
        self.filters.open()

    @on(TabbedContent.TabActivated)
    def _tab_activated(self) -> None:
        self.filters.tab_activated()
        self.host.refresh_bindings()

    def why_unavailable(self, action: str) -> str:
        """Return why an action cannot be done with this run, or on this tab."""
        if reason := super().why_unavailable(action):
            return reason
        if action == "filter":
            return self.filters.why_none
        return self._why_not(self.detail, action) if action in OF_READ_RUN else ""

    def _why_not(self, detail: RunDetail | None, action: str) -> str:
        if detail is None:
            return self.WITHOUT_RUN
        if action == "attach" and detail.run.status not in OPEN:
            return self.targets.have_ended((detail.run,))
        if action == "register" and not detail.models:
            return "The run has logged no model to register."
        return ""

    def action_attach(self) -> None:
        """Watch the run as a job."""
        from mlops_tui.tui.processes.attaching import attach_run

        self.host.begin(attach_run(self.host, self.run_id, self.targets.show_job))
