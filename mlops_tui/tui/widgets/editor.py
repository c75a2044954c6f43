"""A text area whose cursor stands still: a blinking one sends bytes over the line for nothing."""

from rich.text import Text
from textual.reactive import reactive
from textual.widgets import TextArea

from mlops_tui.domain.plain_text import visible


class Editor(TextArea):
    """Several lines of text."""

    cursor_blink = reactive(False, init=False)  # noqa: FBT003 - reactive takes its default first

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn: Textual would send escape sequences on as they are."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)

    def on_unmount(self) -> None:
        """Let the app forget this, which Textual does only when the theme changes."""
        watchers = getattr(self.app, "__watchers", {}).get("theme", [])
        watchers[:] = [watcher for watcher in watchers if watcher[0] is not self]
