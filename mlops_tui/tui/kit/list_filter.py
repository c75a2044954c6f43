"""The filter of a list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.widget import Widget

from mlops_tui.tui.kit.filter_bar import FilterBar

if TYPE_CHECKING:
    from mlops_tui.tui.kit.first_completion import Completer

EXAMPLE = "words; enter keeps, esc drops"


def _no_refusal(_words: str) -> str:
    return ""


def _no_completer() -> None:
    """Return no completer."""


@dataclass(eq=False)
class ListFilter:
    """The filter of a list, edited in a ``FilterBar``.

    Escape clears the filters that are in ``filters`` of the screen.
    """

    pane: Widget
    """The pane with the list."""
    apply: Callable[[str], None]
    """Shows the rows that match the given words."""
    rows: str = "Table"
    """Selects the list in the pane; it gets the focus when the bar closes."""
    label: str = "filter"
    example: str = EXAMPLE
    refusal: Callable[[str], str] = _no_refusal
    """Returns what is wrong with a filter, empty if nothing; an invalid one is not applied."""
    completer: "Callable[[], Completer | None]" = _no_completer
    """Returns the function that completes a filter from the loaded data, if any."""
    find_bar: Callable[[], FilterBar] | None = None
    """Returns the bar, if it is not in the pane."""
    words: str = ""

    @property
    def bar(self) -> FilterBar:
        """The bar in which it is edited."""
        return self.find_bar() if self.find_bar else self.pane.query_one(FilterBar)

    @property
    def has_focus(self) -> bool:
        """Whether the focus is in the pane of the list."""
        return self.pane.has_focus_within

    @property
    def is_open(self) -> bool:
        """Whether it is being edited."""
        return self.bar.is_open and self.bar.typed is self

    def open(self) -> None:
        """Open the bar."""
        self.bar.open_for(self)

    def set_words(self, words: str) -> None:
        """Set the words and show the matching rows."""
        was_dropped, self.words = not self.words, words
        self.apply(words)
        if was_dropped is bool(words):
            self.pane.screen.refresh_bindings()

    def drop(self) -> None:
        """Clear the filter; show all rows."""
        self.set_words("")

    def edited(self, text: str) -> None:
        """Show the matching rows while the filter is typed."""
        if self._accepts(text):
            self.set_words(text)

    def entered(self, text: str) -> None:
        """Apply the filter; close the bar and focus the rows."""
        if self._accepts(text):
            self.leave()
            self.set_words(text)

    def closed(self) -> None:
        """Clear the filter; focus the rows."""
        self.leave()
        self.drop()

    def leave(self) -> None:
        """Close the bar; focus the rows."""
        self.bar.close()
        self.pane.query(self.rows).first().focus()

    def _accepts(self, words: str) -> bool:
        refusal = self.refusal(words)
        if refusal:
            self.bar.complain(refusal)
        return not refusal
