"""A text area whose cursor stands still: a blinking one sends bytes over the line for nothing."""

from textual.reactive import reactive
from textual.widgets import TextArea


class Editor(TextArea):
    """Several lines of text."""

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first
