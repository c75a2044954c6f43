"""What every screen with a filter has in common."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from mlops_tui.domain.shortening import NamesAlike
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.row_painter import GUTTER
from mlops_tui.tui.kit.table import Column, Table

if TYPE_CHECKING:
    from mlops_tui.tui.kit.first_completion import Completer

WORDS = "words"
"""The purpose of the bar while words for the loaded rows are typed."""

SIDE = "side"
"""The purpose of the bar while words for the list at the side are typed."""


class FilterScreen(ControlScreen):
    """A screen whose loaded rows are filtered as one types; it composes one ``FilterBar``.

    A subclass shows what passes ``words`` in ``show_filtered``; ``FILTERED`` is what the keys go
    to when the bar is left. A list at the side that is ``SIDE_LIST`` has a filter of its own,
    ``side_words``; what passes that is shown in ``show_side``.
    """

    FILTERED: ClassVar[str] = "Table"
    FILTER_EXAMPLE: ClassVar[str] = "words; enter keeps, esc drops"

    SIDE_LIST: ClassVar[str] = ""
    SIDE_LABEL: ClassVar[str] = ""
    SIDE_EXAMPLE: ClassVar[str] = "words; enter keeps, esc drops"

    words = ""
    side_words = ""

    def show_filtered(self) -> None:
        """Show the rows that pass the filter."""

    def show_side(self) -> None:
        """Show the rows of the list at the side that pass its filter."""

    @property
    def is_on_side(self) -> bool:
        """Whether the keys are about the list at the side."""
        return self.focused is not None and f"#{self.focused.id}" == self.SIDE_LIST

    def has_way_back(self) -> bool:
        """Return whether there is a filter to drop, where escape leads nowhere else."""
        has_filter = bool(self.SIDE_LIST and (self.words or self.side_words))
        return has_filter or super().has_way_back()

    def action_back(self) -> None:
        """Drop the filter of the list that has the focus, else the other one."""
        if self.SIDE_LIST and self.side_words and (self.is_on_side or not self.words):
            self.filter_side("")
        elif self.SIDE_LIST and self.words:
            self.filter_by("")
        else:
            super().action_back()

    def refusal(self, words: str) -> str:  # noqa: ARG002 - of a subclass that has any
        """Return what is wrong with a filter; such a one is not applied."""
        return ""

    def completer(self) -> "Completer | None":
        """Return what offers how a text may go on, with what is loaded at this moment."""
        return None

    def action_filter(self) -> None:
        """Filter the rows of the list that has the focus as one types."""
        bar = self.query_one(FilterBar)
        if self.is_on_side:
            bar.open(SIDE, self.SIDE_LABEL, self.side_words, self.SIDE_EXAMPLE)
            return
        bar.open(WORDS, "filter", self.words, self.FILTER_EXAMPLE, self.completer())

    @on(FilterBar.Edited)
    def _words_edited(self, event: FilterBar.Edited) -> None:
        if event.purpose == WORDS and self._accepts(event.text):
            self.filter_by(event.text)
        elif event.purpose == SIDE:
            self.filter_side(event.text)

    @on(FilterBar.Entered)
    def _words_entered(self, event: FilterBar.Entered) -> None:
        if event.purpose == WORDS and self._accepts(event.text):
            self.close_filter()
            self.filter_by(event.text)
        elif event.purpose == SIDE:
            self.close_filter(self.SIDE_LIST)
            self.filter_side(event.text)

    @on(FilterBar.Closed)
    def _words_dropped(self, event: FilterBar.Closed) -> None:
        self.close_filter(self.SIDE_LIST if event.purpose == SIDE else "")
        if event.purpose == WORDS:
            self.filter_by("")
        elif event.purpose == SIDE:
            self.filter_side("")

    def close_filter(self, to: str = "") -> None:
        """Leave the bar for the rows."""
        self.query_one(FilterBar).close()
        self.query(to or self.FILTERED).first().focus()

    def _accepts(self, words: str) -> bool:
        refusal = self.refusal(words)
        if refusal:
            self.query_one(FilterBar).complain(refusal)
        return not refusal

    def filter_by(self, words: str) -> None:
        """Show the rows that pass a filter."""
        self.words = words
        self.show_filtered()

    def show_on_side(
        self, keys: Sequence[str], name_of: Callable[[str], str], title: str, chosen: str | None
    ) -> None:
        """Show names in the list at the side; the cursor finds the chosen one again."""
        table = self.query_one(self.SIDE_LIST, Table)
        names = NamesAlike(map(name_of, keys))

        def cell(key: str, _column: str) -> Text:
            return Text(names.shortened(name_of(key), table.size.width - GUTTER - 1))

        was_empty = table.cursor_key is None
        if self.side_words and not keys:
            table.say("None matches the filter.")
        table.show(keys, cell, [Column("name", title, 20, grow=True)])
        if was_empty and chosen is not None:
            table.move_to(chosen)

    def filter_side(self, words: str) -> None:
        """Show the rows of the list at the side that pass a filter."""
        self.side_words = words
        self.show_side()
        self.refresh_bindings()
