"""Filters that stay with their tabs."""

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.list_filter import ListFilter
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.kit.tabbed_panes import TabbedPanes


class TabFilters(Vertical):
    """The line in which the filter of a tab is typed, or named as long as it is kept."""

    DEFAULT_CSS = """
    TabFilters { height: auto; }
    TabFilters #kept-filter { height: 1; color: $text-muted; padding: 0 1; display: none; }
    TabFilters #kept-filter { text-wrap: nowrap; text-overflow: ellipsis; }
    TabFilters #kept-filter.-kept { display: block; }
    """

    def __init__(self, page: Widget, tabs: TabbedPanes, names: Mapping[str, str]) -> None:
        super().__init__()
        self._page = page
        self._tabs = tabs
        self._names = names
        """What is filtered on a tab, by the tab's id."""
        self._filters: dict[str, ListFilter] = {}

    def compose(self) -> ComposeResult:
        """Put both lines; at most one is shown."""
        yield FilterBar()
        yield SteadyText(id="kept-filter")

    def add(self, tab: str, apply: Callable[[str], None]) -> None:
        """Let a tab be filtered; ``apply`` shows what matches."""

        def apply_and_name(words: str) -> None:
            apply(words)
            self._name_kept()

        self._filters[tab] = ListFilter(self._page, apply_and_name, rows="TabbedPanes")

    @property
    def why_none(self) -> str:
        """Why the tab in view cannot be filtered; nothing where it can."""
        if self._tabs.active in self._filters:
            return ""
        return f"This tab has no filter; these have one: {', '.join(self._names.values())}."

    def open(self) -> None:
        """Let the filter of the tab in view be typed."""
        self._filters[self._tabs.active].open()
        self._name_kept()

    def tab_activated(self) -> None:
        """Give the focus to what the tab holds, or to its filter where that is being typed.

        Textual tells of a tab late: the bar may have been opened since.
        """
        bar, own = self.query_one(FilterBar), self._filters.get(self._tabs.active)
        if own and own.is_open:
            bar.take_focus()
        else:
            bar.close()
            self._tabs.focus()
        self._name_kept()

    def _name_kept(self) -> None:
        tab = self._tabs.active
        own, line = self._filters.get(tab), self.query_one("#kept-filter", SteadyText)
        is_kept = own is not None and bool(own.words) and not own.is_open
        words = one_line(own.words, 200) if own else ""
        line.update(f"only {self._names.get(tab)} with: {words} · / then esc shows all")
        line.set_class(is_kept, "-kept")
