"""A name with a note."""

import os
from collections.abc import Callable, Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Label, Static, TextArea

from mlops_tui.domain.runs import label as labels
from mlops_tui.services.machine import editor
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.editor import Editor
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.suspend import lend_terminal
from mlops_tui.tui.runs.run_keys import LABEL_DIALOG

NOT_DONE = "It was not done; what you typed is still here."
"""Why it is asked again."""


class LabelDialog(Dialog[labels.Label]):
    """Asks for a name with a note in Markdown, which may be written in the person's editor."""

    BINDINGS = bindings(LABEL_DIALOG)

    def __init__(
        self,
        title: str,
        label: labels.Label,
        *,
        explain: str = "",
        reason: str = "",
        equivalent: Callable[[labels.Label], str] = lambda _label: "",
    ) -> None:
        super().__init__(title)
        self._label = label
        self._explain = explain
        self._reason = reason
        self._equivalent = equivalent

    def compose_body(self) -> Iterable[Widget]:
        """Show the fields below their explanation."""
        if self._explain:
            yield Static(self._explain, markup=False, classes="explain")
        yield Label("Name", markup=False)
        yield Field(self._label.name, compact=True)
        yield Label("Note, in Markdown", markup=False)
        yield Editor(self._label.note, compact=True, classes="few-lines" if self._explain else "")

    def on_mount(self) -> None:
        """Say why it is asked again, where it is."""
        self.refuse(self._reason)

    @property
    def label(self) -> labels.Label:
        """What stands in the fields."""
        return labels.Label(self.query_one(Input).value, self.query_one(TextArea).text)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _edited(self) -> None:
        if self.label != self._label:
            self.refuse(labels.label_problem(self.label))

    @on(Input.Submitted)
    def action_confirm(self) -> None:
        """Keep name and note."""
        if problem := labels.label_problem(self.label):
            self.refuse(problem)
        else:
            self.dismiss(self.label)

    def action_open_editor(self) -> None:
        """Write the note in the person's editor, while the app stands aside."""
        area = self.query_one(TextArea)

        def edit() -> None:
            area.text = editor.edit_text(area.text, os.environ)

        self.refuse(lend_terminal(self.app, edit))

    def equivalent(self) -> str:
        """Return the calls of MLflow that do the same."""
        return "" if labels.label_problem(self.label) else self._equivalent(self.label)
