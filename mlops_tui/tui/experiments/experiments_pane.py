"""The list of experiments."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult

from mlops_tui.domain.experiments.experiment import Experiment
from mlops_tui.domain.matching import matches
from mlops_tui.tui.experiments.experiment_keys import EXPERIMENT_LIST
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.name_list import show_names
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.table import Table

NO_EXPERIMENTS = "No experiments yet. Press 2, then n, to train something."
NO_DELETED = "Nothing is deleted here; d shows what is not."


class ExperimentsPane(Pane):
    """The experiments, or the deleted ones; the keys are about the one under the cursor.

    ``choose`` is called when that is another one; ``count_runs`` says how many runs it has, as far
    as that is known.
    """

    BINDINGS = bindings(EXPERIMENT_LIST)

    def __init__(
        self, choose: Callable[["ExperimentsPane"], None], count_runs: Callable[[], str]
    ) -> None:
        super().__init__()
        self._choose = choose
        self._count_runs = count_runs
        self.experiments: dict[str, Experiment] = {}
        self.chosen: str | None = None
        self.shows_deleted = False
        self._chosen_elsewhere: str | None = None
        """The experiment last chosen among those that are not shown."""
        self._goal = ""
        """The experiment that the cursor is to go to as soon as it is read."""
        self.filter = ListFilter(
            self,
            lambda _words: self._show(),
            label="experiments",
            find_bar=lambda: self.host.query_one(FilterBar),
        )

    def compose(self) -> ComposeResult:
        """Hold one list."""
        yield Table(id="experiments", classes="pane")

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    @property
    def current(self) -> Experiment | None:
        """The experiment whose runs are shown."""
        return self.experiments.get(self.chosen or "")

    async def read(self) -> bool:
        """Read the experiments; return whether they are still the ones that are wanted."""
        from mlops_tui.services.experiments import experiments

        deleted = self.shows_deleted
        listed = await self.host.ask(
            experiments.list_experiments, self.shell.settings.store, deleted=deleted
        )
        if deleted is not self.shows_deleted:
            return False
        self.experiments = {each.experiment_id: each for each in listed}
        goal = self.experiments.get(self._goal)
        if goal and not self._passes(goal):
            self.filter.words = ""
        self._show()
        if goal:
            self._table.move_to(self._goal)
            self._goal = ""
        self._follow_cursor()
        return True

    @property
    def why_empty(self) -> str:
        """Why no experiment is listed."""
        return NO_DELETED if self.shows_deleted else NO_EXPERIMENTS

    def _passes(self, experiment: Experiment) -> bool:
        return matches(self.filter.words, (experiment.name, experiment.experiment_id))

    def _show(self) -> None:
        """Show the experiments that pass the filter."""
        total = len(self.experiments)
        shown = [key for key, each in self.experiments.items() if self._passes(each)]
        title = "Deleted" if self.shows_deleted else "Experiments"
        count = f"{len(shown):,} of {total:,}" if self.filter.words else f"{total:,}"
        is_filtered_out = self.filter.words and not shown
        self._table.say("Nothing matches the filter." if is_filtered_out else self.why_empty)
        show_names(
            self._table,
            shown,
            lambda key: self.experiments[key].name,
            f"{title} ({count})",
            self.chosen or "",
        )

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        before = self.chosen
        self._follow_cursor()
        if self.chosen != before:
            self.host.action_refresh_data()

    def _follow_cursor(self) -> None:
        """Choose the experiment under the cursor; a filter may leave none there."""
        experiment_id = self._table.cursor_key
        if experiment_id is None and self.chosen in self.experiments:
            return
        if experiment_id != self.chosen:
            self.chosen = experiment_id
            self._choose(self)

    def go_to(self, experiment_id: str) -> None:
        """Put the cursor on an experiment as soon as it is read."""
        self._goal = experiment_id

    def show_experiment(self, experiment_id: str) -> None:
        """Go to an experiment that is not deleted."""
        if self.shows_deleted:
            self._list_deleted(deleted=False)
        self.go_to(experiment_id)
        self.host.action_refresh_data()

    def _list_deleted(self, *, deleted: bool) -> None:
        """List the deleted experiments or the others, with the cursor where it was."""
        self.chosen, self._chosen_elsewhere = self._chosen_elsewhere, self.chosen
        self.shows_deleted = deleted
        self._goal = self._goal or self.chosen or ""
        self._choose(self)

    def action_filter(self) -> None:
        """Filter the experiments as one types."""
        self.filter.open()

    def action_show_deleted(self) -> None:
        """Show the deleted experiments, or the active ones again."""
        self._list_deleted(deleted=not self.shows_deleted)
        self.host.action_refresh_data()
        self.host.refresh_bindings()

    def why_unavailable(self, action: str) -> str:
        """Say what is deleted, and what is not."""
        if reason := super().why_unavailable(action):
            return reason
        if action == "delete" and self.shows_deleted:
            return "It is deleted already; U restores it."
        return "It is not deleted." if action == "restore" and not self.shows_deleted else ""

    async def create(self) -> None:
        """Ask for a name; create the experiment; go there."""
        from mlops_tui.tui.experiments.experiment_actions import create

        if made := await create(self.host, self.go_to):
            self.show_experiment(made.experiment_id)

    def action_edit(self) -> None:
        """Edit name with note."""
        from mlops_tui.tui.experiments.experiment_actions import label

        if experiment := self._at_cursor():
            if experiment.is_deleted:
                self.host.why_not("It is deleted: U restores it first.")
            else:
                self.host.begin(label(self.host, experiment))

    def action_delete(self) -> None:
        """Delete the experiment."""
        from mlops_tui.tui.experiments.experiment_actions import delete

        if experiment := self._at_cursor():
            self.host.begin(delete(self.host, experiment, self._count_runs(), self.go_to))

    def action_restore(self) -> None:
        """Restore the experiment with its runs."""
        from mlops_tui.tui.experiments.experiment_actions import restore

        if experiment := self._at_cursor():
            self.host.begin(restore(self.host, experiment, self.go_to))

    def action_web_page(self) -> None:
        """Copy the address of the experiment in the web UI, open it where there is a browser."""
        from mlops_tui.tui.runs.web_page import show_web_page

        if experiment := self._at_cursor():
            self.host.begin(show_web_page(self.host, experiment.experiment_id), opens=False)

    def _at_cursor(self) -> Experiment | None:
        if self.current is None:
            self.host.why_not("There is no experiment under the cursor.")
        return self.current
