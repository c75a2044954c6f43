"""The base class of panes: parts of a screen with keys of their own."""

from collections.abc import Iterable
from typing import cast

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.key import why_read_only
from mlops_tui.tui.shell import Shell, shell_of


class Pane(Vertical):
    """A part of a screen that owns its widgets, keys and actions.

    Its keys work while the focus is within it. An action for which ``why_unavailable`` returns a
    reason is disabled.
    """

    _unavailable: frozenset[str] = frozenset()

    @property
    def host(self) -> ControlScreen:
        """The screen around it."""
        return cast("ControlScreen", self.screen)

    @property
    def shell(self) -> Shell:
        """The app around it."""
        return shell_of(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable what cannot be done now."""
        return not self.why_unavailable(action) and super().check_action(action, parameters)

    def refresh_keys(self) -> None:
        """Refresh the key bar when other keys of the pane do something than before."""
        unavailable = frozenset(filter(self.why_unavailable, _actions(self.BINDINGS)))
        if unavailable != self._unavailable:
            self._unavailable = unavailable
            self.host.refresh_bindings()

    def why_unavailable(self, action: str) -> str:
        """Return why an action is disabled now, empty if it is not."""
        return why_read_only(self, action)


def _actions(bindings: Iterable[BindingType]) -> set[str]:
    """Return the names of the actions that are bound."""
    return {each.action.partition("(")[0] for each in bindings if isinstance(each, Binding)}
