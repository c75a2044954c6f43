"""The table of registered models."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import RegisteredModel
from mlops_tui.services.models import registry
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models import history_actions, model_actions
from mlops_tui.tui.models.model_keys import MODEL_LIST
from mlops_tui.tui.models.model_list import COLUMNS, NAME, ModelList
from mlops_tui.tui.models.version_actions import describe_model
from mlops_tui.tui.retraining.retraining import open_retraining

NO_MODELS = "No registered models yet. Press 1, pick a run, then R to register its model."

ALL_EVERY = 60.0
"""Seconds between two looks at all the models of a server: 2,000 of them are 2 MB."""

REST_AFTER_ALL = 20
"""Times as long as reading all models of a file took, they are not all read again."""


OF_MODEL = frozenset({"edit", "rename", "edit_tags", "retrain", "delete"})
"""Actions that are about the model under the cursor."""


class ModelsPane(Pane):
    """The registered models; the versions of the one under the cursor stand below them."""

    BINDINGS = bindings(MODEL_LIST)

    @dataclass
    class Chosen(Message):
        """The cursor went to another model."""

        name: str

    @dataclass
    class RollBack(Message):
        """What was in a stage of the model before is to come back."""

    def __init__(self) -> None:
        super().__init__()
        self.list = ModelList()
        self.chosen: str | None = None
        """The model whose versions are shown; it may not be listed yet."""
        self.filter = ListFilter(
            self,
            lambda _words: self.show_rows(),
            label="models",
            example="words  stage:production | alias:champion  tag:team=fraud; esc drops",
        )
        self._goal = ""
        """The model that the cursor is to go to as soon as it is read."""
        self._is_wanted = True
        """Whether all models are to be read at the next look, however long ago they were."""
        self._all_due = 0.0
        self.is_current = False
        """Whether all models were read since the store last said that something has changed."""

    def compose(self) -> ComposeResult:
        """Put the filter below the table."""
        yield Table(id="models", frozen=1)
        yield FilterBar()

    async def load(self, *, is_changed: bool) -> None:
        """Read the models; raises ``ServiceError``.

        A server does not tell whether anything has changed, and a file does not tell what: they are
        asked for the models that changed, and only now and then for all.
        """
        self.is_current = self._is_wanted or monotonic() >= self._all_due
        if self.is_current:
            self._is_wanted, begun = False, monotonic()
            try:
                await self._read_all()
            except ServiceError:
                self._is_wanted = True
                raise
            took = monotonic() - begun
            self._all_due = monotonic() + (REST_AFTER_ALL * took if is_changed else ALL_EVERY)
            return
        newest = max((model.updated_at or 0 for model in self.list.models.values()), default=0)
        store = self.shell.settings.store
        if changed := await self.host.ask(registry.models_changed, store, newest):
            self.list.update(changed)
            self._show_read()

    async def _read_all(self) -> None:
        """Read page by page; at first, each is shown as soon as it was read."""
        store, is_first = self.shell.settings.store, not self.list.models
        models: list[RegisteredModel] = []
        token: str | None = None
        while token != "":
            page = await self.host.ask(registry.models_page, store, token or "")
            models += page.models
            token = page.next_token
            if is_first or not token:
                self.list.next_token = token
                self.list.confirm(models)
                self._show_read()

    def forget(self) -> None:
        """Let all models be read anew."""
        self._is_wanted = True

    def _show_read(self) -> None:
        """Show the models that were read; keep the cursor where it was meant to go."""
        table = self.query_one("#models", Table)
        table.say(NO_MODELS)
        self.show_rows()
        if self._goal in self.list:
            table.move_to(self._goal)
            self._goal = ""
        if self._follow_cursor() and self.chosen is not None:
            self.post_message(self.Chosen(self.chosen))

    def show_rows(self) -> None:
        """Show the models that match their filter, which looks at all of their versions."""
        table, models = self.query_one("#models", Table), self.list
        models.words = self.filter.words
        shown, was_empty = models.shown(), table.cursor_key is None
        if models.words and not shown:
            table.say("Nothing matches the filter.")
        table.sort = models.order
        table.show(
            shown,
            lambda name, column: models.cell(name, column, table.width_of(NAME.key)),
            models.columns(len(shown)),
        )
        if was_empty and self.chosen:
            table.move_to(self.chosen)

    def go_to(self, name: str) -> None:
        """Put the cursor on a model as soon as it is read."""
        self._goal = self.chosen = name
        self.filter.drop()
        self.query_one("#models", Table).move_to(name)

    def _follow_cursor(self) -> bool:
        """Choose the model under the cursor; return whether it is another one."""
        name = self.query_one("#models", Table).cursor_key
        self.refresh_keys()
        is_hidden = name is None and (self.chosen or "") in self.list  # by the filter
        if is_hidden or name == self.chosen or (self._goal and self.list.next_token):
            return False
        self.chosen = name
        return True

    @on(Table.Highlighted, "#models")
    def _highlighted(self) -> None:
        if self._follow_cursor() and self.chosen is not None:
            self.post_message(self.Chosen(self.chosen))

    @on(Table.HeaderPressed, "#models")
    def _header_pressed(self, event: Table.HeaderPressed) -> None:
        self._sort_by(event.column)

    def copyable(self) -> str:
        """Return the name of the model."""
        return self.chosen or ""

    @property
    def current(self) -> RegisteredModel | None:
        """The model whose versions are shown."""
        return self.list.models.get(self.chosen or "")

    def action_filter(self) -> None:
        """Filter the models as one types."""
        self.filter.open()

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        self.host.begin(self._choose_order())

    async def _choose_order(self) -> None:
        titles = {NAME.key: NAME.title, **{column.key: column.title for column in COLUMNS}}
        title = f"Sort by (now {titles[self.list.order[0]]})"
        picked = await self.shell.push_screen_wait(PickDialog(title, titles, "Column"))
        if picked and picked != self.list.order[0]:
            self._sort_by(picked)
        elif picked:
            self.host.tell(f"Sorted by {titles[picked]} already; O turns it round.")

    def action_reverse_sort(self) -> None:
        """Turn the order round."""
        self._sort_by(self.list.order[0])

    def _sort_by(self, column: str) -> None:
        self.list.sort_by(column)
        self.query_one("#models", Table).stay_at_start()
        self.show_rows()

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing with the model under the cursor."""
        if (reason := super().why_unavailable(action)) or action not in OF_MODEL:
            return reason
        return "" if self.current else "There is no model under the cursor."

    def _begin(self, action: Callable[[RegisteredModel], Coroutine[Any, Any, None]]) -> None:
        if self.current:
            self.host.begin(action(self.current))

    def action_edit(self) -> None:
        """Edit the description of the model."""
        self._begin(lambda model: describe_model(self.host, model))

    def action_rename(self) -> None:
        """Rename the model."""
        self._begin(lambda model: model_actions.rename(self.host, model, self.go_to))

    def action_edit_tags(self) -> None:
        """Edit the tags of the model."""
        self._begin(lambda model: model_actions.edit_tags(self.host, model))

    def action_history(self) -> None:
        """Show who changed the model, when and why."""
        self._begin(lambda model: history_actions.show_history(self.host, model.name))

    def action_retrain(self) -> None:
        """Show the rule that retrains the model, and its attempts."""
        self._begin(lambda model: open_retraining(self.host, model.name))

    def action_roll_back(self) -> None:
        """Bring back what was in a stage, or under an alias, before."""
        self.post_message(self.RollBack())

    def action_delete(self) -> None:
        """Delete the model with its versions."""
        self._begin(lambda model: model_actions.delete_model(self.host, model))
