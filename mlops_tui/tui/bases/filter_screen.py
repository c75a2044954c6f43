"""What every screen with a filter has in common."""

from typing import TYPE_CHECKING, ClassVar

from textual import on

from mlops_tui.tui.bases.control_screen import ControlScreen
from mlops_tui.tui.widgets.filter_bar import FilterBar

if TYPE_CHECKING:
    from mlops_tui.tui.widgets.first_completion import Completer

WORDS = "words"
"""The purpose of the bar while words for the loaded rows are typed."""


class FilterScreen(ControlScreen):
    """A screen whose loaded rows are filtered as one types; it composes one ``FilterBar``.

    A subclass shows what passes ``words`` in ``show_filtered``; ``FILTERED`` is what the keys go
    to when the bar is left.
    """

    FILTERED: ClassVar[str] = "Table"
    FILTER_EXAMPLE: ClassVar[str] = "words; enter keeps, esc drops"

    words = ""

    def show_filtered(self) -> None:
        """Show the rows that pass the filter."""

    def refusal(self, words: str) -> str:  # noqa: ARG002 - of a subclass that has any
        """Return what is wrong with a filter; such a one is not applied."""
        return ""

    def completer(self) -> "Completer | None":
        """Return what offers how a text may go on, with what is loaded at this moment."""
        return None

    def action_filter(self) -> None:
        """Filter the loaded rows as one types."""
        self.query_one(FilterBar).open(
            WORDS, "filter", self.words, self.FILTER_EXAMPLE, self.completer()
        )

    @on(FilterBar.Edited)
    def _words_edited(self, event: FilterBar.Edited) -> None:
        if event.purpose == WORDS and self._accepts(event.text):
            self.filter_by(event.text)

    @on(FilterBar.Entered)
    def _words_entered(self, event: FilterBar.Entered) -> None:
        if event.purpose == WORDS and self._accepts(event.text):
            self.close_filter()
            self.filter_by(event.text)

    @on(FilterBar.Closed)
    def _words_dropped(self, event: FilterBar.Closed) -> None:
        self.close_filter()
        if event.purpose == WORDS:
            self.filter_by("")

    def close_filter(self) -> None:
        """Leave the bar for the rows."""
        self.query_one(FilterBar).close()
        self.query(self.FILTERED).first().focus()

    def _accepts(self, words: str) -> bool:
        refusal = self.refusal(words)
        if refusal:
            self.query_one(FilterBar).complain(refusal)
        return not refusal

    def filter_by(self, words: str) -> None:
        """Show the rows that pass a filter."""
        self.words = words
        self.show_filtered()
