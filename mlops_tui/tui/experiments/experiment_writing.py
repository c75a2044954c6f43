"""Changing experiments beside their runs."""

from textual import on

from mlops_tui.domain.experiments.experiment import Experiment
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.runs.live_jobs import live_jobs
from mlops_tui.tui.runs.run_writing import RunWritingScreen

OF_RUNS = frozenset({"edit_tags", "settle", "register", "mark_shown"})
"""Actions that an experiment has not."""


class ExperimentWritingScreen(RunWritingScreen):
    """A screen of experiments (``#experiments``) with the runs of one (``#runs``).

    The keys are about the experiments while their pane has the focus, else about the marked runs,
    else about the run under the cursor. The app keeps the marks.
    """

    TAKES_MARKS = True

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Experiment] = {}
        self.chosen: str | None = None
        self.run_list = RunList()
        self.shows_deleted_experiments = False
        self.goal = ""
        """The experiment that the cursor is to go to as soon as it is read."""

    @property
    def current(self) -> Run | None:
        """The run under the cursor."""
        return self.run_list.get(self.query_one("#runs", Table).cursor_key)

    @property
    def shows_deleted_runs(self) -> bool:
        """Whether the runs shown are deleted ones; those of a deleted experiment all are."""
        return self.run_list.deleted or self.shows_deleted_experiments

    @property
    def source(self) -> RunSource:
        """Which runs are read."""
        return RunSource(self.chosen or "", self.run_list.server_filter, self.shows_deleted_runs)

    @property
    def is_on_experiments(self) -> bool:
        """Whether the keys are about experiments."""
        return self.is_on_side

    def targets(self) -> tuple[Run, ...]:
        """Return the marked runs, else the one under the cursor."""
        return self.shell.selection.runs or ((self.current,) if self.current else ())

    def page_of(self) -> tuple[str, str] | None:
        """Return what is under the cursor: the experiment, else a run."""
        if self.is_on_experiments:
            return (self.chosen, "") if self.chosen else None
        return (self.current.experiment_id, self.current.run_id) if self.current else None

    def shows_deleted(self) -> bool:
        """Return whether the pane with the focus shows what is deleted."""
        on_experiments = self.is_on_experiments
        return self.shows_deleted_experiments if on_experiments else self.shows_deleted_runs

    def show_edited(self, runs: tuple[Run, ...]) -> None:
        """Show the runs as they are after an edit."""
        self.run_list.update(runs)

    def summary(self) -> str:
        """Say how many are marked, loaded, silent; the filter, once its bar is closed."""
        marked = self.shell.selection.ids
        hidden = self.run_list.count_hidden(marked)
        of_those = f" ({hidden:,} not shown here)" if hidden else ""
        parts = [f"{len(marked):,} marked{of_those}"] if marked else []
        parts += ["deleted runs"] if self.shows_deleted_runs else []
        silent = self.run_list.silent.count()
        parts += [f"{silent:,} silent (x settles)"] if silent else []
        is_typed = self.query_one(FilterBar).is_open
        words = [f"filter: {self.words}"] if self.words and not is_typed else []
        return " · ".join([*parts, self.run_list.summary(), *words])

    async def look_for_jobs(self) -> None:
        """Find out which jobs are alive, where silent runs make that matter."""
        if self.run_list.silent.wants_jobs():
            self.run_list.silent.live_jobs = await live_jobs(self)

    @on(Table.Marked, "#runs")
    def _run_marked(self, event: Table.Marked) -> None:
        run = self.run_list.get(event.key)
        if event.key in self.shell.selection.ids:
            self.shell.selection.unmark([event.key])
        elif run:
            self.shell.selection.mark([run])
        self.show_filtered()

    def action_mark_shown(self) -> None:
        """Mark all runs shown; when they are marked already, take their marks away."""
        from mlops_tui.tui.experiments.marking import mark_shown

        mark_shown(self)

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        from mlops_tui.tui.experiments.marking import clear_marks

        clear_marks(self)

    def action_show_deleted(self) -> None:
        """Show the deleted runs or experiments, or the active ones again."""
        if self.is_on_experiments:
            self._show_experiments_of(deleted=not self.shows_deleted_experiments)
        elif self.shows_deleted_experiments:
            self.why_not("Its experiment is deleted, so are all of its runs.")
            return
        else:
            self.run_list.deleted = not self.run_list.deleted
            self.choose(self.chosen)
        self.action_refresh_data()
        self.refresh_bindings()

    def choose(self, experiment_id: str | None) -> None:
        """Show the runs of another experiment."""

    def go_to(self, experiment_id: str) -> None:
        """Put the cursor on an experiment as soon as it is read."""
        self.goal = experiment_id

    def show_experiment(self, experiment_id: str) -> None:
        """Go to an experiment that is not deleted."""
        if self.shows_deleted_experiments:
            self._show_experiments_of(deleted=False)
        self.go_to(experiment_id)
        self.action_refresh_data()

    def _show_experiments_of(self, *, deleted: bool) -> None:
        """Show the other experiments; go back to where the cursor was among them."""
        before, self._elsewhere = self._elsewhere, self.chosen
        self.shows_deleted_experiments = deleted
        self.goal = self.goal or before or ""
        self.choose(before)

    _elsewhere: str | None = None
    """The experiment last chosen among those that are not shown."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take away what experiments have not while the keys are about them."""
        if action in OF_RUNS and self.is_on_experiments:
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say what is about runs alone."""
        if action in OF_RUNS and self.is_on_experiments and not self.shell.settings.read_only:
            return "That is about runs; tab goes to them."
        return super().why_unavailable(action)

    def action_new_experiment(self) -> None:
        """Create an experiment; go there."""
        self.begin(self._create_experiment())

    async def _create_experiment(self) -> None:
        from mlops_tui.tui.experiments.experiment_actions import create

        made = await create(self)
        if made is None:
            return
        self.show_experiment(made.experiment_id)

    def action_edit(self) -> None:
        """Edit name with note."""
        from mlops_tui.tui.experiments.experiment_actions import label

        experiment = self._experiment()
        if experiment is None:
            super().action_edit()
        elif experiment.is_deleted:
            self.why_not("It is deleted: U restores it first.")
        else:
            self.begin(label(self, experiment))

    def action_delete(self) -> None:
        """Delete the experiment, else the runs."""
        from mlops_tui.tui.experiments.experiment_actions import delete

        experiment = self._experiment()
        if experiment is None:
            super().action_delete()
        else:
            more = "or more " if self.run_list.next_token else ""
            count = f"Its {len(self.run_list):,} {more}runs" if len(self.run_list) else "Its runs"
            self.begin(delete(self, experiment, count))

    def action_restore(self) -> None:
        """Restore the experiment, else the runs."""
        from mlops_tui.tui.experiments.experiment_actions import restore

        experiment = self._experiment()
        if experiment is not None:
            self.begin(restore(self, experiment))
        elif self.shows_deleted_experiments:
            self.why_not("Their experiment is deleted: tab, then U restores it with all its runs.")
        else:
            super().action_restore()

    def _experiment(self) -> Experiment | None:
        """Return the experiment that the keys are about, None where they are about runs."""
        return self.known.get(self.chosen or "") if self.is_on_experiments else None
