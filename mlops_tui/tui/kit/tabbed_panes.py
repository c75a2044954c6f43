"""Tabs that pass the focus on to the active one."""

from typing import Self

from textual.widgets import TabbedContent, TabPane


class TabbedPanes(TabbedContent):
    """Tabs that focus the active one; the owner calls ``focus`` after a tab was activated."""

    DEFAULT_CSS = "TabbedPanes { height: 1fr; }"

    def move(self, by: int) -> None:
        """Activate the tab ``by`` places to the right, wrapping around."""
        ids = [pane.id or "" for pane in self.query(TabPane)]
        self.active = ids[(ids.index(self.active) + by) % len(ids)]

    def focus(self, scroll_visible: bool = True) -> Self:  # noqa: FBT001, FBT002 - as Textual has it
        """Focus the first focusable widget in the active tab."""
        for widget in self.active_pane.query("*") if self.active_pane else ():
            if widget.focusable:
                widget.focus(scroll_visible)
                break
        return self
