"""The run under the cursor, beside the table."""

import asyncio
from contextlib import suppress

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.experiments.run_group import Group
from mlops_tui.domain.metrics.interest import by_interest
from mlops_tui.domain.metrics.metric import HistoryRequest, MetricHistory
from mlops_tui.domain.plain_text import counted
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.kit.facts import facts, section
from mlops_tui.tui.kit.formatting import (
    number,
    plain,
    status_cell,
    timestamp,
    took_in_words,
)
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.runs.run_columns import column_title
from mlops_tui.tui.shell import shell_of

LONGEST_TEXT = 72
"""Cells of a name or a note: some three lines, so that metrics and params stay in view.

The run's own page shows all of it.
"""

LONGEST_PARAM = 60
"""Cells of a param's value: two lines."""

REST = 0.3
"""Seconds that the cursor rests on a run before its curve is read."""

CURVES = 3
"""Metrics that are tried until one has several points, the most interesting first."""

POINTS = 200
"""Points of the curve, some two for each dot of its width."""


class RunSummary(VerticalScroll, can_focus=False):
    """Name, state, metrics with one curve, params of one run; what a group of runs comes to."""

    _run: Run | Group | None = None

    def compose(self) -> ComposeResult:
        """Hold what a run is, then its values; the curve is added between them."""
        yield Static(markup=False)
        yield Static(id="values", markup=False)

    def show(self, run: Run | Group | None) -> None:
        """Show a run, a group, or nothing."""
        before, self._run = self._run, run
        if run != before:
            if _id_of(run) != _id_of(before):
                self._hide_curve()
            self._read_curve()
        # How long a run takes grows while nothing else of it changes.
        if run != before or (isinstance(run, Run) and run.ended_at is None):
            self._write()

    def on_show(self) -> None:
        """Write what was not written while there was no room for it."""
        self._write()
        self._read_curve()

    def _write(self) -> None:
        if self.display:
            head, values = _texts(self._run)
            self.query(Static).first().update(head)
            self.query_one("#values", Static).update(values)

    def _hide_curve(self) -> None:
        for chart in self.query("Chart"):
            chart.display = False

    @work(group="curve", exclusive=True)
    async def _read_curve(self) -> None:
        """Read and draw the history of the metric that is looked at first."""
        run = self._run
        if not (self.display and isinstance(run, Run) and run.metrics):
            return
        await asyncio.sleep(REST)
        from mlops_tui.services.metrics import metrics

        store = shell_of(self).settings.store
        # The numbers stay; the run's own page says why no history can be read.
        with suppress(ServiceError):
            for key in by_interest(dict.fromkeys(run.metrics, 1))[:CURVES]:
                requests = [HistoryRequest(run.run_id, key)]
                found = await ask(self, metrics.read_histories, store, requests, limit=POINTS)
                if run is not self._run:
                    return
                if found and len(set(found[0].steps)) > 1:
                    await self._draw_curve(found[0])
                    return

    async def _draw_curve(self, history: MetricHistory) -> None:
        from mlops_tui.tui.charts.chart import Chart, Series

        charts = self.query(Chart)
        chart = charts.first() if charts else Chart()
        if not charts:
            await self.mount(chart, before="#values")
        chart.display = True
        chart.set_title(history.key)
        chart.plot([Series("", history.steps, history.values)])


def _id_of(shown: Run | Group | None) -> str | None:
    return shown.run_id if isinstance(shown, Run) else None


def _texts(shown: Run | Group | None) -> tuple[Text, Text]:
    """Return what a run is, and its values; a group has all in the first."""
    if isinstance(shown, Run):
        return overview(shown), values_of(shown)
    return (group_summary(shown) if shown else Text("")), Text("")


def overview(run: Run) -> Text:
    """Return what is worth knowing of a run at a glance."""
    known = facts(
        {
            "status": status_cell(run.status),
            "started": Text(timestamp(run.started_at) if run.started_at else ""),
            "took": Text(took_in_words(run)),
            "by": _cut(plain(run.user)),
            "note": _cut(plain(run.note)),
        }
    )
    return Text("\n").join([_cut(plain(run.name, "bold")), known])


def values_of(run: Run) -> Text:
    """Return the metrics and the params of a run."""
    params = {key: _cut(plain(text), LONGEST_PARAM) for key, text in sorted(run.params.items())}
    metrics = {key: Text(number(value)) for key, value in sorted(run.metrics.items())}
    return Text("\n").join([section("Metrics", metrics), section("Params", params)])


def group_summary(group: Group) -> Text:
    """Return least, mean, greatest of each measure of a group."""
    parts = [_cut(plain(group.name, "bold")), Text(counted(group.count, "run"))]
    for column, measure in group.measures.items():
        values = {"least": measure.least, "mean": measure.mean, "greatest": measure.greatest}
        found = {name: Text(number(value)) for name, value in values.items()}
        count = {"runs": Text(f"{measure.count:,}")} if measure.count != group.count else {}
        title = _cut(plain(column_title(column), "bold"))
        parts += [Text(), title, facts({**found, **count})]
    return Text("\n").join(parts)


def _cut(text: Text, cells: int = LONGEST_TEXT) -> Text:
    """Cut a foreign text where it is too long for its place; return it."""
    text.truncate(cells, overflow="ellipsis")
    return text
