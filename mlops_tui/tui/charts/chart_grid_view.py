"""How charts beside each other look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.message import Message
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.direction import Direction, guess_direction
from mlops_tui.domain.metrics.metric import HistoryWish
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.metrics import metric_directions, metrics
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.charts.chart_page import LAYOUTS, ChartPage
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.held_histories import POINTS, HeldHistories
from mlops_tui.tui.charts.run_look import ChartedRun
from mlops_tui.tui.charts.trace import Trace, copied, place, reading, reduction, stretch, trace_of
from mlops_tui.tui.kit.app_access import ask
from mlops_tui.tui.shell import shell_of

ROUNDS = 24
"""Times that more is read of what is in view, or after metrics without a curve were found."""

AT_ONCE = 0.5
"""Seconds of reading after which what was read is drawn."""

LAST_STEP = 2**63 - 1
"""The greatest step that a store can hold."""

FEW_RUNS = 3
"""Runs on one chart up to which each has as many points as a wide terminal has dots."""


class ChartGridView(Vertical):
    """Charts of metrics, one curve per run; reads the histories of what is in view only."""

    DEFAULT_CSS = """
    ChartGridView { height: 1fr; }
    ChartGridView > Static { height: 1; color: $text-muted; }
    ChartGridView > Grid { height: 1fr; grid-gutter: 0 1; }
    """

    @dataclass
    class Read(Message):
        """Histories were read: which metrics have a curve may have changed."""

    def __init__(self) -> None:
        super().__init__()
        self.view = ChartView()
        self.page = ChartPage()
        self._runs: tuple[ChartedRun, ...] = ()
        self._keys: tuple[str, ...] = ()
        self._held = HeldHistories()
        self._directions: Mapping[str, Direction] | None = None
        self._missing = 0
        """Curves in view that are being read."""

    def compose(self) -> ComposeResult:
        """Put the charts below a line that says how they are drawn."""
        yield Static(markup=False)
        with Grid():
            yield from (Chart() for _ in range(LAYOUTS[0]))

    def on_mount(self) -> None:
        """Show no chart yet."""
        self.draw_charts()

    async def load(
        self, runs: Sequence[ChartedRun], keys: Sequence[str], *, anew: bool = False
    ) -> None:
        """Show these metrics of these runs, reading what is missing; raises ``ServiceError``."""
        if anew:
            self._held.clear()
        self._runs, self._keys = tuple(runs), tuple(keys)
        if self._directions is None:
            state_dir = shell_of(self).settings.state_dir
            self._directions = await ask(self, metric_directions.read_directions, state_dir)
        await self._read()

    def show_keys(self, keys: Sequence[str]) -> None:
        """Show other metrics of the same runs."""
        self._keys = tuple(keys)
        self._read_on()

    def show(self, runs: Sequence[ChartedRun], keys: Sequence[str]) -> None:
        """Show these metrics of these runs as far as they are known."""
        self._runs, self._keys = tuple(runs), tuple(keys)
        self.draw_charts()

    def has_curve(self, key: str) -> bool | None:
        """Return whether a metric has more than one point in a run, None when not known yet."""
        known = [self._held.get(run.run_id, key) for run in self._runs]
        if any(history and len(history.values) > 1 for history in known):
            return True
        return False if all(known) else None

    def copyable(self) -> str:
        """Return the points under the cursor of the chosen chart."""
        return copied(self.page.chosen, self.traces(self.page.chosen), self.view.cursor)

    def on_show(self) -> None:
        """Read what was not read while hidden."""
        self._read_on()

    def on_resize(self) -> None:
        """Show as many charts as fit now."""
        self._read_on()

    @work(group="histories", exclusive=True)
    async def _read_on(self) -> None:
        try:
            await self._read()
        except ServiceError as error:
            self.notify(one_line(str(error), 600), severity="error", markup=False)

    async def _read(self) -> None:
        asked: set[tuple[str, str]] = set()
        for _ in range(ROUNDS):
            self._choose_charts()
            wishes = [w for w in self._wishes() if (w.run_id, w.key) not in asked]
            self._missing = sum(self._held.get(w.run_id, w.key) is None for w in wishes)
            self.draw_charts()
            if not wishes:
                return
            running = {run.run_id for run in self._runs if run.is_running}
            store = shell_of(self).settings.store
            limit = POINTS if len(self._runs) <= FEW_RUNS else POINTS // 2
            found = await ask(
                self, metrics.read_histories, store, wishes, limit=limit, seconds=AT_ONCE
            )
            asked |= {(history.run_id, history.key) for history in found}
            self._held.take(wishes, found, running)
            self.post_message(self.Read())
        self._missing = 0
        self.draw_charts()

    def _wishes(self) -> list[HistoryWish]:
        """Return what is missing in view; close by, the points between those known so far."""
        if not self.size:
            return []
        keys = self.in_view
        close = (self._held.close_wish(w) for key in keys for w in self._close(key))
        return self._held.wishes(self._runs, keys) or [wish for wish in close if wish]

    def _close(self, key: str) -> list[HistoryWish]:
        low, high = self.view.limits.x
        if self.view.x_axis is not XAxis.STEP or low is None or high is None:
            return []
        first, last = max(int(low), -LAST_STEP), min(int(high) + 1, LAST_STEP)
        return [HistoryWish(run.run_id, key, first, last) for run in self._runs]

    @property
    def in_view(self) -> tuple[str, ...]:
        """The metrics whose charts are in view."""
        return self.page.in_view(self.capacity)

    @property
    def capacity(self) -> int:
        """How many charts fit."""
        columns, rows = self.page.grid(*self.query_one(Grid).size)
        return columns * rows

    def traces(self, key: str) -> list[Trace]:
        """Return the curves of a metric, as far as they are known."""
        close = {wish.run_id: wish for wish in self._close(key)}
        direction = self.direction(key)
        histories = (
            (run, self._held.seen(close.get(run.run_id) or HistoryWish(run.run_id, key)))
            for run in self._runs
        )
        return [trace_of(h, run, self.view, direction) for run, h in histories if h and h.values]

    def direction(self, key: str) -> Direction:
        """Return whether less is better in a metric: as was set, else by its name."""
        return (self._directions or {}).get(key) or guess_direction(key)

    def draw_charts(self) -> None:
        """Draw the charts in view from what is known."""
        self._choose_charts()
        grid, charts = self.query_one(Grid), list(self.query(Chart))
        columns, rows = self.page.grid(*grid.size)
        grid.styles.grid_size_columns, grid.styles.grid_size_rows = columns, rows
        keys = self.in_view
        for number, chart in enumerate(charts):
            chart.display = number < len(keys)
            if chart.display:
                self._draw_chart(chart, keys[number], is_only=len(keys) == 1)
        self.query_one(Static).update(self._summary())

    def _choose_charts(self) -> None:
        """Leave out the metrics that are known to have no curve."""
        self.page = self.page.of([key for key in self._keys if self.has_curve(key) is not False])

    def _draw_chart(self, chart: Chart, key: str, *, is_only: bool) -> None:
        chart.entitle(key, is_chosen=key == self.page.chosen and not is_only)
        traces = self.traces(key)
        if not traces:
            chart.say("reading…" if self.has_curve(key) is None else "Nothing to draw.")
            return
        view = self.view
        frame = Frame(view.x_axis, view.x_axis, view.is_log, view.hides_outliers, view.limits)
        series = [each for trace in traces for each in trace.series()]
        known = [self._held.get(run.run_id, key) for run in self._runs]
        note, said = reduction(known), reading(traces, view)
        chart.plot(series, frame, note=note, reading=said, cursor=view.cursor)

    def _summary(self) -> str:
        number, count = self.page.number(self.capacity)
        parts = [str(self.view)]
        between = stretch(self.view.limits.x, self.view.x_axis)
        parts += [between] if between else []
        parts += [f"reading {self._missing:,} curves…"] if self._missing > 1 else []
        parts += [f"page {number} of {count}"] if count > 1 else []
        cursor = self.view.cursor
        parts += [f"┊ {place(cursor, self.view.x_axis)}"] if cursor is not None else []
        return " · ".join(parts) if self.page.keys else ""

    def look(self, view: ChartView) -> None:
        """Look at the charts in another way."""
        self.view = view
        self._read_on()

    def turn_to(self, page: ChartPage) -> None:
        """Show other charts."""
        self.page = page
        self._read_on()
