"""One run in all its parts."""

from collections.abc import Iterable, Mapping

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static, TabbedContent, TabPane

from mlops_tui.domain.matching import matches
from mlops_tui.domain.run import Run, RunDetail, RunStatus
from mlops_tui.domain.silence import last_sign
from mlops_tui.services import runs
from mlops_tui.tui.facts import facts, section
from mlops_tui.tui.formatting import age, elapsed, number, plain, status_cell, timestamp
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.messages import Topic
from mlops_tui.tui.registering import register_model
from mlops_tui.tui.run_writing import RunWritingScreen
from mlops_tui.tui.tabbed_screen import TabbedScreen
from mlops_tui.tui.widgets.artifact_browser import ArtifactBrowser
from mlops_tui.tui.widgets.chart_grid import ChartGrid
from mlops_tui.tui.widgets.filter_bar import FilterBar
from mlops_tui.tui.widgets.metric_charts import MetricCharts
from mlops_tui.tui.widgets.table import Column, Table

PAIRS = (Column("key", "Key", 30), Column("value", "Value", 40, grow=True))
MODELS = (
    Column("name", "Model", 24),
    Column("status", "Status", 10),
    Column("uri", "URI", 44, grow=True),
)


class RunScreen(TabbedScreen, RunWritingScreen):
    """Overview, params, metrics, tags, artifacts, logged models of a run."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS, Topic.MODELS})
    BINDINGS = bindings("run")
    AUTO_FOCUS = FILTERED = "Tabs"
    HELP = "Tabs with [ and ]; R registers a model of this run; esc goes back."

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
        self.detail: RunDetail | None = None

    def compose_body(self) -> Iterable[Widget]:
        """Make a tab for each part."""
        with TabbedContent():
            with TabPane("Overview", id="overview-tab"), VerticalScroll():
                yield Static("reading…", id="facts", markup=False)
            with TabPane("Params", id="params-tab"):
                yield Table(id="params-table")
            with TabPane("Metrics", id="metrics-tab"):
                yield MetricCharts()
            with TabPane("Tags", id="tags-tab"):
                yield Table(id="tags-table")
            with TabPane("Artifacts", id="artifacts-tab"):
                yield ArtifactBrowser(self.run_id)
            with TabPane("Models", id="models-tab"):
                yield Table(id="models-table")
        yield FilterBar()

    async def load(self) -> None:
        """Read the run anew while it may change."""
        settled = self.detail and self.detail.run.status is not RunStatus.RUNNING
        if settled and not self.is_asked:
            return
        self.detail = await self.ask(runs.get_run, self.room.settings.store, self.run_id)
        anew, self.is_asked = self.is_asked, False
        self.refresh_bindings()
        self._show(self.detail)
        await self.query_one(MetricCharts).load(self.detail.run, self.words, anew=anew)
        await self.query_one(ArtifactBrowser).load(self.detail)

    is_asked = True
    """Whether the person wants it read anew, whatever its state."""

    def action_refresh_data(self) -> None:
        """Read everything anew."""
        self.is_asked = True
        super().action_refresh_data()

    def _show(self, detail: RunDetail) -> None:
        self.query_one("#facts", Static).update(overview(detail))
        self._show_pairs("#params-table", detail.run.params, "This run has no params.")
        self._show_pairs("#tags-table", detail.run.tags, "This run has no tags.")
        models = {model.uri: model for model in detail.models}
        table = self.query_one("#models-table", Table)
        table.say("This run has logged no model.")
        table.show(list(models), lambda key, col: plain(str(getattr(models[key], col))), MODELS)

    def _show_pairs(self, table_id: str, pairs: Mapping[str, str], nothing: str) -> None:
        values = dict(pairs)
        table = self.query_one(table_id, Table)
        table.say(nothing)
        shown = [k for k in sorted(values) if matches(self.words, (f"{k}={values[k]}",))]
        table.show(shown, lambda key, col: plain(key if col == "key" else values[key]), PAIRS)

    def targets(self) -> tuple[Run, ...]:
        """Return this run, whatever is marked."""
        return (self.detail.run,) if self.detail else ()

    def copyable(self) -> str:
        """Return the value under the cursor, else the run's id."""
        browser = self.query_one(ArtifactBrowser)
        if browser.has_focus_within:
            return browser.copyable()
        table = self.focused
        if isinstance(table, Table) and table.cursor_key and self.detail:
            pairs = {"params-table": self.detail.run.params, "tags-table": self.detail.run.tags}
            return pairs.get(table.id or "", {}).get(table.cursor_key, table.cursor_key)
        if isinstance(table, ChartGrid):
            return table.copyable()
        return self.run_id

    def show_filtered(self) -> None:
        """Show the params, metrics, tags that pass the filter."""
        if self.detail:
            self._show(self.detail)
            self.query_one(MetricCharts).filter(self.words)

    def action_register(self) -> None:
        """Register a model of this run."""
        if self.detail is None:
            self.why_not("The run is still being read.")
            return
        self.begin(register_model(self, self.detail))


def overview(detail: RunDetail) -> Text:
    """Return the facts of a run, with its data sets."""
    run = detail.run
    is_running = run.status is RunStatus.RUNNING
    parts = [
        plain(run.name, "bold"),
        facts(
            {
                "status": status_cell(run.status),
                "heard of": Text(f"{age(last_sign(run))} ago" if is_running else ""),
                "lifecycle": Text("deleted; U restores it" if run.is_deleted else "", "red"),
                "run id": Text(run.run_id),
                "experiment": plain(detail.experiment_name),
                "started": Text(timestamp(run.started_at) if run.started_at else ""),
                "took": Text(elapsed(run.started_at, run.ended_at)),
                "user": plain(run.user),
                "source": plain(run.tags.get("mlflow.source.name", "")),
                "parent": plain(run.parent_id or ""),
                "job": plain(run.job_id or ""),
                "artifacts": plain(run.artifact_uri),
                "note": plain(run.note),
            }
        ),
        section("Models", {m.name: plain(m.uri) for m in detail.models}),
        section("Metrics", {k: Text(number(v)) for k, v in sorted(run.metrics.items())}),
        section(
            "Data sets",
            {
                d.context or d.name: plain(f"{d.name} {d.digest} {d.source_type}")
                for d in detail.datasets
            },
        ),
    ]
    return Text("\n").join(parts)
