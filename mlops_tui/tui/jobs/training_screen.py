"""Training jobs, with the log of the one under the cursor."""

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from mlops_tui.domain.jobs.job_differences import differences
from mlops_tui.domain.jobs.job_queue import listed
from mlops_tui.domain.on_store import on_store
from mlops_tui.domain.processes.process import RUN, ProcessKind, ProcessRecord
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.services.jobs import job_queue
from mlops_tui.services.runs import runs
from mlops_tui.services.sweeps import sweeps
from mlops_tui.tui.jobs.job_cells import columns, job_cell, reason
from mlops_tui.tui.jobs.job_charts import JobCharts
from mlops_tui.tui.jobs.job_keys import TRAINING
from mlops_tui.tui.jobs.job_writing import JobWritingScreen
from mlops_tui.tui.jobs.machine_load_line import BoxLoadLine
from mlops_tui.tui.jobs.progress_text import progress_words
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.logs.log_pane import ProcessLog
from mlops_tui.tui.processes import process_actions

CHARTS = "-charts"
"""The class of the screen while charts stand in the place of the log, where it is narrow."""

NO_JOBS = "No training jobs yet. Press n to launch one; it runs on when you quit."


class TrainingScreen(JobWritingScreen):
    """Launch jobs, watch them, stop them."""

    MODE = "training"
    WHAT = "jobs"
    TOPICS = frozenset({Topic.JOBS})
    BINDINGS = bindings(TRAINING)
    AUTO_FOCUS = "#jobs"
    HELP = (
        "n launches a job; it is detached: quitting or losing the connection leaves it running, "
        "or waiting until one of the slots (#) is free. x takes a waiting job out of the queue. "
        "M shows charts of what its runs log, in place of the log or beside it."
    )

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, ProcessRecord] = {}
        self._wanted = ""
        self._starting = ""
        """What is being started, until its row is there."""
        self._differences: dict[str, str] = {}

    def compose_body(self) -> Iterable[Widget]:
        """Put the jobs, with their metrics, above the log or beside it; load, queue above both."""
        yield BoxLoadLine()
        yield SteadyText(id="summary")
        with Vertical(classes="halves"):
            with Vertical(classes="pane", id="listed"):
                yield Table(id="jobs", classes="pane")
                yield JobCharts()
            with Vertical(classes="pane", id="watch"):
                yield SteadyText(id="reason")
                yield ProcessLog(ProcessKind.JOB)

    async def load(self) -> None:
        """Read the records with what is new in the log."""
        self.query_one(BoxLoadLine).renew()
        found, self.queue = await self.ask(job_queue.read_jobs, self.shell.settings.state_dir)
        self.jobs = {job.process_id: job for job in listed(found, self.queue)}
        self._differences = differences(found)
        table = self.query_one("#jobs", Table)
        table.show(list(self.jobs), self._cell, columns(found))
        if self._wanted in self.jobs:
            table.move_to(self._wanted)
            self._wanted = self._starting = ""
        self._say_what_starts()
        self._watch()
        self.query_one(JobCharts).renew()
        await self.query_one(ProcessLog).load()
        self._say_how_far()

    def go_to(self, job: ProcessRecord) -> None:
        """Put the cursor on a job as soon as it is listed."""
        self._wanted = job.process_id
        self.action_refresh_data()

    def expect(self, sentence: str) -> None:
        """Say what is being started until its row is there."""
        self._starting = sentence
        self._say_what_starts()

    def _say_what_starts(self) -> None:
        parts = filter(None, (self._starting, self.queue.summary()))
        self.query_one("#summary", SteadyText).update(" · ".join(parts))
        self.query_one("#jobs", Table).say(self._starting or NO_JOBS)

    def _cell(self, job_id: str, column: str) -> Text:
        return job_cell(self.jobs[job_id], column, self.queue, self._differences.get(job_id, ""))

    @property
    def current(self) -> ProcessRecord | None:
        """The job under the cursor."""
        return self.jobs.get(self.query_one("#jobs", Table).cursor_key or "")

    @on(Table.Highlighted, "#jobs")
    def _highlighted(self) -> None:
        self._watch()
        self.action_refresh_data()

    def _watch(self) -> None:
        job = self.current
        self.query_one(ProcessLog).follow(None if job is None or job.is_run_alone else job)
        self.query_one(JobCharts).follow(job)
        words = reason(job, self.queue) if job else ""
        self.query_one("#reason", SteadyText).update(plain(words, "bold"))
        self._say_how_far()

    def _say_how_far(self) -> None:
        """Show what the log of a running job says of its progress, beside what went wrong."""
        job, progress = self.current, self.query_one(ProcessLog).progress
        if job is None or not job.state.is_active:
            return
        if progress is not None:
            self.query_one("#reason", SteadyText).update(Text(progress_words(progress)))

    @on(Table.Opened, "#jobs")
    def _opened(self) -> None:
        if self.current is not None and plan_of(self.current):
            self.shell.open_sweep(self.current)
        elif self.shows_charts_alone:
            self.query_one(JobCharts).grid.focus()
        else:
            self.query_one(ProcessLog).focus_log()

    @property
    def shows_charts_alone(self) -> bool:
        """Whether there is no room for the log beside the charts."""
        return not self.query_one(ProcessLog).display

    def action_metrics(self) -> None:
        """Put the charts in the place of the log, or back; go to them where both have room."""
        grid = self.query_one(JobCharts).grid
        if self.has_class("-wide", "-widest"):
            (self.query_one("#jobs") if grid.has_focus else grid).focus()
        else:
            self.toggle_class(CHARTS)
            if self.focused is None or not self.focused.display:
                self.query_one("#jobs").focus()

    def has_way_back(self) -> bool:
        """Return whether the list has lost the keys to what is below."""
        return self.focused is not None and self.focused.id != "jobs"

    def action_back(self) -> None:
        """Leave the log for the list."""
        self.query_one("#jobs").focus()

    def action_reread(self) -> None:
        """Read everything anew, also the metrics of jobs that have ended."""
        self.query_one(JobCharts).renew(anew=True)
        super().action_reread()

    def copyable(self) -> str:
        """Return the job's command line, in the charts the points under the cursor."""
        grid = self.query_one(JobCharts).grid
        if grid.has_focus:
            return grid.copyable()
        command = process_actions.command_line(self.current) if self.current else ""
        return on_store(command, self.shell.settings.store)

    def action_view_run(self) -> None:
        """Go to the job's newest run."""
        if self.current is None:
            self.why_not("There is no job under the cursor.")
        else:
            self.begin(self._view_run(self.current))

    async def _view_run(self, job: ProcessRecord) -> None:
        store = self.shell.settings.store
        if run_id := job.details.get(RUN):
            self.shell.open_run(run_id)
            return
        if plan_of(job):
            self.shell.open_run(await self.ask(sweeps.sweep_of_job, store, job.process_id))
            return
        found = await self.ask(runs.runs_of_job, store, job.process_id)
        if found:
            self.shell.open_run(found[0].run_id)
        else:
            self.why_not("The job has created no run yet.")
