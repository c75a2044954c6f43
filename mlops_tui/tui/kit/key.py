"""Keys, and the scopes in which they work."""

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """One key, with the ``action_…`` method of the widget that binds it, or of the app.

    ``keys`` are Textual's names, separated by commas. Read-only mode disables ``write`` keys.
    Only ``shown`` keys stand in the footer; all of them stand in the help.
    """

    keys: str
    action: str
    label: str
    help: str
    write: bool = False
    shown: bool = True
    priority: bool = False
    """Whether it takes precedence over the keys of the focused field."""

    @property
    def action_name(self) -> str:
        """The name of the action, without its arguments."""
        return self.action.removeprefix("app.").partition("(")[0]

    def binding(self, scope: str) -> Binding:
        """Return Textual's binding; its id names the scope, so that it can be remapped."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.shown,
            priority=self.priority,
            tooltip=self.help,
            id=f"{scope}.{self.action}",
        )


@dataclass(frozen=True, slots=True)
class KeyScope:
    """The keys of one screen, pane, dialog or widget; bindings can be remapped by its name."""

    name: str
    title: str
    keys: tuple[Key, ...]
    elsewhere: str = ""
    """What is said of its keys where another part of the same screen has the focus."""


_write_actions: set[str] = set()


def bindings(*scopes: KeyScope) -> list[BindingType]:
    """Return the bindings of the keys in the scopes."""
    keys = [(key, scope.name) for scope in scopes for key in scope.keys]
    _write_actions.update(key.action_name for key, _ in keys if key.write)
    return [key.binding(scope) for key, scope in keys]


def is_write_action(action: str) -> bool:
    """Return whether an action is bound to a ``write`` key."""
    return action in _write_actions
