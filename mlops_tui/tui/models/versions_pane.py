"""The versions of one registered model."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.services.models import logged_models, registry
from mlops_tui.tui.gate import gating
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models import version_actions
from mlops_tui.tui.models.model_keys import MODELS
from mlops_tui.tui.models.models_pane import NO_MODELS
from mlops_tui.tui.models.version_list import COLUMNS, VersionList, details
from mlops_tui.tui.runs.model_metrics_text import measured

if TYPE_CHECKING:
    from mlops_tui.domain.models.model_metric import ModelMetric

REST = 0.15
"""Seconds for which the cursor rests on a model, or a version, before more is read of it."""


class VersionsPane(Pane):
    """The versions of a model, with the details of the one under the cursor."""

    BINDINGS = bindings(MODELS)

    def __init__(self) -> None:
        super().__init__()
        self.versions = VersionList(self.show_rows)
        self.filter = ListFilter(
            self,
            lambda _words: self.show_rows(),
            example="stage:production alias:champion words; esc drops",
        )
        self._goal = ""
        """The version that the cursor is to go to as soon as it is read."""
        self._measured: dict[str, tuple[ModelMetric, ...]] = {}
        """What was measured of the versions that the cursor rested on, by their addresses."""
        self._measuring = ""
        """The address of the version of which that is being read."""

    def compose(self) -> ComposeResult:
        """Put the details below the versions; here the models are filtered, too."""
        yield Table(id="versions", frozen=1)
        yield FilterBar()
        yield SteadyText(id="detail")

    def show_model(self, name: str | None) -> None:
        """Show the versions of another model, as soon as they are read."""
        if name == self.versions.model and name is not None:
            return
        self._goal = ""
        self.versions.reset(name)
        if name is None:
            self.query_one("#versions", Table).say(NO_MODELS)
        self.show_rows()

    def go_to(self, name: str, version: str) -> None:
        """Put the cursor on a version of a model as soon as it is read."""
        self.filter.drop()
        self.show_model(name)
        self._goal = version

    async def load(self) -> None:
        """Read the versions; raises ``ServiceError``."""
        if (name := self.versions.model) is None:
            return
        versions = await self.host.ask(registry.list_versions, self.shell.settings.store, name)
        if name != self.versions.model:
            return
        self.versions.confirm(versions)
        if self._goal in self.versions:
            self.query_one("#versions", Table).move_to(self._goal)
            self._goal = ""

    @work(group="versions", exclusive=True)
    async def load_at_rest(self) -> None:
        """Read the versions once the cursor rests on the model."""
        await asyncio.sleep(REST)
        with suppress(ServiceError):  # the next look tells it
            await self.load()

    def forget(self) -> None:
        """Let what was measured of versions be read anew."""
        self._measured.clear()

    def show_rows(self) -> None:
        """Show the versions that match the filter."""
        self.versions.words = self.filter.words
        table = self.query_one("#versions", Table)
        if self.versions.model and not self.versions.is_read:
            table.say("reading…")
        elif self.versions.model:
            table.say("No version matches the filter." if self.filter.words else "No versions yet.")
        table.show(self.versions.shown(), self.versions.cell, COLUMNS)
        self._show_details()

    @property
    def current(self) -> ModelVersion | None:
        """The version under the cursor."""
        return self.versions.get(self.query_one("#versions", Table).cursor_key or "")

    @on(Table.Highlighted, "#versions")
    def _show_details(self) -> None:
        version = self.current
        if version is None:
            self.query_one("#detail", SteadyText).update(Text(""))
            return
        metrics = self._measured.get(version.uri)
        text = details(version)
        if metrics:
            text = Text("\n").join((text, measured(metrics)))
        self.query_one("#detail", SteadyText).update(text)
        if metrics is None and self._measuring != version.uri:
            self._measuring = version.uri
            self._measure(version)

    @work(group="measure", exclusive=True)
    async def _measure(self, version: ModelVersion) -> None:
        """Read what was measured of a version, once the cursor rests on it."""
        try:
            await asyncio.sleep(REST)
            store = self.shell.settings.store
            self._measured[version.uri] = await self.host.ask(
                logged_models.version_metrics, store, version
            )
        except ServiceError:
            return  # the next look tries again
        finally:
            if self._measuring == version.uri:
                self._measuring = ""
        self._show_details()

    @on(Table.Opened, "#versions")
    def _opened(self) -> None:
        """Show the files of the version, which are below its run."""
        if self.current is None or not self.current.run_id:
            self.host.why_not("The version names no run, so its files are not known here.")
        else:
            self.shell.navigation.open_run(self.current.run_id, self.current.source)

    def copyable(self) -> str:
        """Return the URI of the version, where there is none the model's name."""
        return self.current.uri if self.current else self.versions.model or ""

    def action_filter(self) -> None:
        """Filter the versions as one types."""
        self.filter.open()

    def _begin(self, action: version_actions.VersionAction) -> None:
        """Begin an action on the version under the cursor, or say why not."""
        if self.current is None:
            self.host.why_not("There is no version under the cursor.")
        else:
            self.host.begin(action(self.host, self.current))

    def action_transition(self) -> None:
        """Move the version to another stage."""
        self._begin(
            lambda screen, version: version_actions.transition(screen, version, self.versions)
        )

    def action_set_alias(self) -> None:
        """Set an alias on the version."""
        self._begin(
            lambda screen, version: version_actions.set_alias(screen, version, self.versions)
        )

    def action_remove_alias(self) -> None:
        """Remove an alias of the version."""
        self._begin(version_actions.remove_alias)

    def action_edit(self) -> None:
        """Edit the description of the version."""
        self._begin(version_actions.describe)

    def action_edit_tags(self) -> None:
        """Edit the version's tags."""
        self._begin(version_actions.edit_tags)

    def action_open_gate(self) -> None:
        """Show the gate of a stage for the version."""
        self._begin(gating.open_gate)

    def action_serve(self) -> None:
        """Serve the version on this machine."""
        self._begin(lambda _screen, version: self.shell.navigation.serve(version))

    def action_view_run(self) -> None:
        """Go to the run that the version came from."""
        if self.current is None or not self.current.run_id:
            self.host.why_not("The version names no run.")
        else:
            self.shell.navigation.open_run(self.current.run_id)
