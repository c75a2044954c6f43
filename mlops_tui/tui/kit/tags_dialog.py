"""A dialog to edit tags."""

from collections.abc import Callable, Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Static, TextArea

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.editor import Editor
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.keys import TAGS_DIALOG
from mlops_tui.tui.kit.tag_lines import TagLines


class TagsDialog(Dialog[str]):
    """An editor of tags, one a line, with the cursor behind the last one."""

    BINDINGS = bindings(TAGS_DIALOG)
    AUTO_FOCUS = "TextArea"
    DEFAULT_CSS = "TagsDialog #effect { height: auto; min-height: 1; max-height: 4; }"

    def __init__(
        self,
        title: str,
        lines: TagLines,
        equivalent: Callable[[str], str],
        typed: str | None = None,
    ) -> None:
        super().__init__(title)
        self._lines = lines
        self._equivalent = equivalent
        self._text = lines.text if typed is None else typed

    def compose_body(self) -> Iterable[Widget]:
        """Put the editor between its explanation and the effect of its text."""
        yield Static(self._lines.explain, markup=False, classes="explain")
        yield Editor(self._text, compact=True, soft_wrap=False)
        yield Static("", id="effect", markup=False)

    def on_mount(self) -> None:
        """Put the cursor behind the last tag."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)

    @on(TextArea.Changed)
    def _edited(self) -> None:
        text = self.query_one(TextArea).text
        self.refuse(self._lines.problem(text))
        self.query_one("#effect", Static).update(one_line(self._lines.effect(text), 600))

    def action_new_line(self) -> None:
        """Start a new line."""
        self.query_one(TextArea).insert("\n")

    def action_confirm(self) -> None:
        """Close with the text, if it is valid."""
        text = self.query_one(TextArea).text
        if problem := self._lines.problem(text):
            self.refuse(problem)
        else:
            self.dismiss(text)

    def equivalent(self) -> str:
        """Return the equivalent for the current text."""
        text = self.query_one(TextArea).text
        return self._equivalent(text) if self._lines.effect(text) else ""
