"""Keys, and the scopes in which they work."""

from dataclasses import dataclass
from functools import cache

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.widget import Widget

from mlops_tui.tui.shell import shell_of


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


_write_keys: set[str] = set()
"""The ids of the bindings that change something."""


def bindings(*scopes: KeyScope) -> list[BindingType]:
    """Return the bindings of the keys in the scopes."""
    made = [(key, key.binding(scope.name)) for scope in scopes for key in scope.keys]
    _write_keys.update(binding.id or "" for key, binding in made if key.write)
    return [binding for _, binding in made]


@cache
def write_actions(kind: type[DOMNode]) -> frozenset[str]:
    """Return the actions of a screen, pane or dialog that its ``write`` keys are bound to."""
    bound = (each for cls in kind.__mro__ for each in vars(cls).get("BINDINGS", ()))
    return frozenset(
        each.action.partition("(")[0]
        for each in bound
        if isinstance(each, Binding) and each.id in _write_keys
    )


def why_read_only(node: Widget, action: str) -> str:
    """Return why read-only mode forbids an action of a node, empty where it does not."""
    forbids = action in write_actions(type(node)) and shell_of(node).settings.read_only
    return "Read-only mode changes nothing." if forbids else ""
