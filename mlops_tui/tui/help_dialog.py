"""The help of the current screen."""

from collections.abc import Iterable
from typing import Any

from rich.text import Text
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.tui.keymap import SCOPES, UNDERLYING
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.readable import readable
from mlops_tui.tui.shell import shell_of

SLOWER = "Why the status bar says slower:"


class HelpDialog(Dialog[None]):
    """Lists the active keys of a screen with their help, by scope."""

    AUTO_FOCUS = "#box"
    HAS_EQUIVALENT = False

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__(getattr(screen, "MODE", "").capitalize() or "Help")
        self._intro = screen.HELP or ""
        self._losses = shell_of(screen).losses
        self._active = [
            (binding.id or "", binding.key, binding.tooltip or binding.description)
            for _, binding, enabled, _ in screen.active_bindings.values()
            if enabled
        ]

    def compose_body(self) -> Iterable[Widget]:
        """Show the introduction of the screen, then its keys."""
        yield Static(self._intro, markup=False, classes="explain")
        if self._losses:
            text = " ".join((SLOWER, *self._losses))
            yield Static(text, markup=False, classes="explain")
        yield Static(self._keys())

    def on_mount(self) -> None:
        """Focus the box, so that arrow keys scroll it."""
        box = self.query_one("#box")
        box.can_focus = True
        box.focus()

    def _keys(self) -> Text:
        text = Text()
        for name, scope in sorted(SCOPES.items(), key=lambda item: item[0] in UNDERLYING):
            rows = [(key, what) for id_, key, what in self._active if id_.startswith(f"{name}.")]
            if not rows:
                continue
            text.append(f"\n{scope.title}\n", "bold")
            merged: dict[str, list[str]] = {}
            for key, what in rows:
                merged.setdefault(what, []).append(readable(key))
            for what, keys in merged.items():
                text.append(f"  {' '.join(keys):<16}", "bold")
                text.append(f"{what}\n")
        return text
