"""The least that Textual can show: ``python -m tests.benchmarks.bare_label``."""

from textual.app import App, ComposeResult
from textual.widgets import Label

TEXT = "nothing but a label"


class LabelApp(App[None]):
    """One label."""

    def compose(self) -> ComposeResult:
        """Show it."""
        yield Label(TEXT)


if __name__ == "__main__":
    LabelApp().run()
