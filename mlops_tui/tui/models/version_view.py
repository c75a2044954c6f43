"""How a person looks at the versions of a model: columns and order, remembered for each model."""

from collections.abc import Mapping

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_view import RunView, SortKey
from mlops_tui.domain.experiments.saved_view import SavedView
from mlops_tui.services.experiments import saved_views
from mlops_tui.services.metrics import metric_directions
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models.version_list import NUMBER, VersionList
from mlops_tui.tui.runs.columns_dialog import ColumnsDialog
from mlops_tui.tui.runs.run_columns import column_title, titles

NEWEST = "newest first"


class VersionView:
    """Columns and order of the versions in a pane; each model remembers its own."""

    def __init__(self, pane: Pane, versions: VersionList) -> None:
        self._pane = pane
        self._versions = versions
        self._viewed: str | None = None
        """The model whose view is shown."""

    async def read(self) -> None:
        """Look at the model as it was left; raises ``ServiceError``."""
        model = self._versions.model
        if model is None or model == self._viewed:
            return
        host, settings = self._pane.host, self._pane.shell.settings
        views = await host.ask(
            saved_views.read_views, settings.state_dir, settings.store, _place(model)
        )
        directions = await host.ask(metric_directions.read_directions, settings.state_dir)
        if model == self._versions.model:
            self._viewed = model
            self._look_at(views.get(saved_views.LAST, SavedView()))
            self._versions.columns.directions = directions

    def _look_at(self, view: SavedView) -> None:
        columns = self._versions.columns
        columns.choose(view.columns)
        columns.widths = dict(view.widths)
        self._versions.sort_by(view.onto(RunView()).order)

    async def _remember(self) -> None:
        columns, settings = self._versions.columns, self._pane.shell.settings
        order = [(str(key.column), key.greatest_first) for key in self._versions.order]
        view = SavedView(columns=columns.chosen, widths=columns.widths, order=order)
        place = _place(self._versions.model or "")
        await self._pane.host.ask(
            saved_views.keep_view, settings.state_dir, settings.store, place, view
        )

    async def choose_columns(self) -> None:
        """Choose columns, their order, their widths."""
        columns, host = self._versions.columns, self._pane.host
        widths = {column.key: column.width for column in columns.columns()}
        listed = dict.fromkeys((*columns.shown, *columns.usual, *columns.available))
        dialog = ColumnsDialog(titles(listed), columns.shown, widths, columns.usual, columns.always)
        before = columns.shown
        choice = await self._pane.shell.push_screen_wait(dialog)
        if choice is None:
            return
        columns.choose(choice.columns)
        columns.widths = _changed(choice.widths, widths, columns.widths)
        host.action_refresh_data()
        self._versions.show()
        for added in reversed([each for each in columns.shown if each not in before]):
            self._pane.query_one("#versions", Table).reveal_column(added)
        await self._remember()

    async def choose_order(self) -> None:
        """Choose the column to sort by."""
        order = self._versions.order
        now = ", then ".join(column_title(key.column) for key in order)
        choices = {"": NEWEST, **titles(self._versions.columns.available)}
        title = f"Sort by (now {now})" if now else "Sort by"
        picked = await self._pane.shell.push_screen_wait(PickDialog(title, choices, "Column"))
        if picked is None:
            return
        if picked and order and order[0].column == RunColumn.of(picked):
            told = column_title(order[0].column)
            self._pane.host.tell(f"Sorted by {told} already; O turns it round.")
        else:
            await self.sort_by(picked)

    async def sort_by(self, column: str) -> None:
        """Sort by a column, then by the one before; again by the first turns it round."""
        order = self._versions.order
        if not column:
            await self._reorder()
            return
        wanted = RunColumn.of(column)
        if order and order[0].column == wanted:
            await self.reverse()
            return
        first = SortKey(wanted, self._versions.columns.is_greatest_first(wanted))
        second = [key for key in order if key.column != wanted][:1]
        await self._reorder(first, *second)

    async def reverse(self) -> None:
        """Turn the order round."""
        order = self._versions.order or (SortKey(RunColumn.of(NUMBER)),)
        await self._reorder(order[0].reversed, *order[1:])

    async def _reorder(self, *order: SortKey) -> None:
        table = self._pane.query_one("#versions", Table)
        table.stay_at_start()
        self._versions.sort_by(order)
        self._versions.show()
        if order:
            table.reveal_column(str(order[0].column))
        await self._remember()


def _place(model: str) -> str:
    """Return what the view of a model is kept under, beside those of experiments."""
    return f"model {model}"


def _changed(
    chosen: Mapping[str, int], shown: Mapping[str, int], own: Mapping[str, int]
) -> dict[str, int]:
    """Return the widths that a person has given columns, now or before."""
    kept = {text for text, width in chosen.items() if shown.get(text) == width}
    before = {text: width for text, width in own.items() if text in kept}
    return before | {text: width for text, width in chosen.items() if text not in kept}
