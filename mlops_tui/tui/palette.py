"""The palette: finds keys of the current screen, and things in the store by name."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual import on
from textual.app import get_system_commands_provider
from textual.command import (
    Command,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
)
from textual.widgets import Input
from textual.widgets.option_list import OptionDoesNotExist
from textual.worker import Worker

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.matching import matches
from mlops_tui.domain.named_thing import Kind, NamedThing
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.keymap import UNDERLYING
from mlops_tui.tui.kit.readable import readable
from mlops_tui.tui.shell import Shell

if TYPE_CHECKING:
    from textual.command import ProviderSource

    from mlops_tui.domain.store import Store

Action = Callable[[], Any]

PAUSE = 0.2
"""Seconds without a key press before the store is searched."""

SHORTEST = 2
"""The fewest characters to search the store for."""

NAME_SCORE = 0.1
"""The score of a name: below the keys that match."""

EXACT_SCORE = 100.0
"""The score of a name that is typed in full: above all keys."""

SEARCHED = "Search for commands, experiments, models, versions, runs…"


class Palette(CommandPalette):
    """Textual's palette, but enter never runs a command found for an earlier text.

    Textual shows the old commands until the slowest search has ended. Here each command is shown
    when it is found, and enter waits for the search. A second enter, or one after the cursor was
    moved, runs what was found so far for the current text.
    """

    _RESULT_BATCH_TIME = 0.0  # type: ignore[misc]

    _search: Worker[Any] | None = None
    _is_searching = _is_listed = _has_moved = _enter_waits = False

    def __init__(self, providers: "ProviderSource | None" = None) -> None:
        ours = (get_system_commands_provider, KeyCommands, NameCommands, StoreCommands)
        super().__init__(providers or ours, placeholder=SEARCHED, id="--command-palette")

    def _gather_commands(self, search_value: str) -> Worker[Any]:
        """Start a new search; the commands in view belong to the text before."""
        self._is_searching = True
        self._is_listed = self._has_moved = self._enter_waits = False
        self._search = super()._gather_commands(search_value)
        return self._search

    def _refresh_command_list(
        self,
        command_list: CommandList,
        commands: list[Command],
        clear_current: bool,  # noqa: FBT001 - as Textual calls it
    ) -> None:
        """Show what was found; keep the highlighted command if the cursor was moved."""
        chosen = command_list.highlighted_option if self._has_moved else None
        super()._refresh_command_list(command_list, commands, clear_current)
        self._is_listed = True
        if isinstance(chosen, Command):
            # What was found later may have pushed it out of the list.
            with suppress(OptionDoesNotExist):
                command_list.highlighted = command_list.get_option_index(chosen.id or "")

    def _action_command_list(self, action: str) -> None:
        self._has_moved = self._has_moved or action != "select"
        super()._action_command_list(action)

    @on(Input.Submitted)
    def _let_enter_wait(self, event: Input.Submitted) -> None:
        takes_any = self._is_listed and (self._has_moved or self._enter_waits)
        if self._is_searching and not takes_any:
            event.stop()
            event.prevent_default()
            self._enter_waits = True

    @on(Worker.StateChanged)
    def _end_search(self, event: Worker.StateChanged) -> None:
        if event.worker is self._search and event.worker.is_finished:
            self._is_searching = False
            if self._enter_waits and self._hit_count:
                self._select_or_command()


class KeyCommands(Provider):
    """Finds active keys by words of their help."""

    def _commands(self) -> list[tuple[str, Action]]:
        general = {f"{place}." for place in UNDERLYING}
        found: dict[str, tuple[str, Action]] = {}
        for active in self.screen.active_bindings.values():
            _, binding, enabled, tooltip = active
            if enabled and binding.id and not binding.id.startswith(("table.", "log.")):
                run = partial(self.app.run_action, binding.action, active.node)
                name = f"{tooltip or binding.description}  ({readable(binding.key)})"
                found.setdefault(binding.id, (name, run))
        ours_first = sorted(found, key=lambda name: name.partition(".")[0] + "." in general)
        return [found[name] for name in ours_first]

    async def discover(self) -> Hits:
        """List all keys before anything is typed."""
        for name, run in self._commands():
            yield DiscoveryHit(name, run, text=name)

    async def search(self, query: str) -> Hits:
        """List the keys whose help has all typed words.

        Textual's fuzzy match would let enter run a key that has only the same letters.
        """
        matcher = self.matcher(query)
        for name, run in self._commands():
            if matches(query, (name,)):
                yield Hit(matcher.match(name), matcher.highlight(name), run, text=name)


class StoreCommands(Provider):
    """Finds stores of the config file, and those used lately, by name or address."""

    async def search(self, query: str) -> Hits:
        """List the stores that match; choosing one switches to it."""
        from mlops_tui.services.stores import recent_stores
        from mlops_tui.tui.stores.store_choices import OPEN, choices

        shell = cast("Shell", self.app)
        recent: tuple[Store, ...] = ()
        with suppress(ServiceError):
            recent = await shell.backend.call(recent_stores.read, shell.settings.state_dir)
        for choice in choices(shell.settings, recent):
            words = (choice.store.name, choice.store.label, "store")
            if choice.origin != OPEN and matches(query, words):
                shown = Text.assemble(("store      ", "dim"), one_line(choice.store.title, 160))
                run = partial(shell.choose_store, choice.store)
                yield Hit(NAME_SCORE, shown, run, text=shown.plain)


class NameCommands(Provider):
    """Finds experiments, registered models, versions and runs of the store by name."""

    async def search(self, query: str) -> Hits:
        """List what the store finds, after a pause in the typing."""
        if len(query.strip()) < SHORTEST:
            return
        await asyncio.sleep(PAUSE)
        try:
            async for thing in self._find(query):
                yield self._hit(thing, query)
        except ServiceError as error:
            shown = f"The search for names failed: {one_line(str(error), 200)}"
            yield Hit(NAME_SCORE, Text(shown), lambda: None, text=shown)

    async def _find(self, query: str) -> AsyncIterator[NamedThing]:
        from mlops_tui.services.search.name_search import find_named, find_runs_named

        for search in (find_named, find_runs_named):
            for thing in await self._shell.backend.call(search, self._shell.settings.store, query):
                yield thing

    @property
    def _shell(self) -> Shell:
        return cast("Shell", self.app)

    def _hit(self, thing: NamedThing, query: str) -> Hit:
        number = f" v{thing.key}" if thing.kind is Kind.VERSION else ""
        name = f"{one_line(thing.name, 100)}{number}"
        shown = Text.assemble((f"{thing.kind:<10} ", "dim"), name)
        if thing.about:
            shown.append(f"  {one_line(thing.about, 60)}", "dim")
        is_exact = query.strip().casefold() == name.casefold()
        score = EXACT_SCORE if is_exact else NAME_SCORE
        return Hit(score, shown, partial(self._open, thing), text=shown.plain)

    def _open(self, thing: NamedThing) -> None:
        navigation = self._shell.navigation
        match thing.kind:
            case Kind.EXPERIMENT:
                self._go(navigation.show_experiment(thing.key))
            case Kind.MODEL:
                self._go(navigation.show_model(thing.name))
            case Kind.VERSION:
                self._go(navigation.show_model(thing.name, thing.key))
            case _:
                navigation.open_run(thing.key)

    def _go(self, way: Coroutine[Any, Any, None]) -> None:
        self._shell.run_worker(way, group="way")
