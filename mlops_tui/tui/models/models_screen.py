"""Registered models above, the versions of one below them."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from textual import on, work
from textual.widget import Widget

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.services.store import store
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models.models_pane import ModelsPane
from mlops_tui.tui.models.versions_pane import VersionsPane

REST = 0.15
"""Seconds for which the cursor rests on a model before its versions are read."""


class ModelsScreen(ControlScreen):
    """Browse models; move, describe, alias, serve their versions."""

    MODE = "models"
    TOPICS = frozenset({Topic.MODELS})
    AUTO_FOCUS = "#versions"
    HELP = "t moves the version to another stage; s serves it; u takes the last change back."

    def __init__(self) -> None:
        super().__init__()
        self.models = ModelsPane()
        self.versions = VersionsPane()
        self.filters = (self.versions.filter, self.models.filter)
        self._seen = ""
        """The state of the store that is shown, with the model whose versions are."""

    def compose_body(self) -> Iterable[Widget]:
        """Put the models above the versions."""
        yield self.models
        yield self.versions

    async def load(self) -> None:
        """Read models with the versions of the chosen one, unless nothing has changed."""
        anew = self.reads_anew
        if anew:
            self.versions.forget()
            self.models.forget()
        mark = await self.ask(store.fingerprint, self.shell.settings.store)
        if not anew and mark and f"{mark} {self.models.chosen}" == self._seen:
            self.versions.show_rows()
            return
        before = self.versions.versions.model
        try:  # these are few: they come first
            await self.versions.load()
        except NotFound:
            self.models.forget()
        await self.models.load(is_changed=bool(mark))
        chosen = self.models.chosen
        self.versions.show_model(chosen)
        if chosen != before:
            await self.versions.load()
        if self.models.is_current:
            self._seen = f"{mark} {chosen}"

    @property
    def chosen(self) -> str | None:
        """The name of the model whose versions are shown."""
        return self.models.chosen

    @on(ModelsPane.Chosen)
    def _model_chosen(self, event: ModelsPane.Chosen) -> None:
        self.versions.show_model(event.name)
        self._load_versions_at_rest()

    @on(ModelsPane.RollBack)
    def _roll_back(self) -> None:
        self.versions.action_roll_back()

    @work(group="versions", exclusive=True)
    async def _load_versions_at_rest(self) -> None:
        """Read the versions once the cursor rests on the model."""
        await asyncio.sleep(REST)
        with suppress(ServiceError):  # the next look tells it
            await self.versions.load()

    @on(Table.Opened, "#models")
    def _model_opened(self) -> None:
        self.query_one("#versions").focus()

    def go_to(self, name: str, version: str = "") -> None:
        """Put the cursor on a model, or one of its versions, as soon as it is read."""
        self.models.go_to(name)
        self.versions.go_to(name, version)
        self.action_refresh_data()

    def copyable(self) -> str:
        """Return the URI of the version, or the model's name, by the list with the focus."""
        return (self.models if self.models.has_focus_within else self.versions).copyable()
