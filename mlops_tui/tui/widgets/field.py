"""A text field whose cursor stands still: a blinking one sends bytes over the line for nothing."""

from rich.text import Text
from textual.binding import Binding
from textual.events import Focus
from textual.reactive import reactive
from textual.widgets import Input

from mlops_tui.domain.plain_text import visible

LIST_SIGNS = frozenset(",=")
"""What stands in texts that are lists: tags, limits, the values of a sweep."""


class Field(Input):
    """One line of text; the footer names the key that enters it."""

    BINDINGS = [Binding("enter", "submit", "OK")]

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first

    def _on_focus(self, event: Focus) -> None:
        """Let typing replace a single value, but go on behind a list."""
        self.select_on_focus = not LIST_SIGNS.intersection(self.value)
        super()._on_focus(event)

    @property
    def _value(self) -> Text:
        """What is typed, as it is drawn: Textual would send escape sequences on as they are."""
        shown = "•" * len(self.value) if self.password else visible(self.value)
        return Text(shown, no_wrap=True, overflow="ignore", end="")
