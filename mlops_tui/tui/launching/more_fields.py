"""The line in the place of fields that are not shown yet."""

from dataclasses import dataclass

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static


class MoreFields(Static, can_focus=True):
    """Says how many there are; enter asks for them."""

    BINDINGS = [Binding("enter", "ask", "Show more")]
    DEFAULT_CSS = """
    MoreFields { height: 1; padding-left: 1; color: $text-muted; }
    MoreFields:focus { text-style: reverse; }
    """

    @dataclass
    class Asked(Message):
        """The person wants to see more."""

    def count(self, number: int) -> None:
        """Say how many fields are not shown."""
        self.update(f"▸ {number} more parameters: enter shows them, ctrl+f finds one")

    def action_ask(self) -> None:
        """Ask for more."""
        self.post_message(self.Asked())

    def on_click(self) -> None:
        """Ask for more."""
        self.action_ask()
