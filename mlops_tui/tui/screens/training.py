"""Training jobs, with the log of the one under the cursor."""

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from mlops_tui.domain.on_store import on_store
from mlops_tui.domain.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.sweep_plan import plan_of
from mlops_tui.services import jobs, runs, sweeps
from mlops_tui.tui import job_actions
from mlops_tui.tui.control_screen import ControlScreen
from mlops_tui.tui.formatting import age, elapsed, plain, status_cell
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.messages import Topic
from mlops_tui.tui.widgets.process_log import ProcessLog
from mlops_tui.tui.widgets.steady_text import SteadyText
from mlops_tui.tui.widgets.table import Column, Table

COLUMNS = (
    Column("state", "State", 11),
    Column("title", "Job", 20, grow=True),
    Column("elapsed", "Time", 6, justify="right"),
    Column("age", "Age", 5, justify="right"),
    Column("recipe", "Program", 16),
)
NO_JOBS = "No training jobs yet. Press n to launch one; it runs on when you quit."


class TrainingScreen(ControlScreen):
    """Launch jobs, watch them, stop them."""

    MODE = "training"
    TOPICS = frozenset({Topic.JOBS})
    BINDINGS = bindings("training")
    AUTO_FOCUS = "#jobs"
    HELP = "n launches a job; it is detached: quitting or losing the connection leaves it running."

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, ProcessRecord] = {}
        self._wanted = ""

    def compose_body(self) -> Iterable[Widget]:
        """Put the jobs above the log (beside it where there is room)."""
        with Vertical(classes="halves"):
            yield Table(id="jobs", classes="pane")
            with Vertical(classes="pane", id="watch"):
                yield SteadyText(id="reason")
                yield ProcessLog(ProcessKind.JOB)

    async def load(self) -> None:
        """Read the records with what is new in the log."""
        found = await self.ask(jobs.list_jobs, self.room.settings.state_dir)
        self.jobs = {job.process_id: job for job in found}
        table = self.query_one("#jobs", Table)
        table.say(NO_JOBS)
        table.show(list(self.jobs), self._cell, COLUMNS)
        if self._wanted in self.jobs:
            table.move_to(self._wanted)
            self._wanted = ""
        self._watch()
        await self.query_one(ProcessLog).load()

    def go_to(self, job: ProcessRecord) -> None:
        """Put the cursor on a job as soon as it is listed."""
        self._wanted = job.process_id
        self.action_refresh_data()

    def _cell(self, job_id: str, column: str) -> Text:
        job = self.jobs[job_id]
        if column == "state":
            return status_cell(job.state)
        if column == "title":
            return plain(job.title)
        if column == "recipe":
            kind = "sweep " if "sweep" in job.details else ""
            return plain(f"{kind}{job.details.get('recipe', '')}")
        if column == "elapsed":
            return Text(elapsed(job.started_at, job.ended_at))
        return Text(age(job.created_at))

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
        self.query_one("#reason", SteadyText).update(plain(job.reason if job else "", "bold"))
        self.query_one(ProcessLog).follow(job)

    @on(Table.Opened, "#jobs")
    def _opened(self) -> None:
        if self.current is not None and plan_of(self.current):
            self.room.open_sweep(self.current)
        else:
            self.query_one(ProcessLog).focus_log()

    def has_way_back(self) -> bool:
        """Return whether the list has lost the keys to what is below."""
        return not self.query_one("#jobs").has_focus

    def action_back(self) -> None:
        """Leave the log for the list."""
        self.query_one("#jobs").focus()

    def copyable(self) -> str:
        """Return the job's command line."""
        command = job_actions.command_line(self.current) if self.current else ""
        return on_store(command, self.room.settings.store)

    def action_new_job(self) -> None:
        """Launch a training job."""
        from mlops_tui.tui.launching import launch_new

        self.begin(launch_new(self, self.go_to))

    def action_again(self) -> None:
        """Launch the job under the cursor again, with other values or the same."""
        from mlops_tui.services.forms import form_of_job
        from mlops_tui.tui.launching import launch_again
        from mlops_tui.tui.sweeping import sweep_again

        if self.current is None:
            self.why_not("There is no job under the cursor.")
            return
        job_id = self.current.process_id
        if plan_of(self.current):
            self.begin(sweep_again(self, job_id, self.go_to))
            return
        self.begin(
            launch_again(self, lambda place: self.ask(form_of_job, place, job_id), self.go_to)
        )

    def action_sweep(self) -> None:
        """Launch trials over parameters."""
        from mlops_tui.tui.sweeping import sweep_new

        self.begin(sweep_new(self, self.go_to))

    def action_go_on(self) -> None:
        """Make the trials that the sweep under the cursor has left."""
        from mlops_tui.tui.sweeping import go_on

        if self.current is None or not plan_of(self.current) or self.current.state.is_active:
            self.why_not("Only a sweep that has ended goes on.")
        else:
            self.begin(go_on(self, self.current, self.go_to))

    def action_stop(self) -> None:
        """Stop the job."""
        if self.current is None or not self.current.state.is_active:
            self.why_not("There is no running job under the cursor.")
        else:
            self.begin(job_actions.stop(self, self.current))

    def action_remove(self) -> None:
        """Remove an ended job with its log."""
        if self.current is None or self.current.state.is_active:
            self.why_not("Only a job that has ended can be removed; x stops one.")
        else:
            self.begin(job_actions.remove(self, self.current))

    def action_settle(self) -> None:
        """Settle the runs that a lost job left RUNNING."""
        if self.current is None or self.current.state is not ProcessState.LOST:
            self.why_not("Only a lost job needs settling.")
        else:
            self.begin(job_actions.settle(self, self.current))

    def action_view_run(self) -> None:
        """Go to the job's newest run."""
        if self.current is None:
            self.why_not("There is no job under the cursor.")
        else:
            self.begin(self._view_run(self.current))

    async def _view_run(self, job: ProcessRecord) -> None:
        store = self.room.settings.store
        if plan_of(job):
            self.room.open_run(await self.ask(sweeps.sweep_of_job, store, job.process_id))
            return
        found = await self.ask(runs.runs_of_job, store, job.process_id)
        if found:
            self.room.open_run(found[0].run_id)
        else:
            self.why_not("The job has created no run yet.")
