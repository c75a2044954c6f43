"""A text field without a blinking cursor, which would send bytes for nothing."""

from rich.text import Text
from textual.binding import Binding
from textual.events import Focus, Paste
from textual.reactive import reactive
from textual.widgets import Input

from mlops_tui.domain.plain_text import visible

LIST_SIGNS = frozenset(",=")
"""The characters of texts that are lists: tags, limits, the values of a sweep."""

LONGEST = 10_000
"""The most characters of a line."""


class Field(Input):
    """One line of text; the footer shows the key that submits it."""

    BINDINGS = [Binding("enter", "submit", "OK")]

    LIMITS_PASTES = True

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first

    def _on_focus(self, event: Focus) -> None:
        """Select a single value, so that typing replaces it; put the cursor behind a list."""
        self.select_on_focus = not LIST_SIGNS.intersection(self.value)
        super()._on_focus(event)

    def _on_paste(self, event: Paste) -> None:
        """Take the first line of a paste, unless the text would be too long."""
        first = event.text[: LONGEST + 1].partition("\n")[0]
        if len(self.value) + len(first) <= LONGEST:
            super()._on_paste(Paste(first))
        else:
            words = f"The paste is too long: a line takes {LONGEST:,} characters at most."
            self.notify(words, severity="warning", markup=False)
        event.stop()
        event.prevent_default()

    @property
    def _value(self) -> Text:
        """The text for drawing, with escape sequences made visible."""
        shown = "•" * len(self.value) if self.password else visible(self.value)
        return Text(shown, no_wrap=True, overflow="ignore", end="")
