"""Dialogs to edit one line of text, or several."""

from collections.abc import Callable, Iterable

from textual import on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.editor import Editor
from mlops_tui.tui.kit.field import Field


class LineDialog(Dialog[str]):
    """Asks for one line; ``problem`` returns what is wrong with it while it is typed."""

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        explain: str = "",
        problem: Callable[[str], str] = lambda _text: "",
        equivalent: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(title)
        self._text = text
        self._explain = explain
        self._problem = problem
        self._equivalent = equivalent

    def compose_body(self) -> Iterable[Widget]:
        """Show the field below its explanation."""
        yield Static(self._explain, markup=False, classes="explain")
        yield Field(self._text, compact=True)

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        self.refuse(self._problem(event.value) if event.value else "")

    @on(Input.Submitted)
    def _confirm(self, event: Input.Submitted) -> None:
        if problem := self._problem(event.value):
            self.refuse(problem)
        else:
            self.dismiss(event.value)

    def equivalent(self) -> str:
        """Return the equivalent for the current text."""
        text = self.query_one(Input).value
        return self._equivalent(text) if self._equivalent and not self._problem(text) else ""

    def has_equivalent(self) -> bool:
        """Return whether one was given."""
        return self._equivalent is not None


class TextDialog(Dialog[str]):
    """Asks for several lines; ctrl+s saves them."""

    BINDINGS = [Binding("ctrl+s", "confirm", "Save")]
    AUTO_FOCUS = "TextArea"

    def __init__(
        self, title: str, text: str, equivalent: Callable[[str], str] = lambda _text: ""
    ) -> None:
        super().__init__(title)
        self._text = text
        self._equivalent = equivalent

    def compose_body(self) -> Iterable[Widget]:
        """Show the editor."""
        yield Editor(self._text, compact=True)

    def action_confirm(self) -> None:
        """Close with the text."""
        self.dismiss(self.query_one(TextArea).text)

    def equivalent(self) -> str:
        """Return the equivalent for the current text."""
        return self._equivalent(self.query_one(TextArea).text)
