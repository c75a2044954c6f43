"""A text field whose cursor stands still: a blinking one sends bytes over the line for nothing."""

from textual.binding import Binding
from textual.reactive import reactive
from textual.widgets import Input


class Field(Input):
    """One line of text; the footer names the key that enters it."""

    BINDINGS = [Binding("enter", "submit", "OK")]

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first
