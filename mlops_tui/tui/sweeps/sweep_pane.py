"""The best value of a sweep so far, its curve, its trials."""

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import ComposeResult

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.sweeps.trial import Trial, best_trial
from mlops_tui.domain.with_store_uri import with_recorded_uri
from mlops_tui.services.jobs import jobs
from mlops_tui.services.sweeps import sweeps
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.service_call import is_leaving
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.processes import process_actions
from mlops_tui.tui.sweeps import trial_cells
from mlops_tui.tui.sweeps.sweep_keys import SWEEP

if TYPE_CHECKING:
    from mlops_tui.domain.sweeps.sweep import Sweep

FRAME = Frame("trials complete")


class SweepPane(Pane):
    """The trials below the curve of the best so far; the keys are about the sweep."""

    BINDINGS = bindings(SWEEP)
    DEFAULT_CSS = """
    SweepPane #best { height: auto; max-height: 2; padding: 0 1; text-style: bold; }
    SweepPane #curve { height: 35%; min-height: 6; padding: 0 1; }
    SweepPane #trials { height: 1fr; }
    """

    def __init__(self, job: ProcessRecord) -> None:
        super().__init__()
        self.job = job
        self.sweep: Sweep | None = None
        self.trials: dict[str, Trial] = {}
        self._best_first = False

    def compose(self) -> ComposeResult:
        """Put the best above its curve, the trials below."""
        yield SteadyText(id="best")
        yield Chart("Best so far", id="curve")
        yield Table(id="trials", frozen=1)

    async def load(self) -> None:
        """Read the sweep with its trials; raises ``ServiceError``."""
        store, state_dir = self.shell.settings.store, self.shell.settings.state_dir
        known = {job.process_id: job for job in await self.host.ask(jobs.list_jobs, state_dir)}
        self.job = known.get(self.job.process_id, self.job)
        try:
            parent = await self.host.ask(sweeps.sweep_of_job, store, self.job.process_id)
        except NotFound as nothing:
            self.query_one("#best", SteadyText).update(nothing.message)
            self.query_one("#trials", Table).say(nothing.message)
            return
        self.sweep = await self.host.ask(sweeps.read_sweep, store, parent)
        self.job = known.get(self.sweep.run.job_id or "", self.job)
        self._show()

    def _show(self) -> None:
        if self.sweep is None:
            return
        plan, trials = self.sweep.plan, self.sweep.trials
        title = f"{self.sweep.run.name} {self.job.state}. {trial_cells.summary(plan, trials)}"
        self.query_one("#best", SteadyText).update(title)
        chart = self.query_one("#curve", Chart)
        if any(trial.is_complete for trial in trials):
            chart.plot(
                trial_cells.series(plan, trials),
                FRAME,
                readout=trial_cells.reading(plan, trials),
            )
        else:
            chart.say("No trial is complete yet.")
        shown = trial_cells.ordered(trials, plan.direction) if self._best_first else trials
        self.trials = {str(trial.number): trial for trial in shown}
        best = best_trial(trials, plan.direction)
        self.query_one("#trials", Table).say("No trial has created its run yet.")
        self.query_one("#trials", Table).show(
            list(self.trials),
            lambda key, column: self._cell(key, column, best),
            trial_cells.columns(plan, trials),
        )

    def _cell(self, key: str, column: str, best: Trial | None) -> Text:
        return trial_cells.cell(self.trials[key], column, is_best=self.trials[key] == best)

    @on(Table.Opened, "#trials")
    def _opened(self, event: Table.Opened) -> None:
        trial = self.trials.get(event.key)
        if trial and trial.run_id:
            self.shell.navigation.open_run(trial.run_id)

    def copyable(self) -> str:
        """Return the command that makes the same sweep."""
        command = process_actions.command_line(self.job)
        return with_recorded_uri(command, self.job.store, self.shell.settings.store)

    def action_best_first(self) -> None:
        """Put the best trials first, or all by their number."""
        self._best_first = not self._best_first
        self._show()

    def action_compare(self) -> None:
        """Compare the trials that have a run."""
        run_ids = [trial.run_id for trial in self.trials.values() if trial.is_complete]
        if len(run_ids) > 1:
            self.shell.navigation.open_comparison(
                run_ids, self.sweep.plan.metric if self.sweep else ""
            )
        else:
            self.host.why_not("Comparing needs two complete trials.")

    def action_view_run(self) -> None:
        """Go to the run that holds the trials."""
        if self.sweep:
            self.shell.navigation.open_run(self.sweep.run.run_id)

    def action_log(self) -> None:
        """Read the log of the sweep with its trials."""
        self.shell.navigation.open_log("training", self.job)

    def action_stop(self) -> None:
        """Stop the sweep with the trials that run."""
        if self.job.state.is_active:
            self.host.begin(process_actions.stop(self.host, self.job))
        else:
            self.host.why_not("The sweep is not running.")

    def action_go_on(self) -> None:
        """Run the trials that are left."""
        from mlops_tui.tui.launching.sweeping import go_on

        if self.job.state.is_active:
            self.host.why_not("The sweep is still running.")
        else:
            self.host.begin(go_on(self.host, self.job, self._follow))

    def _follow(self, job: ProcessRecord) -> None:
        self.job = job
        if not is_leaving(self):
            self.host.action_refresh_data()
