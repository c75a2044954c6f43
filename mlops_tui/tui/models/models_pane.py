"""The list of registered models."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from mlops_tui.domain.matching import matches, model_strings
from mlops_tui.domain.models.model import RegisteredModel
from mlops_tui.services.models import registry
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.name_list import show_names
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models.model_keys import MODEL_LIST
from mlops_tui.tui.models.version_actions import describe_model

NO_MODELS = "No registered models yet. Press 1, pick a run, then R to register its model."

ALL_EVERY = 60.0
"""Seconds between two looks at all the models of a server: 2,000 of them are 2 MB."""


class ModelsPane(Pane):
    """The registered models; the versions of the one under the cursor stand beside them."""

    BINDINGS = bindings(MODEL_LIST)

    @dataclass
    class Chosen(Message):
        """The cursor went to another model."""

        name: str

    def __init__(self, find_bar: Callable[[], FilterBar]) -> None:
        super().__init__()
        self.models: dict[str, RegisteredModel] = {}
        self.chosen: str | None = None
        """The model whose versions are shown; it may not be listed yet."""
        self.filter = ListFilter(
            self,
            lambda _words: self.show_rows(),
            label="models",
            example="words  stage:production | alias:champion; esc drops",
            find_bar=find_bar,
        )
        self._goal = ""
        """The model that the cursor is to go to as soon as it is read."""
        self._all_due = 0.0

    def compose(self) -> ComposeResult:
        """Hold the list."""
        yield Table(id="models")

    async def load(self, *, reads_all: bool) -> None:
        """Read the models; raises ``ServiceError``.

        A server does not tell whether anything has changed: unless ``reads_all``, it is asked for
        what changed, and only now and then for all.
        """
        store = self.shell.settings.store
        if reads_all or monotonic() >= self._all_due:
            self._take(await self.host.ask(registry.list_models, store))
            self._all_due = monotonic() + ALL_EVERY
            return
        newest = max((model.updated_at or 0 for model in self.models.values()), default=0)
        changed = await self.host.ask(registry.models_changed, store, newest)
        if changed:
            models = self.models | {model.name: model for model in changed}
            self._take(tuple(models[name] for name in sorted(models)))

    def _take(self, models: tuple[RegisteredModel, ...]) -> None:
        """Show the models that were read; keep the cursor where it was meant to go."""
        self.models = {model.name: model for model in models}
        table = self.query_one("#models", Table)
        table.say(NO_MODELS)
        self.show_rows()
        if self._goal in self.models:
            table.move_to(self._goal)
            self._goal = ""
        self._follow_cursor()

    def show_rows(self) -> None:
        """Show the models that match their filter, which looks at all of their versions."""
        table, words, total = self.query_one("#models", Table), self.filter.words, len(self.models)
        shown = [n for n, model in self.models.items() if matches(words, model_strings(model))]
        count = f"{len(shown):,} of {total:,}" if words else f"{total:,}"
        if words and not shown:
            table.say("Nothing matches the filter.")
        show_names(table, shown, str, f"Models ({count})", self.chosen or "")

    def go_to(self, name: str) -> None:
        """Put the cursor on a model as soon as it is read."""
        self._goal = self.chosen = name
        self.filter.drop()
        self.query_one("#models", Table).move_to(name)

    def _follow_cursor(self) -> bool:
        """Choose the model under the cursor; return whether it is another one."""
        name = self.query_one("#models", Table).cursor_key
        is_hidden = name is None and self.chosen in self.models  # by the filter
        if is_hidden or name == self.chosen:
            return False
        self.chosen = name
        return True

    @on(Table.Highlighted, "#models")
    def _highlighted(self) -> None:
        if self._follow_cursor() and self.chosen is not None:
            self.post_message(self.Chosen(self.chosen))

    def copyable(self) -> str:
        """Return the name of the model."""
        return self.chosen or ""

    def action_filter(self) -> None:
        """Filter the models as one types."""
        self.filter.open()

    def action_edit(self) -> None:
        """Edit the description of the model."""
        model = self.models.get(self.chosen or "")
        if model is None:
            self.host.why_not("There is no model under the cursor.")
        else:
            self.host.begin(describe_model(self.host, model))
