"""What every screen with tabs has in common."""

from textual import on
from textual.widgets import TabbedContent, TabPane

from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.filter_screen import FilterScreen


class TabbedScreen(FilterScreen):
    """A screen whose body is one ``TabbedContent``; keys go to what its active tab holds."""

    DEFAULT_CSS = "TabbedScreen TabbedContent { height: 1fr; }"

    @property
    def active_tab(self) -> str:
        """The id of the tab in view."""
        return self.query_one(TabbedContent).active

    def action_previous_tab(self) -> None:
        """Show the tab at the left."""
        self._move_tab(-1)

    def action_next_tab(self) -> None:
        """Show the tab at the right."""
        self._move_tab(1)

    def close_filter(self, to: str = "") -> None:
        """Leave the bar for what it filters."""
        super().close_filter(to)
        self._focus_tab()

    def _move_tab(self, by: int) -> None:
        tabs = self.query_one(TabbedContent)
        names = [pane.id or "" for pane in tabs.query(TabPane)]
        tabs.active = names[(names.index(tabs.active) + by) % len(names)]

    @on(TabbedContent.TabActivated)
    def _focus_tab(self) -> None:
        """Give the focus to what is in view; to the filter while one is typed.

        Textual tells of a tab late: the bar may have been opened since.
        """
        bar = self.query_one(FilterBar)
        if bar.is_open:
            bar.take_focus()
            return
        pane = self.query_one(TabbedContent).active_pane
        for widget in pane.query("*") if pane else ():
            if widget.focusable:
                widget.focus()
                break
