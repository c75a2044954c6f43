"""Experiments at the left, their runs in a table."""

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from mlops_tui.domain.experiments.experiment import Experiment
from mlops_tui.domain.matching import matches
from mlops_tui.tui.experiments.experiment_keys import EXPERIMENTS
from mlops_tui.tui.experiments.news_screen import NewsScreen
from mlops_tui.tui.experiments.run_summary import RunSummary
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.runs.targeted_runs import CLEAR_MARKS

COMPARED = 8
"""Runs compared when none is marked."""

NO_EXPERIMENTS = "No experiments yet. Press 2, then n, to train something."
NO_RUNS = "No runs in this experiment yet. Press 2, then n, to train something."
NO_DELETED = "Nothing is deleted here; d shows what is not."


class ExperimentsScreen(NewsScreen):
    """Browse experiments and runs."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS, Topic.JOBS})
    BINDINGS = bindings(EXPERIMENTS)
    AUTO_FOCUS = FILTERED = "#runs"
    SIDE_LIST = "#experiments"
    SIDE_LABEL = "experiments"
    FILTER_EXAMPLE = "words  lr<0.01  status:failed | optimizer=adam,sgd  -tag:old"
    HELP = (
        "Pick an experiment at the left (tab), a run at the right; enter opens it. Keys that "
        "change something are about the marked runs (space), else the run under the cursor; in the "
        "left pane about the experiment. '? dead' says RUNNING, but has been silent for too long."
    )

    _is_asked = False
    """Whether everything is to be read anew, whatever the store's file says."""
    _has_read = False

    def compose_body(self) -> Iterable[Widget]:
        """Put the experiments beside the runs, with a summary where there is room."""
        self.run_list.silent.after = self.shell.settings.stale_after
        with Horizontal():
            yield Table(id="experiments", classes="pane")
            with Vertical(id="middle", classes="pane"):
                yield Table(id="runs", frozen=2, markable=True)
                yield FilterBar()
                yield SteadyText(id="summary")
            yield RunSummary(classes="pane wide-only")

    async def load(self) -> None:
        """Read experiments with the first page of runs, unless nothing has changed."""
        from mlops_tui.services.experiments import experiments

        anew, self._is_asked = self._is_asked, False
        deleted = self.shows_deleted_experiments
        found = await self.ask(
            experiments.list_experiments, self.shell.settings.store, deleted=deleted
        )
        if deleted is not self.shows_deleted_experiments:
            return
        self._show_experiments(found)
        if self.chosen is None:
            self.query_one("#runs", Table).say(NO_DELETED if deleted else NO_EXPERIMENTS)
        else:
            await self.take_last_view()
            await self.read_runs(anew=anew)
        self._has_read = True
        self.look_for_news()

    def action_refresh_data(self) -> None:
        """Read everything anew, whatever the store's file says."""
        self._is_asked = True
        super().action_refresh_data()

    def _show_experiments(self, found: tuple[Experiment, ...]) -> None:
        table = self.query_one("#experiments", Table)
        self.known = {e.experiment_id: e for e in found}
        table.say(NO_DELETED if self.shows_deleted_experiments else NO_EXPERIMENTS)
        if self.goal in self.known and not self._passes(self.known[self.goal]):
            self.side_words = ""
        self.show_side()
        if self.goal in self.known:
            table.move_to(self.goal)
            self.goal = ""
        self._follow_cursor()

    def _passes(self, experiment: Experiment) -> bool:
        return matches(self.side_words, (experiment.name, experiment.experiment_id))

    def show_side(self) -> None:
        """Show the experiments that pass their filter."""
        total = len(self.known)
        shown = [key for key, experiment in self.known.items() if self._passes(experiment)]
        title = "Deleted" if self.shows_deleted_experiments else "Experiments"
        count = f"{len(shown):,} of {total:,}" if self.side_words else f"{total:,}"
        self.show_on_side(
            shown,
            lambda key: self.known[key].name,
            f"{title} ({count})",
            self.chosen,
        )

    def _follow_cursor(self) -> None:
        """Show the runs of the experiment under the cursor; a filter may leave none there."""
        experiment_id = self.query_one("#experiments", Table).cursor_key
        if experiment_id is None and self.chosen in self.known:
            return
        if experiment_id != self.chosen:
            self.choose(experiment_id)

    def choose(self, experiment_id: str | None) -> None:
        """Show the runs of another experiment, which has columns and an order of its own."""
        table = self.query_one("#runs", Table)
        if experiment_id != self.chosen:
            self.forget_view()
            table.scroll_columns_to(0)
        self.chosen = experiment_id
        self.run_list.clear()
        table.say("reading…")
        table.show([], self.run_list.cell, self.run_list.columns())
        self.show_summary()

    def show_filtered(self) -> None:
        """Show the runs that pass the filter, in their order."""
        self.run_list.hopes = self.shell.selection.hopes
        table = self.query_one("#runs", Table)
        table.say(self._nothing())
        table.marked = self.shell.selection.ids
        order = self.run_list.view.order
        table.sort = (str(order[0].column), order[0].greatest_first) if order else None
        table.show(self.run_list.shown(), self.run_list.cell, self.run_list.columns())
        self.reveal_order()
        self.show_summary()
        self.show_current()

    def show_current(self) -> None:
        """Show the run, or the group, under the cursor in the summary."""
        self.look_at_targets()
        group = self.run_list.group(self.query_one("#runs", Table).cursor_key)
        self.query_one(RunSummary).show(group or self.current)

    def _nothing(self) -> str:
        """Return why no run is shown."""
        if self.chosen is None and self._has_read:
            return NO_EXPERIMENTS
        if not self.run_list.is_loaded:
            return "reading…"
        if len(self.run_list):
            return f"No loaded run matches the filter{self.run_list.why_none()}."
        if self.run_list.server_filter:
            return "No run matches the query."
        return NO_DELETED if self.shows_deleted_runs else NO_RUNS

    def copyable(self) -> str:
        """Return the id of the run or the experiment under the cursor."""
        if self.query_one("#experiments", Table).has_focus:
            return self.chosen or ""
        return self.current.run_id if self.current else ""

    @on(Table.Highlighted, "#experiments")
    def _experiment_highlighted(self) -> None:
        before = self.chosen
        self._follow_cursor()
        if self.chosen != before:
            self.action_refresh_data()

    @on(Table.Opened, "#experiments")
    def _experiment_opened(self) -> None:
        self.query_one("#runs").focus()

    @on(Table.Highlighted, "#runs")
    def _run_highlighted(self) -> None:
        self.call_after_refresh(self.show_current)

    @on(Table.Opened, "#runs")
    def _run_opened(self, event: Table.Opened) -> None:
        if self.run_list.get(event.key):
            self.shell.open_run(event.key)
        else:
            self.action_fold()

    def action_compare(self) -> None:
        """Compare the marked runs, else the first ones shown, by the metric sorted by."""
        from mlops_tui.services.compare.run_importance import ViewedRuns

        table, marked = self.query_one("#runs", Table), self.shell.selection.runs
        first = self.run_list.held(table.keys[: 2 * COMPARED])
        chosen = [run.run_id for run in marked or first[:COMPARED]]
        if len(chosen) < 2:  # noqa: PLR2004 - one run is no comparison
            self.why_not("There are no two runs here to compare.")
            return
        viewed = None if marked else ViewedRuns(self.source, self.run_list.view)
        self.shell.open_comparison(chosen, self.run_list.sorted_metric, viewed)

    def action_views(self) -> None:
        """Take a saved view."""
        from mlops_tui.tui.experiments.view_actions import choose

        self.begin(choose(self))

    def action_save_view(self) -> None:
        """Save the present view."""
        from mlops_tui.tui.experiments.view_actions import save

        self.begin(save(self))

    @on(Table.HeaderPressed, "#runs")
    def _header_pressed(self, event: Table.HeaderPressed) -> None:
        self.sort_by(event.column)

    def action_register(self) -> None:
        """Register a model of the marked run, else of the one under the cursor."""
        runs = self.targets()
        if not runs:
            self.why_not("There is no run under the cursor to register.")
        elif len(runs) > 1:
            count = f"{len(runs):,} are marked"
            self.why_not(f"Only one run can be registered at a time: {count}; {CLEAR_MARKS}")
        else:
            self.begin(self.shell.register_model(runs[0].run_id))
