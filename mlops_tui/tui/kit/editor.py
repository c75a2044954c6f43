"""A text area whose cursor stands still: a blinking one sends bytes over the line for nothing."""

from dataclasses import dataclass

from rich.text import Text
from textual.events import Paste
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import TextArea

from mlops_tui.domain.plain_text import visible

LARGEST = 100_000
"""Characters that are edited: of more, each key would take seconds."""


class Editor(TextArea):
    """Several lines of text; a paste that makes them too many is left to whoever wants it."""

    @dataclass
    class TooLarge(Message):
        """A paste was not taken; ``text`` is what all of it would have become."""

        text: str

    LIMITS_PASTES = True

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn: Textual would send escape sequences on as they are."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)

    async def on_paste(self, event: Paste) -> None:
        """Keep from Textual what is too large to be edited; offer it to whoever wants it."""
        text, (start, end) = self.text, sorted(self.selection)
        if self.read_only or len(text) + len(event.text) <= LARGEST:
            return
        event.stop()
        event.prevent_default()
        words = (
            f"{len(event.text):,} characters are too many for the editor, which takes {LARGEST:,}."
        )
        self.notify(words, severity="warning", markup=False)
        before = self.document.get_text_range((0, 0), start)
        after = self.document.get_text_range(end, self.document.end)
        self.post_message(self.TooLarge(f"{before}{event.text}{after}"))

    def on_unmount(self) -> None:
        """Let the app forget this, which Textual does only when the theme changes."""
        watchers = getattr(self.app, "__watchers", {}).get("theme", [])
        watchers[:] = [watcher for watcher in watchers if watcher[0] is not self]
