"""The palette's commands: the keys that work on the screen beneath."""

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from mlops_tui.tui.keys.places import UNDERLYING
from mlops_tui.tui.keys.readable import readable

Command = Callable[[], Any]


class KeyCommands(Provider):
    """Every active key with its sentence, found by typing a part of it."""

    def _commands(self) -> list[tuple[str, Command]]:
        general = {f"{place}." for place in UNDERLYING}
        found: dict[str, tuple[str, Command]] = {}
        for active in self.screen.active_bindings.values():
            _, binding, enabled, tooltip = active
            if enabled and binding.id and not binding.id.startswith(("table.", "log.")):
                run = partial(self.app.run_action, binding.action, active.node)
                name = f"{tooltip or binding.description}  ({readable(binding.key)})"
                found.setdefault(binding.id, (name, run))
        ours_first = sorted(found, key=lambda name: name.partition(".")[0] + "." in general)
        return [found[name] for name in ours_first]

    async def discover(self) -> Hits:
        """Offer all of them before anything is typed."""
        for name, run in self._commands():
            yield DiscoveryHit(name, run, text=name)

    async def search(self, query: str) -> Hits:
        """Offer those that match what is typed."""
        matcher = self.matcher(query)
        for name, run in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, text=name)
