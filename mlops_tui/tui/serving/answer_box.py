"""The answer of a server to the request beside it."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static


class AnswerBox(VerticalScroll, can_focus=False):
    """Keeps the last answer of each server; shows one of them."""

    DEFAULT_CSS = "AnswerBox { height: auto; max-height: 50%; min-height: 3; }"

    def __init__(self) -> None:
        super().__init__(id="answer-box")
        self._answers: dict[str, tuple[str, Text]] = {}
        """Of each server the request that was answered, with the answer."""

    def compose(self) -> ComposeResult:
        """Hold the text."""
        yield Static("", id="answer", markup=False)

    def keep(self, key: str, body: str | None, text: Text) -> None:
        """Keep a server's answer to a request, None for the one before."""
        answered = self._answers.get(key, ("", Text("")))[0] if body is None else body
        self._answers[key] = answered, text

    def show(self, key: str, request: str, *, is_awaited: bool) -> None:
        """Show a server's answer; dim where the request is no longer the one that was answered."""
        body, text = self._answers.get(key, ("", Text("")))
        if text.plain and body != request and not is_awaited:
            text = Text.assemble(
                ("Answer to the request before you edited it:\n", "dim"), text.plain
            )
            text.stylize("dim")
        self.query_one("#answer", Static).update(text)
