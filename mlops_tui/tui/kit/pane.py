"""A part of a screen with keys of its own."""

from typing import cast

from textual.containers import Vertical

from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.key import is_write_action
from mlops_tui.tui.shell import Shell, shell_of


class Pane(Vertical):
    """Holds what it shows, with the keys and the actions that are about it.

    The keys work as long as the focus is within it. An action for which ``why_unavailable`` has a
    reason is not offered.
    """

    @property
    def host(self) -> ControlScreen:
        """The screen that it is a part of."""
        return cast("ControlScreen", self.screen)

    @property
    def shell(self) -> Shell:
        """The app around it."""
        return shell_of(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if self.why_unavailable(action):
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Return why an action can do nothing now; nothing where it can."""
        if is_write_action(action) and self.shell.settings.read_only:
            return "Read-only mode changes nothing."
        return ""
