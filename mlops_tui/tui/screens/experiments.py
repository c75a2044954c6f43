"""Experiments at the left, their runs in a table."""

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from mlops_tui.domain.experiment import Experiment
from mlops_tui.services import experiments, runs, store
from mlops_tui.tui.formatting import plain
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.messages import Topic
from mlops_tui.tui.run_query_screen import RunQueryScreen
from mlops_tui.tui.widgets.filter_bar import FilterBar
from mlops_tui.tui.widgets.run_summary import RunSummary
from mlops_tui.tui.widgets.steady_text import SteadyText
from mlops_tui.tui.widgets.table import Column, Table

COMPARED = 8
"""Runs compared when none is marked."""

NO_EXPERIMENTS = "No experiments yet. Press 2, then n, to train something."
NO_RUNS = "No runs in this experiment yet. Press 2, then n, to train something."
NO_DELETED = "Nothing is deleted here; d shows what is not."


class ExperimentsScreen(RunQueryScreen):
    """Browse experiments and runs."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS, Topic.JOBS})
    BINDINGS = bindings("experiments")
    AUTO_FOCUS = FILTERED = "#runs"
    FILTER_EXAMPLE = "words  lr<0.01  status:failed | optimizer=adam,sgd  -tag:old"
    HELP = (
        "Pick an experiment at the left (tab), a run at the right; enter opens it. Keys that "
        "change something are about the marked runs (space), else the run under the cursor; in the "
        "left pane about the experiment. '? dead' says RUNNING, but has been silent for too long."
    )

    _seen = ""

    def compose_body(self) -> Iterable[Widget]:
        """Put the experiments beside the runs, with a summary where there is room."""
        self.run_list.silent.after = self.room.settings.stale_after
        with Horizontal():
            yield Table(id="experiments", classes="pane")
            with Vertical(id="middle", classes="pane"):
                yield Table(id="runs", frozen=2, markable=True)
                yield FilterBar()
                yield SteadyText(id="summary")
            yield RunSummary(classes="pane wide-only")

    async def load(self) -> None:
        """Read experiments with the first page of runs, unless nothing has changed."""
        mark = await self.ask(store.fingerprint, self.room.settings.store)
        if mark and self._state(mark) == self._seen and self.run_list.is_loaded:
            await self.look_for_jobs()
            self.show_filtered()
            return
        deleted = self.shows_deleted_experiments
        found = await self.ask(
            experiments.list_experiments, self.room.settings.store, deleted=deleted
        )
        if deleted is not self.shows_deleted_experiments:
            return
        self._show_experiments(found)
        if self.chosen is None:
            self.query_one("#runs", Table).say(NO_DELETED if deleted else NO_EXPERIMENTS)
        else:
            await self._load_runs(self.chosen)
        self._seen = self._state(mark)

    def _state(self, mark: str | None) -> str:
        """Return a text that differs when something else is to be read."""
        return f"{mark} {self.chosen} {self.shows_deleted_runs} {self.run_list.server_filter}"

    def action_refresh_data(self) -> None:
        """Read everything anew, whatever the store's file says."""
        self._seen = ""
        super().action_refresh_data()

    async def _load_runs(self, experiment_id: str) -> None:
        where, query = self.room.settings.store, self.run_list.server_filter
        deleted = self.shows_deleted_runs
        page = await self.search(experiment_id, query)
        asked = (experiment_id, query, deleted)
        if asked != (self.chosen, self.run_list.server_filter, self.shows_deleted_runs):
            return
        changing = self.run_list.unfinished_beyond(page)
        self.run_list.refresh(page)
        if changing:
            self.run_list.update(await self.ask(runs.read_runs, where, experiment_id, changing))
        await self.look_for_jobs()
        self.show_filtered()
        self.look_further()

    def _show_experiments(self, found: tuple[Experiment, ...]) -> None:
        table = self.query_one("#experiments", Table)
        self.known = {e.experiment_id: e for e in found}
        if self.chosen not in self.known:
            self.choose(next(iter(self.known), None))
        table.say(NO_DELETED if self.shows_deleted_experiments else NO_EXPERIMENTS)
        title = "Deleted" if self.shows_deleted_experiments else "Experiments"
        table.show(
            list(self.known),
            lambda key, _column: plain(self.known[key].name),
            [Column("name", f"{title} ({len(found)})", 20, grow=True)],
        )
        if self.goal in self.known:
            self.chosen, self.goal = self.goal, ""
            table.move_to(self.chosen)
        elif table.cursor_key is None and self.chosen:
            table.move_to(self.chosen)

    def choose(self, experiment_id: str | None) -> None:
        """Show the runs of another experiment."""
        self.chosen = experiment_id
        self.run_list.clear()
        table = self.query_one("#runs", Table)
        table.say("reading…")
        table.show([], self.run_list.cell, self.run_list.columns())

    def show_filtered(self) -> None:
        """Show the runs that pass the filter, in their order."""
        self.run_list.filter_by(self.words)
        self.run_list.hopes = self.room.basket.hopes
        table = self.query_one("#runs", Table)
        table.say(self._nothing())
        table.marked = self.room.basket.ids
        table.sort = self.run_list.sort
        table.show(self.run_list.shown(), self.run_list.cell, self.run_list.columns())
        summary = self.summary() if self.run_list.is_loaded else ""
        self.query_one("#summary", SteadyText).update(summary, layout=False)
        self.query_one(RunSummary).show(self.current)

    def _nothing(self) -> str:
        """Return why no run is shown."""
        if self.chosen is None and self._seen:
            return NO_EXPERIMENTS
        if not self.run_list.is_loaded:
            return "reading…"
        if len(self.run_list):
            return "No loaded run matches the filter."
        if self.run_list.server_filter:
            return "No run matches the query."
        return NO_DELETED if self.shows_deleted_runs else NO_RUNS

    def copyable(self) -> str:
        """Return the id of the run or the experiment under the cursor."""
        if self.query_one("#experiments", Table).has_focus:
            return self.chosen or ""
        return self.current.run_id if self.current else ""

    @on(Table.Highlighted, "#experiments")
    def _experiment_highlighted(self, event: Table.Highlighted) -> None:
        if event.key and event.key != self.chosen:
            self.choose(event.key)
            self.action_refresh_data()

    @on(Table.Opened, "#experiments")
    def _experiment_opened(self) -> None:
        self.query_one("#runs").focus()

    @on(Table.Highlighted, "#runs")
    def _run_highlighted(self) -> None:
        self.query_one(RunSummary).show(self.current)

    @on(Table.Opened, "#runs")
    def _run_opened(self, event: Table.Opened) -> None:
        self.room.open_run(event.key)

    def action_compare(self) -> None:
        """Compare the marked runs, else the first ones shown."""
        table = self.query_one("#runs", Table)
        chosen = sorted(table.marked) or table.keys[:COMPARED]
        if len(chosen) < 2:  # noqa: PLR2004 - one run is no comparison
            self.why_not("There are no two runs here to compare.")
            return
        self.room.open_comparison(chosen)

    def action_register(self) -> None:
        """Register a model of the run under the cursor."""
        if self.current is None:
            self.why_not("There is no run under the cursor to register.")
            return
        from mlops_tui.tui.registering import register_from_run

        self.begin(register_from_run(self, self.current.run_id))
