"""The monitors, with the verdict about a chunk of the one under the cursor."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.services.monitoring import chunk_reading, monitors
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.monitoring import monitor_actions
from mlops_tui.tui.monitoring.chunk_curves import draw_drift, draw_performance
from mlops_tui.tui.monitoring.chunk_reader import ChunkReader
from mlops_tui.tui.monitoring.feature_cells import columns_for, feature_cell, rows_of
from mlops_tui.tui.monitoring.feature_dialog import FeatureDialog
from mlops_tui.tui.monitoring.monitor_cells import COLUMNS, monitor_cell
from mlops_tui.tui.monitoring.monitoring_keys import MONITORING
from mlops_tui.tui.monitoring.performance_dialog import PerformanceDialog
from mlops_tui.tui.monitoring.reasons import why_not
from mlops_tui.tui.monitoring.verdict_text import verdict_text
from mlops_tui.tui.retraining.retraining import open_retraining, pause_all_rules

if TYPE_CHECKING:
    from mlops_tui.domain.drift.drift_report import FeatureDrift

NO_MONITORS = (
    "No monitors yet. n sets one up; so does w on a version (3) or on an endpoint (4). It compares "
    "what the model is asked with what it was checked on, chunk by chunk, and tells of drift."
)
WIDE = 110
"""Cells from which the table of columns has more."""


class MonitoringPane(Pane):
    """The monitors of the store; the keys are about the one under the cursor and its chunks."""

    BINDINGS = bindings(MONITORING)

    def __init__(self) -> None:
        super().__init__()
        self.standings: dict[str, MonitorStanding] = {}
        self._rows: dict[str, FeatureDrift] = {}
        self._number: int | None = None
        """The chunk that is looked at; None for the newest, whichever that is."""
        self._shown = ""
        """The monitor whose chunk is looked at."""
        self._goal = ""
        self._reader = ChunkReader(self._read_chunk)

    def compose(self) -> ComposeResult:
        """Put the monitors above the verdict, that above the columns; curves beside them."""
        yield Table(id="monitors")
        yield SteadyText(id="verdict")
        with Horizontal(id="chunk"):
            yield Table(id="columns", frozen=2)
            with Vertical(id="curves"):
                yield Chart("drift", id="drift-curve")
                yield Chart("performance", id="performance-curve")

    async def load(self) -> None:
        """Read the monitors, then the chunk that is looked at; raises ``ServiceError``."""
        settings = self.shell.settings
        found = await self.host.ask(monitors.list_monitors, settings.store, settings.state_dir)
        self.standings = {each.plan.monitor_id: each for each in found}
        table = self.query_one("#monitors", Table)
        table.say(NO_MONITORS)
        table.show(list(self.standings), self._cell, COLUMNS)
        if self._goal in self.standings:
            table.move_to(self._goal)
            self._goal = ""
        self._show()
        if (standing := self.current) and (light := self._light):
            await self._reader.whole(standing, light)
            self._show()

    def go_to(self, monitor_id: str) -> None:
        """Put the cursor on a monitor as soon as it is listed."""
        self._goal = monitor_id
        self.host.action_refresh_data()

    async def _read_chunk(self, standing: MonitorStanding, number: int) -> ChunkResult:
        settings, plan = self.shell.settings, standing.plan
        version = standing.version or plan.version
        return await self.host.ask(
            chunk_reading.read_chunk, settings.store, plan.monitor_id, version, number
        )

    def _cell(self, monitor_id: str, column: str) -> Text:
        return monitor_cell(self.standings[monitor_id], column)

    @property
    def current(self) -> MonitorStanding | None:
        """The monitor under the cursor."""
        return self.standings.get(self.query_one("#monitors", Table).cursor_key or "")

    @property
    def _light(self) -> ChunkResult | None:
        """The chunk that is looked at, as the list has it."""
        chunks = self.current.chunks if self.current else ()
        newest = chunks[-1] if chunks else None
        return next((each for each in chunks if each.number == self._number), newest)

    @property
    def chunk(self) -> ChunkResult | None:
        """The chunk that is looked at, whole once it is read."""
        standing, light = self.current, self._light
        return self._reader.known(standing, light) if standing and light else None

    @on(Table.Highlighted, "#monitors")
    def _follow_cursor(self) -> None:
        """Show the newest chunk of another monitor."""
        shown = self.query_one("#monitors", Table).cursor_key or ""
        if shown != self._shown:
            self._shown, self._number = shown, None
            self._show()
            self._read_whole()

    @work(group="chunk", exclusive=True)
    async def _read_whole(self) -> None:
        """Read the chunk that is looked at, unless it is known."""
        if (standing := self.current) and (light := self._light):
            try:
                await self._reader.whole(standing, light)
            except ServiceError as error:
                self.host.complain(error)
            else:
                self._show()

    def _show(self) -> None:
        """Show verdict, columns and curves of the chunk."""
        standing, chunk = self.current, self.chunk
        verdict = self.query_one("#verdict", SteadyText)
        verdict.display = standing is not None
        if standing:
            verdict.update(verdict_text(standing, chunk))
        self._rows = rows_of(chunk) if chunk else {}
        table = self.query_one("#columns", Table)
        table.say("")
        table.show(
            list(self._rows), self._feature_cell, columns_for(is_wide=self.size.width >= WIDE)
        )
        self._draw()
        self.refresh_keys()

    def _feature_cell(self, key: str, column: str) -> Text:
        return feature_cell(key, self._rows[key], column)

    @on(Table.Highlighted, "#columns")
    def _draw(self) -> None:
        """Draw the curves, where there is room for them."""
        standing, chunk = self.current, self.chunk
        if standing and chunk:
            drift, key = self.query_one("#drift-curve", Chart), self._column
            drift.set_title(f"drift of {self._rows[key].name}" if key else "drift")
            draw_drift(drift, standing.chunks, key, chunk.number)
            performance = self.query_one("#performance-curve", Chart)
            performance.set_title(chunk.metric or "performance")
            draw_performance(performance, standing.chunks, chunk.number)

    @property
    def _column(self) -> str:
        key = self.query_one("#columns", Table).cursor_key or ""
        return key if key in self._rows else ""

    def on_resize(self, _event: Resize) -> None:
        """Show as many columns as there is room for."""
        self._show()

    @on(Table.Opened, "#monitors")
    def _monitor_opened(self) -> None:
        self.query_one("#columns").focus()

    @on(Table.Opened, "#columns")
    def _column_opened(self) -> None:
        standing, chunk = self.current, self.chunk
        if not (standing and chunk and self._column):
            return
        lights = {each.number: each for each in standing.chunks}

        async def read(number: int) -> ChunkResult:
            return await self._reader.whole(standing, lights[number])

        self.app.push_screen(FeatureDialog(self._column, chunk, standing.chunks, read))

    def copyable(self) -> str:
        """Return the name of the column under the cursor, else the sentence of the verdict."""
        if self._column and self.query("#columns:focus"):
            return self._rows[self._column].name
        return self.current.sentence if self.current else ""

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the monitor under the cursor."""
        return super().why_unavailable(action) or why_not(action, self.current)

    def action_turn(self, by: int) -> None:
        """Look at the next chunk, or the one before."""
        chunks, light = (self.current.chunks if self.current else ()), self._light
        place = chunks.index(light) + by if light else -1
        if not 0 <= place < len(chunks):
            self.host.why_not(f"There is no chunk {'after' if by > 0 else 'before'} it.")
            return
        is_newest = place == len(chunks) - 1
        self._number = None if is_newest else chunks[place].number
        self._show()
        self._read_whole()

    def action_performance(self) -> None:
        """Show the performance over the chunks."""
        if (standing := self.current) and (chunk := self.chunk):
            self.app.push_screen(PerformanceDialog(standing, chunk))

    def action_new(self) -> None:
        """Set up a monitor."""
        watched = self.current.plan.watched if self.current else ""
        self.host.begin(monitor_actions.set_up(self.host, {"model": watched}))

    def _begin(
        self, action: Callable[[ControlScreen, MonitorStanding], Coroutine[Any, Any, None]]
    ) -> None:
        if self.current:
            self.host.begin(action(self.host, self.current))

    def action_start(self) -> None:
        """Start the monitor again."""
        if self.current:
            self.host.begin(monitor_actions.start(self.host, self.current), opens=False)

    def action_stop(self) -> None:
        """Stop the monitor."""
        self._begin(monitor_actions.stop)

    def action_remove(self) -> None:
        """Take the monitor off the list."""
        self._begin(monitor_actions.remove)

    def action_acknowledge(self) -> None:
        """Acknowledge the alerts of the monitor."""
        self._begin(monitor_actions.acknowledge)

    def action_labels(self) -> None:
        """Add labels from a file."""
        self._begin(monitor_actions.add_labels)

    def action_log(self) -> None:
        """Read the log of the monitor."""
        self._begin(monitor_actions.open_log)

    def action_compare(self) -> None:
        """Compare the versions of the model."""
        self._begin(monitor_actions.compare)

    def action_retrain(self) -> None:
        """Show the rule that retrains the model, and its attempts."""
        if self.current:
            self.host.begin(open_retraining(self.host, self.current.plan.model))

    def action_pause_rules(self) -> None:
        """Pause all rules of retraining, or resume them."""
        self.host.begin(pause_all_rules(self.host), opens=False)

    def action_roll_back(self) -> None:
        """Bring back what was in a stage of the model before."""
        if self.current:
            self.host.begin(self.shell.navigation.roll_back(self.current.plan.model))

    def action_view_run(self) -> None:
        """Go to the run of the monitor, which has its curves."""
        if self.current and self.current.run_id:
            self.shell.navigation.open_run(self.current.run_id)
