"""A dialog to search for one of many choices."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual import on
from textual.widget import Widget

from mlops_tui.domain.matching import matches
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.keys import PICK_DIALOG
from mlops_tui.tui.kit.table import Column, Table


class PickDialog(Dialog[str]):
    """A search field above a list of choices.

    ``choices`` are texts, or maps keys to the texts to search in.
    """

    BINDINGS = bindings(PICK_DIALOG)
    DEFAULT_CSS = "PickDialog #box Table { height: 14; }"
    AUTO_FOCUS = "Field"

    def __init__(
        self,
        title: str,
        choices: Mapping[str, str] | Sequence[str],
        column: str,
        equivalent: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(title)
        self._equivalent = equivalent
        self._choices: Mapping[str, str] = (
            choices if isinstance(choices, Mapping) else {each: each for each in choices}
        )
        self._column = Column("choice", column, 30, grow=True)

    def compose_body(self) -> Iterable[Widget]:
        """Put the field above the list."""
        yield Field(placeholder="type to search", compact=True)
        yield Table()

    def on_mount(self) -> None:
        """Fill the list."""
        self._show("")

    def has_equivalent(self) -> bool:
        """Return whether Python or a command line does what picking a row does."""
        return self._equivalent is not None

    def equivalent(self) -> str:
        """Return what does the same as picking the row under the cursor."""
        key = self.query_one(Table).cursor_key
        return self._equivalent(self.answer_for(key)) if self._equivalent and key else ""

    @on(Field.Changed)
    def _searched(self, event: Field.Changed) -> None:
        self._show(event.value)

    @on(Field.Submitted)
    def _submitted(self) -> None:
        key = self.query_one(Table).cursor_key
        if key is None:
            self.refuse("Nothing matches.")
        else:
            self.dismiss(self.answer_for(key))

    @on(Table.Opened)
    def _opened(self, event: Table.Opened) -> None:
        self.dismiss(self.answer_for(event.key))

    def answer_for(self, key: str) -> str:
        """Return the result for a picked row."""
        return key

    def action_move(self, rows: int) -> None:
        """Move the cursor of the list while the field has the focus."""
        table = self.query_one(Table)
        table.action_move_cursor("down" if rows > 0 else "up")

    def _show(self, words: str) -> None:
        found = [key for key, text in self._choices.items() if matches(words, [text])]
        self.query_one(Table).show(
            found, lambda key, _column: plain(self._choices[key]), [self._column]
        )
        self.refuse("")
