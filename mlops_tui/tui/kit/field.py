"""A text field whose cursor stands still: a blinking one sends bytes over the line for nothing."""

from rich.text import Text
from textual.binding import Binding
from textual.events import Focus, Paste
from textual.reactive import reactive
from textual.widgets import Input

from mlops_tui.domain.plain_text import visible

LIST_SIGNS = frozenset(",=")
"""What stands in texts that are lists: tags, limits, the values of a sweep."""


LONGEST = 10_000
"""Characters of a line that is edited."""


class Field(Input):
    """One line of text; the footer names the key that enters it."""

    BINDINGS = [Binding("enter", "submit", "OK")]

    LIMITS_PASTES = True

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first

    def _on_focus(self, event: Focus) -> None:
        """Let typing replace a single value, but go on behind a list."""
        self.select_on_focus = not LIST_SIGNS.intersection(self.value)
        super()._on_focus(event)

    def _on_paste(self, event: Paste) -> None:
        """Take the first line, unless it is longer than any that a person edits."""
        first = event.text[: LONGEST + 1].partition("\n")[0]
        if len(self.value) + len(first) <= LONGEST:
            super()._on_paste(Paste(first))
        else:
            words = f"The paste is too long for a line, which takes {LONGEST:,} characters."
            self.notify(words, severity="warning", markup=False)
        event.stop()
        event.prevent_default()

    @property
    def _value(self) -> Text:
        """What is typed, as it is drawn: Textual would send escape sequences on as they are."""
        shown = "•" * len(self.value) if self.password else visible(self.value)
        return Text(shown, no_wrap=True, overflow="ignore", end="")
