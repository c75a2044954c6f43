"""Training jobs, with the metrics and the log of the one under the cursor."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import DescendantBlur

from mlops_tui.domain.jobs.job_differences import differences
from mlops_tui.domain.jobs.job_queue import JobQueue, listed
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import RUN, ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.domain.with_store_uri import with_recorded_uri
from mlops_tui.services.jobs import job_queue
from mlops_tui.services.runs import runs
from mlops_tui.services.sweeps import sweeps
from mlops_tui.tui.jobs import queue_actions
from mlops_tui.tui.jobs.job_cells import columns, job_cell, progress_words, reason
from mlops_tui.tui.jobs.job_charts import JobCharts
from mlops_tui.tui.jobs.job_keys import TRAINING
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.service_call import is_leaving
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.logs.log_pane import ProcessLog
from mlops_tui.tui.processes import process_actions

CHARTS = "-charts"
"""The class of the pane while charts stand in the place of the log, where it is narrow."""

NO_JOBS = "No training jobs yet. Press n to launch one; it runs on when you quit."

OF_JOB = frozenset(key.action_name for key in TRAINING.keys) - {
    "new_job",
    "sweep",
    "attach",
    "slots",
}
"""Actions that are about the job under the cursor."""


class JobsPane(Pane):
    """The jobs with their queue; the keys are about the job under the cursor.

    They work in its charts and in its log, too.
    """

    BINDINGS = bindings(TRAINING)

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, ProcessRecord] = {}
        self.queue = JobQueue(0, 0)
        self._goal = ""
        self._starting = ""
        """What is being started, until its row is there."""
        self._differences: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Put the jobs, with their metrics, above the log or beside it; the queue above both."""
        yield SteadyText(id="summary")
        with Vertical(classes="halves"):
            with Vertical(classes="pane", id="listed"):
                yield Table(id="jobs", classes="pane")
                yield JobCharts()
            with Vertical(classes="pane", id="watch"):
                yield SteadyText(id="reason")
                yield ProcessLog(ProcessKind.JOB)

    async def load(self) -> None:
        """Read the records with what is new in the log; raises ``ServiceError``."""
        found, self.queue = await self.host.ask(job_queue.read_jobs, self.shell.settings.state_dir)
        self.jobs = {job.process_id: job for job in listed(found, self.queue)}
        self._differences = differences(found)
        table = self.query_one("#jobs", Table)
        table.show(list(self.jobs), self._cell, columns(found))
        if self._goal in self.jobs:
            table.move_to(self._goal)
            self._goal = self._starting = ""
        self._show_starting()
        self._follow_cursor()
        self.query_one(JobCharts).renew()
        await self.query_one(ProcessLog).load()
        self._show_progress()

    def go_to(self, job: ProcessRecord) -> None:
        """Put the cursor on a job as soon as it is listed."""
        self._goal = job.process_id
        self.host.action_refresh_data()

    def expect(self, sentence: str) -> None:
        """Say what is being started until its row is there."""
        self._starting = sentence
        self._show_starting()

    def _show_starting(self) -> None:
        parts = filter(None, (self._starting, self.queue.summary()))
        self.query_one("#summary", SteadyText).update(" · ".join(parts))
        self.query_one("#jobs", Table).say(self._starting or NO_JOBS)

    def forget_metrics(self) -> None:
        """Let the metrics of all jobs be read anew, also of those that have ended."""
        self.query_one(JobCharts).renew(anew=True)

    def _cell(self, job_id: str, column: str) -> Text:
        return job_cell(self.jobs[job_id], column, self.queue, self._differences.get(job_id, ""))

    @property
    def current(self) -> ProcessRecord | None:
        """The job under the cursor."""
        return self.jobs.get(self.query_one("#jobs", Table).cursor_key or "")

    @on(Table.Highlighted, "#jobs")
    def _highlighted(self) -> None:
        self._follow_cursor()
        self.host.action_refresh_data()

    def _follow_cursor(self) -> None:
        """Show log and metrics of the job under the cursor; offer the keys that do something."""
        job = self.current
        self.refresh_keys()
        self.query_one(ProcessLog).follow(None if job is None or job.has_no_process else job)
        self.query_one(JobCharts).follow(job)
        words = reason(job, self.queue) if job else ""
        if job and self._why_elsewhere(job):
            words = f"{words} On {one_line(job.store, 200)}.".strip()
        self.query_one("#reason", SteadyText).update(plain(words, "bold"))
        self._show_progress()

    def _show_progress(self) -> None:
        """Show what the log of a running job says of its progress, in place of the reason."""
        job, progress = self.current, self.query_one(ProcessLog).progress
        if job is None or not job.state.is_active:
            return
        if progress is not None:
            self.query_one("#reason", SteadyText).update(Text(progress_words(progress)))

    @on(Table.Opened, "#jobs")
    def _opened(self) -> None:
        if self.current is not None and plan_of(self.current):
            if elsewhere := self._why_elsewhere(self.current):
                self.host.why_not(elsewhere)
            else:
                self.shell.navigation.open_sweep(self.current)
        elif self.query_one(ProcessLog).display:
            self.query_one(ProcessLog).focus_log()
        else:
            self.query_one(JobCharts).grid.focus()

    def copyable(self) -> str:
        """Return the job's command line, in the charts the points under the cursor."""
        grid = self.query_one(JobCharts).grid
        if grid.has_focus:
            return grid.copyable()
        if self.current is None:
            return ""
        command = process_actions.command_line(self.current)
        return with_recorded_uri(command, self.current.store, self.shell.settings.store)

    def action_metrics(self) -> None:
        """Put the charts in the place of the log, or back; go to them where both have room."""
        grid, log = self.query_one(JobCharts).grid, self.query_one(ProcessLog)
        if self.host.has_class("-wide", "-widest"):
            (self.query_one("#jobs") if grid.has_focus else grid).focus()
            return
        hides = log if self.toggle_class(CHARTS).has_class(CHARTS) else grid
        if hides.has_focus_within:
            self.query_one("#jobs").focus()

    @on(DescendantBlur)
    def _lost_focus(self) -> None:
        self.call_after_refresh(self._keep_focus)

    def _keep_focus(self) -> None:
        """Focus the jobs where what had the focus was hidden, in a smaller terminal perhaps."""
        if not is_leaving(self) and self.host.focused is None and self.app.app_focus:
            self.query_one("#jobs").focus()

    def action_new_job(self) -> None:
        """Launch a training job."""
        from mlops_tui.tui.launching.launching import launch_new

        self.host.begin(launch_new(self.host, self.go_to))

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the job under the cursor."""
        if (reason := super().why_unavailable(action)) or action not in OF_JOB:
            return reason
        return _why_not(action, self.current, self.queue)

    def action_again(self) -> None:
        """Launch the job under the cursor again, with other values or the same."""
        from mlops_tui.services.jobs.forms import form_of_job
        from mlops_tui.tui.launching.launching import launch_again
        from mlops_tui.tui.launching.sweeping import sweep_again

        if (job := self.current) is None:
            return
        if plan_of(job):
            self.host.begin(sweep_again(self.host, job.process_id, self.go_to))
            return
        self.host.begin(
            launch_again(
                self.host,
                lambda context: self.host.ask(form_of_job, context, job.process_id),
                self.go_to,
            )
        )

    def action_attach(self) -> None:
        """Watch what was not launched here."""
        from mlops_tui.tui.processes.attaching import attach

        self.host.begin(attach(self.host, self.go_to))

    def action_sweep(self) -> None:
        """Launch a sweep: trials over parameters."""
        from mlops_tui.tui.launching.sweeping import sweep_new

        self.host.begin(sweep_new(self.host, self.go_to))

    def action_go_on(self) -> None:
        """Make the trials that the sweep under the cursor has left."""
        from mlops_tui.tui.launching.sweeping import go_on

        if self.current:
            self.host.begin(go_on(self.host, self.current, self.go_to))

    def action_stop(self) -> None:
        """Stop the job."""
        if self.current:
            self.host.begin(process_actions.stop(self.host, self.current))

    def action_remove(self) -> None:
        """Remove an ended job with its log; one that is only watched runs on."""
        if self.current:
            self.host.begin(process_actions.remove(self.host, self.current))

    def action_settle(self) -> None:
        """Settle the runs that an ended job left RUNNING, because the store was away perhaps."""
        if self.current:
            self.host.begin(process_actions.settle(self.host, self.current))

    def action_move(self, places: int) -> None:
        """Let the waiting job start later or earlier."""
        queue_actions.move(self.host, self.current, self.queue, places)

    def action_hold(self) -> None:
        """Hold the waiting job, or release it."""
        queue_actions.hold_or_release(self.host, self.current, self.queue)

    def action_slots(self) -> None:
        """Set how many jobs may run at once."""
        self.host.begin(queue_actions.ask_slots(self.host, self.queue))

    def action_view_run(self) -> None:
        """Go to the job's newest run."""
        if self.current is None:
            return
        if elsewhere := self._why_elsewhere(self.current):
            self.host.why_not(elsewhere)
        else:
            self.host.begin(self._view_run(self.current))

    def _why_elsewhere(self, job: ProcessRecord) -> str:
        """Return why the runs of a job cannot be shown here: they are in another store."""
        if job.store in ("", self.shell.settings.store.label):
            return ""
        return f"Its runs are in {one_line(job.store, 200)}: @ opens that store."

    async def _view_run(self, job: ProcessRecord) -> None:
        store = self.shell.settings.store
        if run_id := job.details.get(RUN):
            self.shell.navigation.open_run(run_id)
            return
        if plan_of(job):
            self.shell.navigation.open_run(
                await self.host.ask(sweeps.sweep_of_job, store, job.process_id)
            )
            return
        found = await self.host.ask(runs.runs_of_job, store, job.process_id)
        if found:
            self.shell.navigation.open_run(found[0].run_id)
        else:
            self.host.why_not("The job has created no run yet.")


def _why_not(action: str, job: ProcessRecord | None, queue: JobQueue) -> str:
    """Return why an action can do nothing with a job, empty if it can."""
    match action:
        case "stop":
            return _why_not_stopped(job)
        case "remove" if job is None or not _can_be_removed(job):
            return "Only a job that has ended can be removed; x stops one."
        case "settle" if job is None or job.is_underway:
            return "Only the runs of a job that has ended can be settled."
        case "go_on" if job is None or not plan_of(job) or job.is_underway:
            return "Only a sweep that has ended can be continued."
        case "hold" | "move" if job is not None:
            return queue_actions.why_not_waiting(job, queue)
    return "There is no job under the cursor." if job is None else ""


def _why_not_stopped(job: ProcessRecord | None) -> str:
    if job is None or not job.is_underway:
        return "There is no running job under the cursor."
    if job.has_no_process:
        return "Its process is not known here: stop it where it runs."
    return job.reason if job.state is ProcessState.ELSEWHERE else ""


def _can_be_removed(job: ProcessRecord) -> bool:
    return not job.is_underway or job.is_attached or job.state is ProcessState.ELSEWHERE
