"""Fields above a line that says what they mean, whatever that is."""

from collections.abc import Iterable
from typing import TypeVar

from rich.text import Text
from textual import events, on, work
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.launching.parameter_form import ParameterForm

R = TypeVar("R")

FIRST = "ParameterForm Input, ParameterForm Select"
"""The field that has the keys at first."""

Filled = tuple[R | None, str, str]
"""What was filled in, else the form with the name of a field and the reason why it is wrong."""


class FormDialog(Dialog[R]):
    """Forms that can be longer than the screen; ``reason`` says why they are asked again."""

    AUTO_FOCUS = FIRST
    DEFAULT_CSS = """
    FormDialog #command {
        height: 3;
        color: $text-muted;
        &.-refused { color: $text-error; text-style: bold; }
    }
    FormDialog #fields { height: auto; max-height: 50vh; }
    FormDialog #fields ParameterForm { margin-bottom: 1; }
    FormDialog.-wide ParameterRow Input { width: 38; }
    FormDialog.-wide ParameterRow Select { width: 38; }
    FormDialog #field { height: 2; color: $text-muted; }
    FormDialog #box { max-height: 100%; }
    FormDialog #box .title { margin-bottom: 0; }
    FormDialog #box .reason { display: none; }
    """

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(title)
        self._reason = reason
        self._refused: list[dict[str, str]] = []

    def explanation(self) -> str:
        """Return what stands above the fields."""
        return ""

    def compose_forms(self) -> Iterable[Widget]:
        """Return the forms."""
        return ()

    def filled(self) -> Filled[R]:
        """Return what was filled in, or what is wrong. Raises ``ServiceError``."""
        raise NotImplementedError

    def said(self, filled: R) -> str:
        """Return what stands below the fields."""
        raise NotImplementedError

    def compose_body(self) -> Iterable[Widget]:
        """Put the forms between what was read and what they mean."""
        yield Static(self.explanation(), classes="explain", markup=False)
        with VerticalScroll(id="fields", can_focus=False):
            yield from self.compose_forms()
        yield Static("", id="field", markup=False)
        yield Static("", id="command", markup=False)

    def texts_of(self, form: str) -> dict[str, str]:
        """Return what the fields of a form hold, by name."""
        return self.query_one(f"#{form}", ParameterForm).texts

    def on_mount(self) -> None:
        """Show the command, or why it is asked again."""
        self.refuse(self._reason)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _explain(self) -> None:
        """Say all that is known of the field that has the keys: beside it there is little room."""
        told = (form.explanation for form in self.query(ParameterForm))
        self.query_one("#field", Static).update(next(filter(None, told), ""), layout=False)

    @on(ParameterForm.Edited)
    def _edited(self) -> None:
        self._explain()
        # Fields that are made say that they changed, too.
        if self._texts() != self._refused:
            self._reason = ""
        self.show_command()

    def refuse(self, reason: str) -> None:
        """Say why where the command stands, which is always in view."""
        self._reason, self._refused = one_line(reason, 600), self._texts()
        self.show_command()

    def _texts(self) -> list[dict[str, str]]:
        return [form.texts for form in self.query(ParameterForm)]

    def show_command(self) -> None:
        """Say what the fields mean, or what is still wrong."""
        try:
            filled, _, reason = self.filled()
        except ServiceError as error:
            text = str(error)
        else:
            text = self.said(filled) if filled is not None else reason
        line = self.query_one("#command", Static)
        line.set_class(bool(self._reason), "-refused")
        shown = "\n".join(one_line(each, 600) for each in text.split("\n"))
        line.update(Text(f"✗ {self._reason}" if self._reason else shown), layout=False)

    @work(group="find", exclusive=True)
    async def action_find(self) -> None:
        """Go to the field that the person picks."""
        known = {
            f"{number} {each.name}": one_line(f"{each.name}  {each.help}", 200)
            for number, form in enumerate(self.query(ParameterForm))
            for each in form.parameters
        }
        picked = await self.shell.push_screen_wait(PickDialog("Find a field", known, "Field"))
        if picked is not None:
            number, _, name = picked.partition(" ")
            list(self.query(ParameterForm))[int(number)].focus_field(name)

    @on(ParameterForm.Submitted)
    def action_launch(self) -> None:
        """Launch it, unless a field is wrong."""
        try:
            filled, form, reason = self.filled()
        except ServiceError as error:
            self.refuse(str(error))
            return
        if filled is None:
            self.refuse(reason)
            self.query_one(form, ParameterForm).focus_field(reason.partition(":")[0])
        else:
            self.dismiss(filled)
