"""A text area without a blinking cursor, which would send bytes for nothing."""

from dataclasses import dataclass

from rich.text import Text
from textual.events import Paste
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import TextArea

from mlops_tui.domain.plain_text import visible

LARGEST = 100_000
"""The most characters that can be edited; with more, each key would take seconds."""


class Editor(TextArea):
    """A text area; posts ``TooLarge`` for a paste that does not fit."""

    @dataclass
    class TooLarge(Message):
        """A paste did not fit; ``text`` is what the whole text would have become."""

        text: str

    LIMITS_PASTES = True

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first

    def get_line(self, line_index: int) -> Text:
        """Return a line for drawing, with escape sequences made visible."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)

    async def on_paste(self, event: Paste) -> None:
        """Refuse a paste that is too large to be edited, and post ``TooLarge``."""
        text, (start, end) = self.text, sorted(self.selection)
        if self.read_only or len(text) + len(event.text) <= LARGEST:
            return
        event.stop()
        event.prevent_default()
        words = (
            f"The paste has {len(event.text):,} characters; the editor takes {LARGEST:,} at most."
        )
        self.notify(words, severity="warning", markup=False)
        before = self.document.get_text_range((0, 0), start)
        after = self.document.get_text_range(end, self.document.end)
        self.post_message(self.TooLarge(f"{before}{event.text}{after}"))

    def on_unmount(self) -> None:
        """Remove the watcher that Textual would keep until the theme changes."""
        watchers = getattr(self.app, "__watchers", {}).get("theme", [])
        watchers[:] = [watcher for watcher in watchers if watcher[0] is not self]
