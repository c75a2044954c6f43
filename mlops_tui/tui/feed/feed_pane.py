"""The entries of the feed."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.runs.run import Run
from mlops_tui.services.feed import feed, read_marks
from mlops_tui.services.runs import runs_by_id
from mlops_tui.tui.feed.alert_actions import acknowledge
from mlops_tui.tui.feed.feed_keys import FEED
from mlops_tui.tui.feed.feed_list import COLUMNS, FeedList
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.service_call import is_leaving
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.runs.live_jobs import live_jobs
from mlops_tui.tui.runs.run_pane import RunPane

NOTHING = "No runs in any experiment yet. Press 2, then n, to train something."
ALL_READ = "Nothing is unread."


class FeedPane(RunPane):
    """What runs, what ended or went wrong lately, with marks of what was read.

    The keys that change runs are about the marked ones, else about the one under the cursor.
    """

    BINDINGS = bindings(FEED)

    def __init__(self) -> None:
        super().__init__()
        self.feed_list = FeedList()
        self.filter = ListFilter(
            self,
            lambda _words: self.show_runs(),
            example="failed  nan  new  dead  words of run, experiment, metric",
        )
        self._has_read = False

    def compose(self) -> ComposeResult:
        """Put the counts above the entries."""
        self.feed_list.silent.after = self.shell.settings.stale_after
        yield SteadyText(id="alerts")
        yield SteadyText(id="summary")
        yield Table(on_mark=self._mark, frozen=4, classes="pane")
        yield FilterBar()

    async def load(self, *, anew: bool) -> None:
        """Read what is new; raises ``ServiceError``."""
        settings, entries = self.shell.settings, self.feed_list
        entries.apply(
            await self.host.ask(feed.read_feed, settings.state_dir, settings.store, anew=anew)
        )
        if entries.silent.needs_live_jobs():
            entries.silent.live_jobs = await live_jobs(self.host)
        entries.sort()
        self._has_read = True
        self.show_runs()

    def show_runs(self) -> None:
        """Show the entries that pass the filter."""
        if not self._has_read:
            return
        self.feed_list.expected = self.shell.selection.expected
        table = self.query_one(Table)
        table.say("No entry matches the filter." if len(self.feed_list) else NOTHING)
        table.marked = self.shell.selection.ids
        table.show(self.feed_list.shown(self.filter.words), self.feed_list.cell, COLUMNS)
        summary = self.feed_list.summary(len(self.shell.selection))
        self.query_one("#summary", SteadyText).update(summary, layout=False)
        alerts = self.query_one("#alerts", SteadyText)
        alerts.display = bool(self.feed_list.alerts)
        alerts.update(self.feed_list.alert_lines())
        self.refresh_keys()

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self.refresh_keys()

    @property
    def current(self) -> Run | None:
        """The run under the cursor."""
        entry = self.feed_list.get(self.query_one(Table).cursor_key)
        return entry.run if entry else None

    @on(Table.Opened)
    def _opened(self, event: Table.Opened) -> None:
        self._mark_read([event.key])
        self.shell.navigation.open_run(event.key)

    def action_filter(self) -> None:
        """Filter the entries as one types."""
        self.filter.open()

    def action_acknowledge(self) -> None:
        """Acknowledge the alerts of all monitors."""
        acknowledge(self.host, self.feed_list, self.show_runs)

    def action_mark_read(self) -> None:
        """Mark the entry under the cursor as read; go to the next unread one."""
        if self.current is None:
            self.host.why_not("There is no entry under the cursor.")
            return
        self._mark_read([self.current.run_id])
        self._go_to_next()

    def action_mark_all_read(self) -> None:
        """Mark all entries shown as read."""
        if not self._mark_read(self.query_one(Table).keys, "Marked as read: {:,}."):
            self.host.tell(ALL_READ)

    def action_next_unread(self) -> None:
        """Go to the next unread entry."""
        if not self._go_to_next():
            self.host.why_not(ALL_READ)

    def _go_to_next(self) -> bool:
        """Go to the next unread entry shown, from the top where the end was reached."""
        table = self.query_one(Table)
        keys = list(table.keys)
        here = keys.index(table.cursor_key) + 1 if table.cursor_key in keys else 0
        around = [*keys[here:], *keys[:here]]
        unread = next((key for key in around if self.feed_list.is_unread(key)), None)
        if unread is not None:
            table.move_to(unread)
        return unread is not None

    def _mark_read(self, run_ids: Sequence[str], confirmation: str = "") -> int:
        """Count entries as read; return how many were not. The confirmation is told once kept."""
        seen = self.feed_list.mark_read(run_ids)
        if seen:
            self.show_runs()
            self.shell.run_worker(self._keep(seen, confirmation), group="read marks")
        return len(seen)

    async def _keep(self, seen: Mapping[str, int], confirmation: str) -> None:
        """Keep that entries are read, also when the feed is left before the answer."""
        shell, host = self.shell, self.host
        mark, settings = read_marks.mark_read, shell.settings
        try:
            await shell.backend.call(mark, settings.state_dir, settings.store, seen)
        except ServiceError as error:
            self.feed_list.forget_read(seen)
            if not is_leaving(self):
                self.show_runs()
            host.complain(error)
        else:
            if confirmation:
                host.tell(confirmation.format(len(seen)))

    def _mark(self, key: str) -> None:
        entry = self.feed_list.get(key)
        if key in self.shell.selection.ids:
            self.shell.selection.unmark([key])
            self.show_runs()
        elif entry:
            self.host.begin(self._mark_run(entry.run), opens=False)

    async def _mark_run(self, run: Run) -> None:
        """Mark a run with all that it holds: an entry knows little of it."""
        store = self.shell.settings.store
        self.shell.selection.mark(
            await self.host.ask(runs_by_id.find_runs, store, [run.run_id], [run.experiment_id])
        )
        self.show_runs()

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self.targets.clear_marks()

    def action_compare(self) -> None:
        """Compare the marked runs, whatever experiments they are of."""
        chosen = [run.run_id for run in self.shell.selection.runs]
        if len(chosen) < 2:  # noqa: PLR2004 - one run is no comparison
            self.host.why_not("Mark two runs or more with space, then C compares them.")
            return
        self.shell.navigation.open_comparison(chosen)
