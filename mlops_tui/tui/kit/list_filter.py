"""The filter of one list."""

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
    """Offer nothing."""


@dataclass(eq=False)
class ListFilter:
    """The words that rows of a list have to match, typed in a ``FilterBar``.

    A screen that names it in its ``filters`` lets escape drop it.
    """

    pane: Widget
    """Holds the list."""
    apply: Callable[[str], None]
    """Shows the rows that match the words given to it."""
    rows: str = "Table"
    """Finds the list in the pane: it gets the focus when the bar is left."""
    label: str = "filter"
    example: str = EXAMPLE
    refusal: Callable[[str], str] = _no_refusal
    """Returns what is wrong with words; such words are not applied."""
    completer: "Callable[[], Completer | None]" = _no_completer
    """Returns what offers how a text may go on, with what is loaded at that moment."""
    find_bar: Callable[[], FilterBar] | None = None
    """Returns the bar, where it is not in the pane."""
    words: str = ""

    @property
    def bar(self) -> FilterBar:
        """Where it is typed."""
        return self.find_bar() if self.find_bar else self.pane.query_one(FilterBar)

    @property
    def has_focus(self) -> bool:
        """Whether the focus is in the pane of the list."""
        return self.pane.has_focus_within

    @property
    def is_open(self) -> bool:
        """Whether its words are being typed."""
        return self.bar.is_open and self.bar.typed is self

    def open(self) -> None:
        """Let the words be typed."""
        self.bar.open_for(self)

    def set_words(self, words: str) -> None:
        """Show the rows that match other words."""
        was_dropped, self.words = not self.words, words
        self.apply(words)
        if was_dropped is bool(words):
            self.pane.screen.refresh_bindings()

    def drop(self) -> None:
        """Show all rows."""
        self.set_words("")

    def edited(self, text: str) -> None:
        """Show what matches while the person types."""
        if self._accepts(text):
            self.set_words(text)

    def entered(self, text: str) -> None:
        """Keep the words; go to the rows."""
        if self._accepts(text):
            self.leave()
            self.set_words(text)

    def closed(self) -> None:
        """Show all rows again; go to them."""
        self.leave()
        self.drop()

    def leave(self) -> None:
        """Close the bar; go to the rows."""
        self.bar.close()
        self.pane.query(self.rows).first().focus()

    def _accepts(self, words: str) -> bool:
        refusal = self.refusal(words)
        if refusal:
            self.bar.complain(refusal)
        return not refusal
