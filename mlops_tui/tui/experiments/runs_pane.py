"""The table of an experiment's runs."""

from textual import on
from textual.app import ComposeResult

from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.experiments.experiment_keys import RUNS
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.experiments.run_query import RunCompletions, ServerQuery
from mlops_tui.tui.experiments.run_reader import RunReader
from mlops_tui.tui.experiments.run_summary import RunSummary
from mlops_tui.tui.experiments.runs_line import RunsLine
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.runs.filter_problem import filter_problem
from mlops_tui.tui.runs.run_pane import RunPane

NO_RUNS = "No runs in this experiment yet. Press 2, then n, to train something."
NO_DELETED_RUNS = "Nothing is deleted here; d shows what is not."
READING = "reading…"
MOST_MARKED = 2_000
"""Runs that are marked at once: what can be done with the marked ones takes time for each."""


class RunsPane(RunPane):
    """The runs of one experiment, with a line that sums them up and the line of the filter.

    The keys are about the marked runs, else about the one under the cursor, which is shown in the
    ``summary`` beside the table.
    """

    BINDINGS = bindings(RUNS)

    def __init__(self, summary: RunSummary) -> None:
        super().__init__()
        self.run_list = RunList()
        self._why_no_experiment = READING
        self._summary = summary
        self.reveals_order = False
        """Whether to scroll to the column that is sorted by as soon as there are rows."""
        self.reader = RunReader(self, self.run_list, self.show_runs, self.show_current)
        self._completions = RunCompletions(self, self.run_list)
        self.server_query = ServerQuery(self, self.reader, self._completions)
        self.filter = ListFilter(
            self,
            lambda words: self.reader.change_view(words=words.strip()),
            rows="#runs",
            example="words  lr<0.01  status:failed | optimizer=adam,sgd  -tag:old",
            refusal=filter_problem,
            completer=lambda: self._completions.complete,
        )
        self.line = RunsLine(self.run_list, self.filter)

    def compose(self) -> ComposeResult:
        """Put the filter and what sums the runs up below them."""
        self.run_list.silent.after = self.shell.settings.stale_after
        yield Table(id="runs", frozen=2, on_mark=self._mark)
        yield FilterBar()
        yield self.line

    @property
    def table(self) -> Table:
        """The table of runs."""
        return self.query_one(Table)

    @property
    def current(self) -> Run | None:
        """The run under the cursor."""
        return self.run_list.get(self.table.cursor_key)

    def clear(self) -> None:
        """Show no runs until others were read."""
        self.run_list.clear()
        self.table.say(READING)
        self.table.show([], self.run_list.cell, self.run_list.table_columns())
        self.line.show()

    def say_no_experiment(self, why: str) -> None:
        """Say why there is no experiment whose runs could be shown."""
        self._why_no_experiment = why
        self.table.say(why)

    def show_runs(self) -> None:
        """Show the runs that pass the filter, in their order."""
        self.run_list.expected = self.shell.selection.expected
        table, order = self.table, self.run_list.view.order
        table.say(self._why_empty())
        table.marked = self.shell.selection.ids
        table.sort = (str(order[0].column), order[0].greatest_first) if order else None
        table.show(self.run_list.shown(), self.run_list.cell, self.run_list.table_columns())
        if self.reveals_order and self.run_list.is_loaded:
            self.reveals_order = False
            if order:
                table.reveal_column(str(order[0].column))
        self.line.show()
        self.show_current()

    def show_edited(self, runs: tuple[Run, ...]) -> None:
        """Show the runs as they are after an edit."""
        self.run_list.update(runs)

    def show_current(self) -> None:
        """Show the run, or the group, under the cursor in the summary."""
        self.refresh_keys()
        self._summary.show(self.run_list.group(self.table.cursor_key) or self.current)

    def _why_empty(self) -> str:
        if self.run_list.experiment_id is None:
            return self._why_no_experiment
        if not self.run_list.is_loaded:
            return READING
        if len(self.run_list):
            return f"No loaded run matches the filter{self.run_list.why_none()}."
        if self.run_list.server_filter:
            return "No run matches the query."
        return NO_DELETED_RUNS if self.run_list.shows_deleted else NO_RUNS

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self.call_after_refresh(self.show_current)

    @on(Table.Opened)
    def _opened(self, event: Table.Opened) -> None:
        if self.run_list.get(event.key):
            self.shell.navigation.open_run(event.key)

    def _mark(self, run_id: str) -> None:
        run = self.run_list.get(run_id)
        if run_id in self.shell.selection.ids:
            self.shell.selection.unmark([run_id])
        elif run:
            self.shell.selection.mark([run])
        self.show_runs()

    @on(Table.Scrolled)
    def _scrolled(self) -> None:
        self.call_after_refresh(self.reader.read_rows_in_view)

    @on(Table.NearEnd)
    def _near_end(self) -> None:
        self.reader.load_next_page()

    def action_filter(self) -> None:
        """Filter the loaded runs as one types."""
        self._completions.learn()
        self.filter.open()

    def action_mark_shown(self) -> None:
        """Mark all runs shown; when they are marked already, take their marks away."""
        if uncached := self.run_list.uncached(self.run_list.shown()):
            self.host.begin(_read_and_mark(self, uncached), opens=False)
        else:
            _mark_all(self)

    def action_show_deleted(self) -> None:
        """Show the deleted runs, or the active ones again."""
        if self.run_list.is_experiment_deleted:
            self.host.why_not("Its experiment is deleted, so are all of its runs.")
            return
        self.run_list.deleted = not self.run_list.deleted
        self.clear()
        self.host.action_refresh_data()
        self.host.refresh_bindings()

    def action_restore(self) -> None:
        """Restore the runs, unless their experiment is deleted."""
        if self.run_list.is_experiment_deleted:
            self.host.why_not(
                "Their experiment is deleted: tab, then U restores it with all its runs."
            )
        else:
            super().action_restore()


async def _read_and_mark(pane: RunsPane, uncached: list[str]) -> None:
    from mlops_tui.services.experiments import run_arrangement

    if len(uncached) > MOST_MARKED:
        pane.host.why_not(f"More than {MOST_MARKED:,} runs: filter them first.")
        return
    store, source = pane.shell.settings.store, pane.run_list.source
    pane.run_list.cache(await pane.host.ask(run_arrangement.rows_of, store, source, uncached))
    _mark_all(pane)


def _mark_all(pane: RunsPane) -> None:
    """Mark all runs shown; when they are marked already, take their marks away."""
    selection = pane.shell.selection
    shown = pane.run_list.cached(pane.run_list.shown())
    ids = [run.run_id for run in shown]
    if selection.ids.issuperset(ids):
        selection.unmark(ids)
    else:
        selection.mark(shown)
        if folded := len(pane.run_list.folded()):
            rows = "1 folded row" if folded == 1 else f"{folded:,} folded rows"
            pane.host.tell(f"Marked: {len(ids):,}, without those below {rows}; z unfolds.")
    pane.show_runs()
