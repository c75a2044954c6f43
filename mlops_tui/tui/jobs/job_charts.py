"""The metrics of a job: their last values, live charts of them where there is room."""

from time import monotonic
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.services.jobs import job_runs
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.charts.run_style import RunStyle, run_styles
from mlops_tui.tui.jobs.job_metrics_text import metrics_line, why_no_charts
from mlops_tui.tui.kit.formatting import duration
from mlops_tui.tui.kit.freshness import Freshness
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.shell import shell_of

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.watched_runs import WatchedRuns


LATE_AFTER = 3
"""Refresh intervals after which a store that has not answered is told of."""


class JobCharts(Vertical):
    """Follows the runs of one job; its owner calls ``renew`` at each refresh.

    It reads beside its owner, for whom a store that hangs is no reason to keep back a log.
    """

    DEFAULT_CSS = """
    JobCharts > SteadyText { height: auto; max-height: 2; padding: 0 1; }
    JobCharts > SteadyText { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.grid = ChartGrid()
        self._job: ProcessRecord | None = None
        self._seen: WatchedRuns | None = None
        self._settled: dict[str, WatchedRuns] = {}
        """By job: what will not change any more."""
        self._failure = ""
        self._asked_at = 0.0
        self._anew = False
        """Whether the next read is of all histories, also of what is cached."""

    def compose(self) -> ComposeResult:
        """Put the values above the charts."""
        yield SteadyText(id="values")
        yield self.grid

    def on_mount(self) -> None:
        """Begin to keep time."""
        self._freshness = Freshness(shell_of(self).settings.refresh_interval)

    def follow(self, job: ProcessRecord | None) -> None:
        """Show the metrics of another job, or of the same as it is now."""
        is_other = job is None or self._job is None or job.process_id != self._job.process_id
        self._job = job
        if is_other:
            self._seen = self._settled.get(job.process_id) if job else None
            self._failure = ""
            self._freshness.hurry()
            self.grid.show_cached(self._runs(), self._keys())
            self._show_values()

    def renew(self, *, anew: bool = False) -> None:
        """Read what is new, unless that is going on, or there is nothing new to come."""
        if anew:
            self._anew = True
            self._settled.clear()
            self._freshness.hurry()
        job = self._job
        may_change = job is not None and job.process_id not in self._settled and not plan_of(job)
        if is_working(self, "metrics"):
            self._show_values()
        elif may_change and self._freshness.is_due:
            self._read()

    @work(group="metrics")
    async def _read(self) -> None:
        read = None
        while (job := self._job) is not None and job.process_id != read:
            read = job.process_id
            try:
                await self._read_job(job)
            except ServiceError as error:
                self._freshness.failed(error)
                self._failure = str(error)
            else:
                self._freshness.succeeded()
                self._failure = ""
            self._show_values()

    async def _read_job(self, job: ProcessRecord) -> None:
        """Read the runs of a job; their histories where something in the runs has changed."""
        self._asked_at = monotonic()
        watched = await ask(self, job_runs.watched_runs, shell_of(self).settings.store, job)
        if self._job is None or self._job.process_id != job.process_id:
            return
        changed, self._seen = watched != self._seen, watched
        if changed or self._failure or self._anew:
            self._show_values()
            await self._read_histories()
        if watched.is_settled and not job.state.is_active and not self._anew:
            self._settled[job.process_id] = watched

    async def _read_histories(self) -> None:
        """Read the histories, all of them if that was requested since they were last read."""
        anew, self._anew = self._anew, False
        try:
            await self.grid.load(self._runs(), self._keys(), anew=anew)
        except BaseException:
            self._anew = self._anew or anew
            raise

    def _runs(self) -> tuple[RunStyle, ...]:
        """Return the runs with a look that stays when a newer one comes, newest first."""
        runs = reversed(self._seen.measured if self._seen else ())
        looks = run_styles((r.run_id, r.name, r.status is RunStatus.RUNNING) for r in runs)
        return looks[::-1]

    def _keys(self) -> list[str]:
        return list(self._seen.values if self._seen else ())

    @on(ChartGrid.Read)
    def _show_values(self) -> None:
        """Show the values that no chart shows, or why there are none."""
        shows_charts = self.grid.size.height > 0
        trouble = self._trouble()
        text = Text(f"✗ {one_line(trouble, 400)}" if trouble else "", "bold")
        if self._seen is not None and self._seen.measured:
            hidden = self._drawn() if shows_charts else set[str]()
            line = metrics_line(self._seen, self._runs() if shows_charts else (), hidden)
            text = Text("\n").join(filter(None, (text, line)))
        elif self._job is not None and shows_charts and not text:
            text = Text(why_no_charts(self._job, self._seen), "dim")
        self.query_one("#values", SteadyText).update(text)
        self.query_one("#values").display = bool(text)

    def _drawn(self) -> set[str]:
        """Return the metrics that have a chart; one that nobody has turned to yet may have none."""
        has_curve = self.grid.has_curve
        in_view = {key for key in self.grid.in_view if has_curve(key) is not False}
        return in_view | {key for key in self._keys() if has_curve(key)}

    def _trouble(self) -> str:
        """Return why what is shown may be old."""
        waited = monotonic() - self._asked_at
        is_late = waited > LATE_AFTER * shell_of(self).settings.refresh_interval
        if is_late and is_working(self, "metrics"):
            return f"The store has not answered for {duration(waited * 1000)}."
        return self._failure

    def on_resize(self) -> None:
        """Show what is right for the new size."""
        self._show_values()
