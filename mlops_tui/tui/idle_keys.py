"""Explains why a key press did nothing."""

from collections.abc import Iterator
from typing import Any

from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Select, TextArea

from mlops_tui.tui.keymap import SCOPES
from mlops_tui.tui.kit.readable import readable

MOST_NAMED = 4
"""The most keys or scopes that one sentence names."""

NO_SUCH_KEY = "No such key here; ? shows the keys."


def owns_keys(widget: Widget | None) -> bool:
    """Return whether the widget takes all keys itself: a field or a list of choices."""
    return isinstance(widget, Input | TextArea | Select | OptionList)


def why_idle(screen: Screen[Any], key: str) -> str:
    """Return a sentence that says why a key does nothing on a screen."""
    if (unavailable := _unavailable(screen, key)) is not None:
        return f"{readable(key)} ({unavailable[0].description}): {unavailable[1]}"
    known = list(_known(key))
    if screen.is_modal:
        return f"{readable(key)} does nothing here: {_keys_of(screen)}."
    if not known:
        return NO_SUCH_KEY
    near = next((each for each in known if _is_near(screen, each[0], key)), None)
    if near is not None:
        scope, label = SCOPES[near[0]], near[1]
        where = f" works in: {scope.title}; tab goes there."
        return f"{readable(key)} ({label}){': ' + scope.elsewhere if scope.elsewhere else where}"
    scopes = [f"{SCOPES[name].title} ({label})" for name, label in known[:MOST_NAMED]]
    return f"{readable(key)} does nothing here; it works in: {', '.join(scopes)}."


def _unavailable(screen: Screen[Any], key: str) -> tuple[Binding, str] | None:
    """Return the binding of a key that is unavailable now, with the reason."""
    found: list[tuple[Binding, str]] = []
    for node, bindings in screen._modal_binding_chain:  # noqa: SLF001 - Textual has no public word
        for binding in bindings.key_to_bindings.get(key, ()):
            name = binding.action.partition("(")[0]
            ask = getattr(node, "why_unavailable", None)
            found.append((binding, ask(name) if ask and "." not in name else ""))
    if not found:
        return None
    binding, reason = next((each for each in found if each[1]), found[0])
    return binding, reason or "Not available here now."


def _known(key: str) -> Iterator[tuple[str, str]]:
    """Yield the names of the scopes that have the key, with its label there."""
    for name, scope in SCOPES.items():
        for each in scope.keys:
            if key in each.keys.split(","):
                yield name, each.label


def _is_near(screen: Screen[Any], scope: str, key: str) -> bool:
    """Return whether a visible widget of the screen, not focused, has the key."""
    return any(
        binding.id is not None and binding.id.startswith(f"{scope}.")
        for widget in screen.query("*")
        if widget.display and widget.is_on_screen
        for binding in widget._bindings.key_to_bindings.get(key, ())  # noqa: SLF001 - as above
    )


def _keys_of(screen: Screen[Any]) -> str:
    """Return the keys that a dialog shows, with their labels."""
    shown = [
        f"{readable(active.binding.key)} {active.binding.description}"
        for active in screen.active_bindings.values()
        if active.enabled and active.binding.show and active.binding.description
    ]
    return ", ".join(list(dict.fromkeys(shown))[:MOST_NAMED]) + " do"
