"""Tabs that pass the focus on to what they hold."""

from typing import Self

from textual.widgets import TabbedContent, TabPane


class TabbedPanes(TabbedContent):
    """Tabs whose focus is that of the active one; its owner calls ``focus`` when a tab came up."""

    DEFAULT_CSS = "TabbedPanes { height: 1fr; }"

    def move(self, by: int) -> None:
        """Show the tab so many places to the right, after the last one the first."""
        ids = [pane.id or "" for pane in self.query(TabPane)]
        self.active = ids[(ids.index(self.active) + by) % len(ids)]

    def focus(self, scroll_visible: bool = True) -> Self:  # noqa: FBT001, FBT002 - as Textual has it
        """Give the focus to the first widget in the active tab that takes it."""
        for widget in self.active_pane.query("*") if self.active_pane else ():
            if widget.focusable:
                widget.focus(scroll_visible)
                break
        return self
