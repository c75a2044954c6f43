"""Tabs that are filtered each for itself."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.widgets import TabbedContent

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.tabbed_screen import TabbedScreen


class TabFilterScreen(TabbedScreen):
    """A screen with tabs of which some have a filter, which stays with its tab.

    It composes a ``SteadyText`` with the id ``kept-filter``: a filter is named there as long as it
    is kept. ``FILTERED_TABS`` tells what is filtered on a tab, by the tab's id.
    """

    DEFAULT_CSS = """
    TabFilterScreen #kept-filter { height: 1; color: $text-muted; padding: 0 1; display: none; }
    TabFilterScreen #kept-filter { text-wrap: nowrap; text-overflow: ellipsis; }
    TabFilterScreen #kept-filter.-kept { display: block; }
    """
    FILTERED_TABS: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, str] = {}
        self._typed_for = ""
        """The tab whose filter the bar was opened for."""

    def words_of(self, tab: str) -> str:
        """Return the filter of a tab."""
        return self._kept.get(tab, "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a filter where there is something to filter."""
        if action == "filter" and self.active_tab not in self.FILTERED_TABS:
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say which tabs have a filter."""
        if action == "filter":
            return (
                f"This tab has no filter; these have one: {', '.join(self.FILTERED_TABS.values())}."
            )
        return super().why_unavailable(action)

    def action_filter(self) -> None:
        """Filter the tab in view as one types."""
        self._typed_for = self.active_tab
        self.words = self.words_of(self._typed_for)
        super().action_filter()
        self._name_filter()

    def filter_by(self, words: str) -> None:
        """Show what of the tab passes a filter."""
        self._kept[self._typed_for] = words
        super().filter_by(words)
        self._name_filter()

    @on(TabbedContent.TabActivated)
    def _turn_to_filter(self) -> None:
        """Leave the filter of another tab as it was typed; say whether this one has any."""
        bar = self.query_one(FilterBar)
        if bar.is_open and self.active_tab != self._typed_for:
            bar.close()
        self._name_filter()
        self.refresh_bindings()

    def _name_filter(self) -> None:
        words = self.words_of(self.active_tab)
        is_named = bool(words) and not self.query_one(FilterBar).is_open
        text = f"{self.FILTERED_TABS.get(self.active_tab)} with: {one_line(words, 200)}"
        line = self.query_one("#kept-filter", SteadyText)
        line.update(f"only {text} · / then esc shows all" if is_named else "")
        line.set_class(is_named, "-kept")
