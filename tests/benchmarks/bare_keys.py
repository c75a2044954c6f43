"""The least that answers keys in Textual: ``python -m tests.benchmarks.bare_keys list|field``."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Input, OptionList


class ListApp(App[None]):
    """A list to move in."""

    def compose(self) -> ComposeResult:
        """Show it."""
        yield OptionList(*(f"option {number}" for number in range(100)))


class FieldApp(App[None]):
    """A field to type in."""

    def compose(self) -> ComposeResult:
        """Show it."""
        yield Input(placeholder="type here")


if __name__ == "__main__":
    (ListApp if sys.argv[1] == "list" else FieldApp)().run()
