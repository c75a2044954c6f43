"""Registered models at the left, the versions of one in a table."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.matching import matches, model_strings
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.services.models import logged_models, registry
from mlops_tui.services.store import store
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.filter_screen import FilterScreen
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models import version_actions
from mlops_tui.tui.models.model_keys import MODELS
from mlops_tui.tui.models.version_list import COLUMNS, VersionList, details
from mlops_tui.tui.runs.model_metrics_text import measured

if TYPE_CHECKING:
    from mlops_tui.domain.models.model_metric import ModelMetric

NO_MODELS = "No registered models yet. Press 1, pick a run, then R to register its model."

ALL_EVERY = 60.0
"""Seconds between two looks at all the models of a server: 2,000 of them are 2 MB."""

REST = 0.15
"""Seconds for which the cursor rests on a model, or a version, before more is read of it."""


class ModelsScreen(FilterScreen):
    """Browse models; move, describe, alias, serve their versions."""

    MODE = "models"
    TOPICS = frozenset({Topic.MODELS})
    BINDINGS = bindings(MODELS)
    AUTO_FOCUS = FILTERED = "#versions"
    SIDE_LIST = "#models"
    SIDE_LABEL = "models"
    SIDE_EXAMPLE = "words  stage:production | alias:champion; esc drops"
    FILTER_EXAMPLE = "stage:production alias:champion words; esc drops"
    HELP = "t moves the version to another stage; s serves it; u takes the last change back."

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, RegisteredModel] = {}
        self.chosen: str | None = None
        self.versions = VersionList()
        self._is_read = False
        self._seen, self._all_due = "", 0.0
        self._measured: dict[str, tuple[ModelMetric, ...]] = {}
        """What was measured of the versions that the cursor rested on, by their addresses."""
        self._measuring = ""
        """The address of the version of which that is being read."""
        self._goal = ""
        """The version that the cursor is to go to as soon as it is read; so with the model."""
        self._goal_model = ""

    def compose_body(self) -> Iterable[Widget]:
        """Put the models beside the versions, with the details of one below."""
        with Horizontal():
            yield Table(id="models", classes="pane")
            with Vertical(id="middle", classes="pane"):
                yield Table(id="versions", frozen=1)
                yield FilterBar()
                yield SteadyText(id="detail")

    async def load(self) -> None:
        """Read models with the versions of the chosen one, unless nothing has changed."""
        where = self.shell.settings.store
        mark = await self.ask(store.fingerprint, where)
        if mark and f"{mark} {self.chosen}" == self._seen:
            self.show_filtered()
            return
        if mark or monotonic() >= self._all_due:
            self._show_models(await self.ask(registry.list_models, where))
            self._all_due = monotonic() + ALL_EVERY
        else:
            await self._read_changes()
        chosen = self.chosen
        if chosen is not None:
            versions = await self.ask(registry.list_versions, where, chosen)
            if chosen == self.chosen:
                self.show_truth(versions)
        self._seen = f"{mark} {chosen}"

    async def _read_changes(self) -> None:
        """Ask a server, which does not tell whether anything has changed, for no more than that."""
        newest = max((model.updated_at or 0 for model in self.known.values()), default=0)
        changed = await self.ask(registry.models_changed, self.shell.settings.store, newest)
        if changed:
            models = self.known | {model.name: model for model in changed}
            self._show_models(tuple(models[name] for name in sorted(models)))

    @work(group="versions", exclusive=True)
    async def _read_versions(self, name: str) -> None:
        """Read the versions of the model on which the cursor has come to rest."""
        await asyncio.sleep(REST)
        with suppress(ServiceError):  # the next look tells it
            versions = await self.ask(registry.list_versions, self.shell.settings.store, name)
            if name == self.chosen:
                self.show_truth(versions)

    def action_refresh_data(self) -> None:
        """Read everything anew."""
        self._seen, self._all_due = "", 0.0
        self._measured.clear()
        super().action_refresh_data()

    def go_to(self, name: str, version: str = "") -> None:
        """Put the cursor on a model, or one of its versions, as soon as it is read."""
        self._goal, self._goal_model = version, name
        self.words = self.side_words = ""
        self.show_side()
        if self.chosen != name:
            self._choose(name)
        self.query_one("#models", Table).move_to(name)
        self.action_refresh_data()

    def _choose(self, name: str | None) -> None:
        self.chosen, self._is_read = name, False
        self.versions.clear()
        if name is None:
            self.query_one("#versions", Table).say(NO_MODELS)
        self.show_filtered()

    def _show_models(self, models: tuple[RegisteredModel, ...]) -> None:
        self.known = {model.name: model for model in models}
        table = self.query_one("#models", Table)
        table.say(NO_MODELS)
        self.show_side()
        if self._goal_model in self.known:
            table.move_to(self._goal_model)
            self._goal_model = ""
        self._follow_cursor()

    def show_side(self) -> None:
        """Show the models that pass their filter, which looks at all of their versions."""
        total = len(self.known)
        shown = [
            name
            for name, model in self.known.items()
            if matches(self.side_words, model_strings(model))
        ]
        count = f"{len(shown):,} of {total:,}" if self.side_words else f"{total:,}"
        self.show_on_side(shown, lambda name: name, f"Models ({count})", self.chosen)

    def _follow_cursor(self) -> None:
        """Show the versions of the model under the cursor; a filter may leave none there."""
        name = self.query_one("#models", Table).cursor_key
        if name is None and self.chosen in self.known:
            return
        if name != self.chosen:
            self._goal = ""
            self._choose(name)

    def show_truth(self, versions: tuple[ModelVersion, ...]) -> None:
        """Show what the server said."""
        self._is_read = True
        self.versions.know(versions)
        self.show_filtered()
        if self._goal in self.versions:
            self.query_one("#versions", Table).move_to(self._goal)
            self._goal = ""

    def hope(self, *versions: ModelVersion) -> None:
        """Show versions as they are hoped to become; none takes the hopes back."""
        self.versions.hope(versions)
        self.show_filtered()

    def show_filtered(self) -> None:
        """Show the versions that pass the filter."""
        self.versions.words = self.words
        table = self.query_one("#versions", Table)
        if self.chosen and not self._is_read:
            table.say("reading…")
        elif self.chosen:
            table.say("No version matches the filter." if self.words else "No versions yet.")
        table.show(self.versions.shown(), self.versions.cell, COLUMNS)
        self._show_detail()

    @property
    def current(self) -> ModelVersion | None:
        """The version under the cursor."""
        return self.versions.get(self.query_one("#versions", Table).cursor_key or "")

    @on(Table.Highlighted, "#versions")
    def _show_detail(self) -> None:
        version = self.current
        if version is None:
            self.query_one("#detail", SteadyText).update(Text(""))
            return
        found = self._measured.get(version.uri)
        text = details(version)
        if found:
            text = Text("\n").join((text, measured(found)))
        self.query_one("#detail", SteadyText).update(text)
        if found is None and self._measuring != version.uri:
            self._measuring = version.uri
            self._measure(version)

    @work(group="measure", exclusive=True)
    async def _measure(self, version: ModelVersion) -> None:
        """Read what was measured of a version, once the cursor rests on it."""
        try:
            await asyncio.sleep(REST)
            store = self.shell.settings.store
            self._measured[version.uri] = await self.ask(
                logged_models.version_metrics, store, version
            )
        except ServiceError:
            return  # the next look tries again
        finally:
            if self._measuring == version.uri:
                self._measuring = ""
        self._show_detail()

    def copyable(self) -> str:
        """Return the URI of the version, or the model's name."""
        if self.query_one("#models", Table).has_focus or self.current is None:
            return self.chosen or ""
        return self.current.uri

    @on(Table.Highlighted, "#models")
    def _model_highlighted(self) -> None:
        before = self.chosen
        self._follow_cursor()
        if self.chosen not in (before, None):
            self._read_versions(self.chosen)

    @on(Table.Opened, "#models")
    def _model_opened(self) -> None:
        self.query_one("#versions").focus()

    @on(Table.Opened, "#versions")
    def _version_opened(self) -> None:
        """Show the files of the version, which are below its run."""
        if self.current is None or not self.current.run_id:
            self.why_not("The version names no run, so its files are not known here.")
        else:
            self.shell.open_run(self.current.run_id, self.current.source)

    def on_version(self, action: version_actions.VersionAction) -> None:
        """Begin an action on the version under the cursor, or say why not."""
        if self.current is None:
            self.why_not("There is no version under the cursor.")
        else:
            self.begin(action(self, self.current))

    def action_transition(self) -> None:
        """Move the version to another stage."""
        self.on_version(version_actions.transition)

    def action_set_alias(self) -> None:
        """Set an alias on the version."""
        self.on_version(version_actions.set_alias)

    def action_remove_alias(self) -> None:
        """Remove an alias of the version."""
        self.on_version(version_actions.remove_alias)

    def action_edit(self) -> None:
        """Edit the description: of the model in the left pane, else of the version."""
        model = self.known.get(self.chosen or "")
        if model and self.query_one("#models", Table).has_focus:
            self.begin(version_actions.describe_model(self, model))
        else:
            self.on_version(version_actions.describe)

    def action_edit_tags(self) -> None:
        """Edit the version's tags."""
        self.on_version(version_actions.edit_tags)

    def action_serve(self) -> None:
        """Serve the version on this machine."""
        self.on_version(version_actions.serve)

    def action_view_run(self) -> None:
        """Go to the run that the version came from."""
        if self.current is None or not self.current.run_id:
            self.why_not("The version names no run.")
        else:
            self.shell.open_run(self.current.run_id)
