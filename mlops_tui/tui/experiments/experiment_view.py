"""How a person looks at the runs of an experiment."""

from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.domain.experiments.saved_view import SavedView
from mlops_tui.tui.experiments.experiment_keys import EXPERIMENT_VIEW
from mlops_tui.tui.experiments.experiments_pane import ExperimentsPane
from mlops_tui.tui.experiments.run_summary import RunSummary
from mlops_tui.tui.experiments.runs_pane import RunsPane
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.runs.run_columns import column_title, titles
from mlops_tui.tui.runs.targeted_runs import NO_RUN

COMPARED = 8
"""Runs compared when none is marked."""

NEWEST = "newest first, as the server gives them"
ELSEWHERE = "The marked runs are of other experiments; M takes their marks away."


class ExperimentView(Pane):
    """The experiments beside the runs of one: which of these are shown, in which order and columns.

    Each experiment remembers its view. The keys work in both lists, so they are here.
    """

    BINDINGS = bindings(EXPERIMENT_VIEW)
    DEFAULT_CSS = "ExperimentView { layout: horizontal; }"

    def __init__(self) -> None:
        super().__init__()
        self.summary = RunSummary(classes="pane wide-only")
        self.runs = RunsPane(self.summary)
        self.experiments = ExperimentsPane(self._choose, self._count_runs)
        self.run_list = self.runs.run_list
        self._viewed = ""
        """The experiment whose view is shown."""
        self._early: dict[str, Any] = {}
        """What was changed before the view was read."""

    def compose(self) -> ComposeResult:
        """Put the experiments beside the runs, with a summary where there is room."""
        yield self.experiments
        yield self.runs
        yield self.summary

    def _choose(self, experiments: ExperimentsPane) -> None:
        """Show the runs of another experiment, which has columns and an order of its own."""
        if experiments.chosen != self.run_list.experiment_id:
            # Nothing is arranged until the view of that experiment was read.
            self._viewed = ""
            if self.run_list.experiment_id is not None:
                self._early = {}
                self.apply_view(SavedView(), keep_filter=True)
            self.runs.table.scroll_columns_to(0)
        self.run_list.experiment_id = experiments.chosen
        self.run_list.is_experiment_deleted = experiments.shows_deleted
        self.runs.clear()

    def _count_runs(self) -> str:
        more = "or more " if self.run_list.next_token else ""
        return f"Its {len(self.run_list):,} {more}runs" if len(self.run_list) else "Its runs"

    async def read_view(self) -> None:
        """Apply the view that the experiment was left with; raises ``ServiceError``.

        Changes made since the experiment was chosen are kept.
        """
        from mlops_tui.services.experiments import saved_views
        from mlops_tui.services.metrics import metric_directions

        chosen, settings = self.run_list.experiment_id, self.shell.settings
        if not chosen or chosen == self._viewed:
            return
        views = await self.host.ask(
            saved_views.read_views, settings.state_dir, settings.store, chosen
        )
        directions = await self.host.ask(metric_directions.read_directions, settings.state_dir)
        if chosen == self.run_list.experiment_id and chosen != self._viewed:
            self._viewed = chosen
            self.run_list.columns.directions = directions
            self.apply_view(views.get(saved_views.LAST, SavedView()), keep_filter=True)
            self.runs.reveals_order = True
            changes, self._early = self._early, {}
            if changes:
                self.change(**changes)

    def apply_view(self, view: SavedView, *, keep_filter: bool = False) -> None:
        """Arrange the table as a view says; the filter stays as it is where it is kept."""
        runs = self.run_list
        words = runs.view.words if keep_filter else view.words
        runs.statistic = view.statistic
        runs.view = replace(view.onto(runs.view), words=words)
        runs.columns.choose(view.columns)
        runs.columns.widths = dict(view.widths)
        if not keep_filter:
            self.runs.filter.words = words

    @property
    def saved(self) -> SavedView:
        """The present view."""
        runs, view, columns = self.run_list, self.run_list.view, self.run_list.columns
        return SavedView(
            columns=columns.chosen,
            widths=columns.widths,
            order=[(str(key.column), key.greatest_first) for key in view.order],
            words=view.words,
            query=runs.server_filter,
            group=str(view.group or ""),
            nested=view.nested,
            pinned=sorted(view.pinned),
            hidden=sorted(view.hidden),
            statistic=runs.statistic,
        )

    def change(self, **changes: Any) -> None:
        """Change the view, which the experiment then remembers."""
        from mlops_tui.tui.experiments.view_actions import keep_view

        self.runs.reader.change_view(**changes)
        if self._viewed and self._viewed == self.run_list.experiment_id:
            kept = keep_view(self, self._viewed, self.saved)
            self.run_worker(kept, group="remember", exclusive=True)
        else:
            self._early |= changes
        self.host.refresh_bindings()

    def reorder(self, **changes: Any) -> None:
        """Show the rows in another order, from its beginning."""
        self.runs.table.stay_at_start()
        self.change(**changes)
        self.runs.reveals_order = True

    def _sort_by(self, text: str) -> None:
        """Sort by a column, then by the one before; a click on the first turns it round."""
        order, column = self.run_list.view.order, RunColumn.of(text)
        if order and order[0].column == column:
            self.reorder(order=(order[0].reversed, *order[1:]))
        else:
            first = SortKey(column, self.run_list.columns.is_greatest_first(column))
            second = [key for key in order if key.column != column][:1]
            self.reorder(order=(first, *second))

    @on(Table.HeaderPressed, "#runs")
    def _header_pressed(self, event: Table.HeaderPressed) -> None:
        self._sort_by(event.column)

    @on(Table.Opened, "#runs")
    def _row_opened(self, event: Table.Opened) -> None:
        if not self.run_list.get(event.key):
            self.action_fold()

    @on(Table.Opened, "#experiments")
    def _experiment_opened(self) -> None:
        self.runs.table.focus()

    def action_server_filter(self) -> None:
        """Ask the server with a filter, or with an expression of MLflow's own."""
        self.runs.server_query.open()

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        self.host.begin(self._choose_order())

    async def _choose_order(self) -> None:
        order = self.run_list.view.order
        now = ", then ".join(column_title(key.column) for key in order)
        title = f"Sort by (now {now})" if now else "Sort by"
        picked = await self.pick(title, {"": NEWEST, **titles(self.run_list.columns.available)})
        if picked == "":
            self.reorder(order=())
        elif picked and order and order[0].column == RunColumn.of(picked):
            self.host.tell(f"Sorted by {column_title(order[0].column)} already; S turns it round.")
        elif picked:
            self._sort_by(picked)

    async def pick(self, title: str, choices: dict[str, str], column: str = "Column") -> str | None:
        """Return the key of what the person picks, None when nothing."""
        from mlops_tui.tui.kit.pick_dialog import PickDialog

        picked: str | None = await self.shell.push_screen_wait(PickDialog(title, choices, column))
        return picked

    def action_reverse_sort(self) -> None:
        """Turn the order round."""
        if order := self.run_list.view.order:
            self.reorder(order=(order[0].reversed, *order[1:]))
        else:
            self.host.why_not("Nothing is sorted: s chooses a column.")

    def action_columns(self) -> None:
        """Choose the columns."""
        from mlops_tui.tui.experiments.view_actions import choose_columns

        self.host.begin(choose_columns(self))

    def action_group(self) -> None:
        """Choose what runs are grouped by."""
        from mlops_tui.tui.experiments.view_actions import choose_group

        self.host.begin(choose_group(self))

    def action_nest(self) -> None:
        """Show children below their parents, or all runs in one list again."""
        self.change(nested=not self.run_list.view.nested, group=None, folded=frozenset())
        self.host.action_refresh_data()

    def action_statistic(self) -> None:
        """Show the mean, the least or the greatest values of groups."""
        if self.run_list.view.group is None:
            self.host.why_not("There are no groups: b groups.")
            return
        self.run_list.statistic = self.run_list.statistic.next
        self.runs.show_runs()
        self.change()

    def action_fold(self) -> None:
        """Fold the group or the parent under the cursor, or unfold it."""
        key, rows = self.runs.table.cursor_key, self.run_list.arrangement
        if rows and key and (key in rows.groups or key in rows.children):
            self.runs.reader.change_view(folded=self.run_list.view.folded ^ {key})
        else:
            self.host.why_not("This row has none below it: b groups, N nests.")

    def action_pin(self) -> None:
        """Pin the runs to the top, or no longer."""
        if ids := self._targets_here():
            pinned = self.run_list.view.pinned
            self.change(pinned=pinned - ids if ids <= pinned else pinned | ids)

    def action_hide(self) -> None:
        """Hide the runs, saying how many these are."""
        if not (ids := self._targets_here()):
            return
        marked = self.shell.selection.ids
        self.change(hidden=self.run_list.view.hidden | ids)
        count = f"{len(ids):,} marked" if marked else "1"
        left = len(marked - ids)
        others = f" {left:,} marked of other experiments left as they are." if left else ""
        self.host.tell(f"Hidden: {count}. Z shows them again.{others}")

    def _targets_here(self) -> frozenset[str]:
        """Return the ids of the runs meant that are of this experiment, or say why none is."""
        runs, chosen = self.runs.targets.runs, self.run_list.experiment_id
        ids = frozenset(run.run_id for run in runs if run.experiment_id == chosen)
        if not ids:
            self.host.why_not(ELSEWHERE if runs else NO_RUN)
        return ids

    def action_unhide(self) -> None:
        """Show the hidden runs again."""
        self.change(hidden=frozenset())

    def action_views(self) -> None:
        """Take a saved view."""
        from mlops_tui.tui.experiments.view_actions import choose_view

        self.host.begin(choose_view(self))

    def action_save_view(self) -> None:
        """Save the present view."""
        from mlops_tui.tui.experiments.view_actions import save_view

        self.host.begin(save_view(self))

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self.runs.targets.clear_marks()

    def action_compare(self) -> None:
        """Compare the marked runs, else the first ones shown, by the metric sorted by."""
        from mlops_tui.services.compare.run_importance import ViewedRuns

        runs, marked = self.run_list, self.shell.selection.runs
        first = runs.cached(self.runs.table.keys[: 2 * COMPARED])
        chosen = [run.run_id for run in marked or first[:COMPARED]]
        if len(chosen) < 2:  # noqa: PLR2004 - one run is no comparison
            self.host.why_not("There are no two runs here to compare.")
            return
        viewed = None if marked else ViewedRuns(runs.source, runs.view)
        self.shell.navigation.open_comparison(chosen, runs.sorted_metric, viewed)
