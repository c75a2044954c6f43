"""Changing how runs are looked at: columns, order, groups, what is pinned or hidden."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import work

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.tui.experiments.run_columns import column_title, titles
from mlops_tui.tui.experiments.run_query_screen import RunQueryScreen
from mlops_tui.tui.kit.table import Table

if TYPE_CHECKING:
    from mlops_tui.domain.experiments.saved_view import SavedView

NEWEST = "newest first, as the server gives them"
NO_GROUPS = "no groups"


class RunViewScreen(RunQueryScreen):
    """A screen whose table of runs a person arranges; each experiment remembers how."""

    _viewed = ""
    """The experiment whose view is shown."""

    _reveals_order = False
    """Whether the column sorted by is to be scrolled into view as soon as there are rows."""

    async def take_last_view(self) -> None:
        """Look at the chosen experiment as it was left."""
        from mlops_tui.domain.experiments.saved_view import SavedView
        from mlops_tui.services.experiments import saved_views
        from mlops_tui.services.metrics import metric_directions

        chosen, room = self.chosen, self.shell
        if not chosen or chosen == self._viewed:
            return
        views = await self.ask(
            saved_views.read_views, room.settings.state_dir, room.settings.store, chosen
        )
        directions = await self.ask(metric_directions.read_directions, room.settings.state_dir)
        if chosen == self.chosen:
            self._viewed = chosen
            self.run_list.set.directions = directions
            self.look_at(views.get(saved_views.LAST, SavedView()), keep_filter=True)
            self._reveals_order = True

    def forget_view(self) -> None:
        """Arrange nothing until the view of the experiment chosen next was read."""
        from mlops_tui.domain.experiments.saved_view import SavedView

        self._viewed = ""
        self.look_at(SavedView(), keep_filter=True)

    def look_at(self, view: "SavedView", *, keep_filter: bool = False) -> None:
        """Arrange the table as a view says; the filter stays as it is where it is kept."""
        known = self.run_list
        words = known.view.words if keep_filter else view.words
        known.statistic = view.statistic
        known.view = replace(view.onto(known.view), words=words)
        known.set.choose(view.columns)
        known.set.widths = dict(view.widths)
        if not keep_filter:
            self.words = words

    def saved(self) -> "SavedView":
        """Return the present view."""
        from mlops_tui.domain.experiments.saved_view import SavedView

        view, columns = self.run_list.view, self.run_list.set
        return SavedView(
            columns=columns.chosen,
            widths=columns.widths,
            order=[(str(key.column), key.greatest_first) for key in view.order],
            words=view.words,
            query=self.run_list.server_filter,
            group=str(view.group or ""),
            nested=view.nested,
            pinned=sorted(view.pinned),
            hidden=sorted(view.hidden),
            statistic=self.run_list.statistic,
        )

    def view_as(self, **changes: Any) -> None:
        """Change the view, which the experiment then remembers."""
        self.change_view(**changes)
        self._remember()
        self.refresh_bindings()

    def reorder(self, **changes: Any) -> None:
        """Show the rows in another order, from its beginning."""
        table = self.query_one("#runs", Table)
        table.stay_at_start()
        self.view_as(**changes)
        self._reveals_order = True

    def reveal_order(self) -> None:
        """Scroll sideways until the column that is sorted by is in view, if that is due."""
        if self._reveals_order and self.run_list.is_loaded:
            self._reveals_order = False
            if order := self.run_list.view.order:
                self.query_one("#runs", Table).reveal_column(str(order[0].column))

    @work(group="remember", exclusive=True)
    async def _remember(self) -> None:
        from mlops_tui.services.experiments import saved_views

        settings = self.shell.settings
        try:
            await self.ask(
                saved_views.keep_view,
                settings.state_dir,
                settings.store,
                self.chosen or "",
                self.saved(),
            )
        except ServiceError as error:
            self.complain(error)

    def sort_by(self, column: str) -> None:
        """Sort by a column, then by the one before; a click on the first turns it round."""
        order, wanted = self.run_list.view.order, RunColumn.of(column)
        if order and order[0].column == wanted:
            self.reorder(order=(order[0].reversed, *order[1:]))
        else:
            first = SortKey(wanted, self.run_list.set.is_greatest_first(wanted))
            second = [key for key in order if key.column != wanted][:1]
            self.reorder(order=(first, *second))

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        self.begin(self._choose_order())

    async def _choose_order(self) -> None:
        order = self.run_list.view.order
        now = ", then ".join(column_title(key.column) for key in order)
        title = f"Sort by (now {now})" if now else "Sort by"
        picked = await self.pick(title, {"": NEWEST, **titles(self.run_list.set.there)})
        if picked == "":
            self.reorder(order=())
        elif picked and order and order[0].column == RunColumn.of(picked):
            self.tell(f"Sorted by {column_title(order[0].column)} already; S turns it round.")
        elif picked:
            self.sort_by(picked)

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
            self.why_not("Nothing is sorted: s chooses a column.")

    def action_columns(self) -> None:
        """Choose the columns."""
        from mlops_tui.tui.experiments.column_actions import choose

        self.begin(choose(self))

    def action_group(self) -> None:
        """Choose what runs are grouped by."""
        self.begin(self._choose_group())

    async def _choose_group(self) -> None:
        there = titles(self.run_list.set.grouping)
        picked = await self.pick("Group by", {"": NO_GROUPS, **there})
        if picked is not None:
            column = RunColumn.of(picked) if picked else None
            self.reorder(group=column, nested=False, folded=frozenset())

    def action_nest(self) -> None:
        """Show children below their parents, or all runs in one list again."""
        self.view_as(nested=not self.run_list.view.nested, group=None, folded=frozenset())
        self.action_refresh_data()

    def action_statistic(self) -> None:
        """Show the mean, the least or the greatest values of groups."""
        if self.run_list.view.group is None:
            self.why_not("There are no groups: b groups.")
            return
        self.run_list.statistic = self.run_list.statistic.next
        self.show_filtered()
        self.view_as()

    def action_fold(self) -> None:
        """Fold the group or the parent under the cursor, or unfold it."""
        key, found = self.query_one("#runs", Table).cursor_key, self.run_list.arrangement
        if found and key and (key in found.groups or key in found.children):
            self.change_view(folded=self.run_list.view.folded ^ {key})
        else:
            self.why_not("This row has none below it: b groups, N nests.")

    def action_pin(self) -> None:
        """Pin the runs to the top, or no longer."""
        from mlops_tui.tui.experiments.pinning import pin

        pin(self)

    def action_hide(self) -> None:
        """Hide the runs."""
        from mlops_tui.tui.experiments.pinning import hide

        hide(self)

    def action_unhide(self) -> None:
        """Show the hidden runs again."""
        self.view_as(hidden=frozenset())
