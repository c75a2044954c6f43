"""Charts beside each other that are read, zoomed and smoothed together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import moved
from mlops_tui.domain.metrics.limits import EVERYTHING, EXAMPLE, holds, parse_limits
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.metrics import metric_directions, metrics
from mlops_tui.tui.charts.chart_data import ChartData
from mlops_tui.tui.charts.chart_keys import CHARTS
from mlops_tui.tui.charts.chart_page import ChartPage
from mlops_tui.tui.charts.chart_panels import ChartPanels
from mlops_tui.tui.charts.history_cache import POINTS
from mlops_tui.tui.charts.readout import summary, tab_separated
from mlops_tui.tui.charts.run_style import RunStyle
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.service_call import ask, is_leaving
from mlops_tui.tui.kit.text_dialog import LineDialog
from mlops_tui.tui.shell import shell_of

ROUNDS = 24
"""Reads of what is in view at most; metrics that turn out to have no curve make room for others."""

READ_SECONDS = 0.5
"""Seconds of reading after which what was read is drawn."""

FEW_RUNS = 3
"""Runs on one chart up to which each has as many points as a wide terminal has dots."""

STEPS_ACROSS = 100
"""Key presses, about, that move the cursor from one end of a chart to the other."""


class ChartGrid(Vertical, can_focus=True):
    """Charts of metrics, one curve per run; reads the histories of the charts in view only."""

    BINDINGS = bindings(CHARTS)
    DEFAULT_CSS = """
    ChartGrid { height: 1fr; }
    ChartGrid > Static { height: 1; color: $text-muted; }
    """

    @dataclass
    class Read(Message):
        """Histories were read: which metrics have a curve may have changed."""

    def __init__(self) -> None:
        super().__init__()
        self.view = ChartView()
        self.page = ChartPage()
        self._data = ChartData()
        self._panels = ChartPanels()
        self._uncached = 0
        """Curves in view that are being read."""
        self._reading = asyncio.Lock()
        """Held while histories are read: two reads at once would read the same."""

    def compose(self) -> ComposeResult:
        """Put the charts below a line that says how they are drawn."""
        yield Static(markup=False)
        yield self._panels

    def on_mount(self) -> None:
        """Show no chart yet."""
        self._draw()

    async def load(
        self, runs: Sequence[RunStyle], keys: Sequence[str], *, anew: bool = False
    ) -> None:
        """Show these metrics of these runs, reading what is missing; raises ``ServiceError``."""
        data = self._data
        data.runs, data.keys = tuple(runs), tuple(keys)
        async with self._reading:
            if anew:
                data.cache.clear()
            if data.directions is None:
                state_dir = shell_of(self).settings.state_dir
                data.directions = await ask(self, metric_directions.read_directions, state_dir)
            await self._read()

    def show_keys(self, keys: Sequence[str]) -> None:
        """Show other metrics of the same runs."""
        self._data.keys = tuple(keys)
        self._read_on()

    def show_cached(self, runs: Sequence[RunStyle], keys: Sequence[str]) -> None:
        """Show these metrics of these runs without reading."""
        self._data.runs, self._data.keys = tuple(runs), tuple(keys)
        self._draw()

    def has_curve(self, key: str) -> bool | None:
        """Return whether a metric has more than one point in a run, None when not known yet."""
        return self._data.has_curve(key)

    def copyable(self) -> str:
        """Return the points under the cursor of the chosen chart."""
        traces = self._data.traces(self.page.chosen, self.view)
        return tab_separated(self.page.chosen, traces, self.view.cursor)

    def on_show(self) -> None:
        """Read what was not read while hidden."""
        self._read_on()

    def on_resize(self) -> None:
        """Show as many charts as fit now."""
        self._read_on()

    @work(group="histories", exclusive=True)
    async def _read_on(self) -> None:
        if self._reading.locked():
            self._draw()
        try:
            async with self._reading:
                await self._read()
        except ServiceError as error:
            self._complain(error)

    async def _read(self) -> None:
        """Read until everything in view is cached, drawing each time."""
        data = self._data
        answered: set[tuple[str, str]] = set()
        for _ in range(ROUNDS):
            self._choose_charts()
            requests = data.requests(self.in_view, self.view) if self.size else []
            requests = [each for each in requests if (each.run_id, each.key) not in answered]
            self._uncached = data.uncached(requests)
            self._draw()
            if not requests:
                return
            running = {run.run_id for run in data.runs if run.is_running}
            store = shell_of(self).settings.store
            limit = POINTS if len(data.runs) <= FEW_RUNS else POINTS // 2
            histories = await ask(
                self, metrics.read_histories, store, requests, limit=limit, seconds=READ_SECONDS
            )
            answered |= {(history.run_id, history.key) for history in histories}
            data.cache.apply(requests, histories, running)
            self.post_message(self.Read())
        self._uncached = 0
        self._draw()

    @property
    def in_view(self) -> tuple[str, ...]:
        """The metrics whose charts are in view."""
        return self._panels.keys_in_view(self.page)

    def _choose_charts(self) -> None:
        self.page = self.page.of(self._data.drawable_keys)

    def _draw(self) -> None:
        self._choose_charts()
        self._panels.show(self.page, self._data, self.view)
        number = self.page.number(self._panels.capacity(self.page))
        text = summary(self.view, number, self._uncached) if self.page.keys else ""
        self.query_one(Static).update(text)

    def _complain(self, error: ServiceError) -> None:
        self.notify(one_line(str(error), 600), severity="error", markup=False)

    def set_view(self, view: ChartView) -> None:
        """Draw the charts in another view."""
        self.view = view
        self._read_on()

    def set_page(self, page: ChartPage) -> None:
        """Show other charts."""
        self.page = page
        self._read_on()

    def action_read(self, by: int) -> None:
        """Move the cursor along the points of the chosen chart."""
        traces = self._data.traces(self.page.chosen, self.view)
        xs = [x for trace in traces for x in trace.curve.xs if holds(self.view.limits.x, x)]
        stride = max(1, len(set(xs)) // STEPS_ACROSS)
        self.view = replace(self.view, cursor=moved(xs, self.view.cursor, by * stride))
        self._draw()

    def action_choose(self, by: int) -> None:
        """Choose another chart."""
        self.set_page(self.page.moved(by))

    def action_page(self, by: int) -> None:
        """Turn a page."""
        self.set_page(self.page.moved(by * self._panels.capacity(self.page)))

    def action_first(self) -> None:
        """Choose the first chart."""
        self.set_page(self.page.moved(-len(self.page.keys)))

    def action_last(self) -> None:
        """Choose the last chart."""
        self.set_page(self.page.moved(len(self.page.keys)))

    def action_enlarge(self) -> None:
        """Show the chosen chart alone, or all again."""
        self.set_page(replace(self.page, is_enlarged=not self.page.is_enlarged))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to the screen where there is nothing to leave."""
        if action == "leave" and not self.page.is_enlarged and self.view.cursor is None:
            return False
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Put the cursor away, else show all charts again."""
        if self.view.cursor is not None:
            self.set_view(replace(self.view, cursor=None))
        else:
            self.set_page(replace(self.page, is_enlarged=False))

    def action_next_axis(self) -> None:
        """Draw along the next x axis."""
        self.set_view(self.view.along_next_axis())

    def action_log(self) -> None:
        """Make the y axis logarithmic, or linear."""
        self.set_view(replace(self.view, is_log=not self.view.is_log))

    def action_smooth(self, by: int) -> None:
        """Smooth more, or less."""
        self.set_view(self.view.smoother(by))

    def action_outliers(self) -> None:
        """Hide outliers, or show them."""
        self.set_view(replace(self.view, hides_outliers=not self.view.hides_outliers))

    def action_zoom(self, factor: float) -> None:
        """Zoom in, or out."""
        if whole := self._data.x_range(self.in_view, self.view.x_axis):
            self.set_view(self.view.zoomed(whole, factor))

    def action_pan(self, share: float) -> None:
        """Move what is in view to the left, or to the right."""
        if whole := self._data.x_range(self.in_view, self.view.x_axis):
            self.set_view(self.view.panned(whole, share))

    def action_reset(self) -> None:
        """Show the whole curves."""
        self.set_view(replace(self.view, limits=EVERYTHING))

    def action_layout(self) -> None:
        """Show more or fewer charts at once."""
        self.set_page(self.page.in_layout_after())

    def action_set_limits(self) -> None:
        """Ask for the limits of the axes."""

        def apply(text: str | None) -> None:
            if text is not None:
                self.set_view(replace(self.view, limits=parse_limits(text)))

        explain = f"Like {EXAMPLE}; an end left out is open, nothing shows all."
        limits = str(self.view.limits)
        dialog = LineDialog("Limits of the axes", limits, explain=explain, problem=_problem)
        shell_of(self).push_screen(dialog, apply)

    def action_flip_direction(self) -> None:
        """Set for the chosen metric whether lower or higher is better; that is remembered."""
        if key := self.page.chosen:
            shell_of(self).run_worker(self._flip_direction(key), group="direction")

    async def _flip_direction(self, key: str) -> None:
        shell, flipped = shell_of(self), self._data.direction(key).opposite
        try:
            self._data.directions = await shell.backend.call(
                metric_directions.set_direction, shell.settings.state_dir, key, flipped
            )
        except ServiceError as error:
            self._complain(error)
        if not is_leaving(self):
            self._draw()

    def on_click(self, event: Click) -> None:
        """Choose the chart that was clicked."""
        clicked, _ = self.screen.get_widget_at(event.screen_x, event.screen_y)
        if key := self._panels.key_of(clicked, self.page):
            self.set_page(self.page.picked(key))


def _problem(text: str) -> str:
    try:
        parse_limits(text)
    except InvalidInput as error:
        return str(error)
    return ""
