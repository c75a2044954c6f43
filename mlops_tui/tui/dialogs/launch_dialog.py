"""The form of something that can be launched, whatever is done with it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from rich.text import Text
from textual import on, work
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Select, Static

from mlops_tui.domain.cli_reading.help_text import SOURCE
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.filled_form import FilledForm, default_texts
from mlops_tui.domain.job_options import JobOptions, options_of
from mlops_tui.domain.launchable import TargetKind
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.recipe import Parameter
from mlops_tui.tui.dialogs.asking import Asking
from mlops_tui.tui.dialogs.dialog import Dialog
from mlops_tui.tui.keys.places import bindings
from mlops_tui.tui.widgets.parameter_form import ParameterForm

R = TypeVar("R")


Filled = tuple[R | None, str, str]
"""What was filled in, else the form with the name of a field and the reason why it is wrong."""


class LaunchDialog(Dialog[R]):
    """Fields above a line that says what they mean; ``reason`` says why it is asked again."""

    BINDINGS = bindings("new job")
    AUTO_FOCUS = "ParameterForm Input, ParameterForm Select"
    DEFAULT_CSS = """
    LaunchDialog #command {
        height: auto;
        max-height: 3;
        color: $text-muted;
        &.-refused { color: $text-error; text-style: bold; }
    }
    LaunchDialog #fields { height: auto; max-height: 50vh; }
    LaunchDialog #entry #explained { display: none; }
    LaunchDialog #box .title { margin-bottom: 0; }
    LaunchDialog #box .reason { display: none; }
    """

    def __init__(self, title: str, form: FilledForm, asking: Asking, reason: str) -> None:
        super().__init__(f"{title}: {form.launchable.title}")
        self._title = title
        self._form = form
        self._asking = asking
        self._reason = reason
        self._refused: list[dict[str, str]] = []

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
            if len(self._form.launchable.entry_points) > 1:
                yield self._entry_form()
            yield from self.compose_forms()
        yield Static("", id="command", markup=False)

    def _entry_form(self) -> ParameterForm:
        """Return the choice of the command that the other fields belong to."""
        found = self._form.launchable
        is_project = found.target.kind is TargetKind.PROJECT
        name = "entry point" if is_project else "command"
        choice = Parameter(name, found.target.entry_point, choices=found.entry_points)
        return ParameterForm((choice,), id="entry")

    def job_form(self) -> ParameterForm:
        """Return the fields that every job has."""
        return ParameterForm(
            self._form.launchable.job_fields,
            texts=self._form.options,
            original=self._form.original_options,
            word=self._form.word,
            check=lambda _values: self.job_options()[1],
            id="job",
        )

    def job_options(self) -> tuple[JobOptions, dict[str, str]]:
        """Return what the fields of every job hold, with the reasons of wrong ones."""
        return options_of(self.texts_of("job"))

    def texts_of(self, form: str) -> dict[str, str]:
        """Return what the fields of a form hold, by name."""
        return self.query_one(f"#{form}", ParameterForm).texts

    def on_mount(self) -> None:
        """Show the command, or why it is asked again."""
        self.refuse(self._reason)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to ask what is a program."""
        programs = (TargetKind.SCRIPT, TargetKind.MODULE)
        if action == "ask_help" and self._form.launchable.target.kind not in programs:
            return False
        return super().check_action(action, parameters)

    def explanation(self) -> str:
        """Return what was read of it, from what."""
        found = self._form.launchable
        parts = (found.explanation, self._form.note, found.python_origin)
        return one_line(" ".join(filter(None, parts)), 500)

    @on(ParameterForm.Edited)
    def _edited(self) -> None:
        # Fields that are made say that they changed, too.
        if self._texts() != self._refused:
            self._reason = ""
        self._show_command()
        for choice in self.query("#entry").results(ParameterForm):
            (chosen,) = choice.texts.values()
            if chosen != self._form.launchable.target.entry_point:
                self._choose(chosen)

    def refuse(self, reason: str) -> None:
        """Say why where the command stands, which is always in view."""
        self._reason, self._refused = one_line(reason, 600), self._texts()
        self._show_command()

    def _texts(self) -> list[dict[str, str]]:
        return [form.texts for form in self.query(ParameterForm)]

    def _show_command(self) -> None:
        try:
            filled, _, _ = self.filled()
        except ServiceError as error:
            text = str(error)
        else:
            text = self.said(filled) if filled is not None else ""
        line = self.query_one("#command", Static)
        line.set_class(bool(self._reason), "-refused")
        shown = "\n".join(one_line(each, 600) for each in text.split("\n"))
        line.update(Text(f"✗ {self._reason}" if self._reason else shown))

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

    @work(group="help", exclusive=True)
    async def action_ask_help(self) -> None:
        """Run the program with ``--help``; make the fields of its answer."""
        self._say_that_it_is_asked()
        try:
            asked = await self._asking.help(self._form.launchable)
        except ServiceError as error:
            self._say_why_not(error)
            return
        defaults = default_texts(asked)
        form = replace(self._form, launchable=asked, texts=defaults, original=defaults)
        await self._show_form(form)

    @work(group="help", exclusive=True)
    async def _choose(self, command: str) -> None:
        """Make the fields of another command."""
        found = self._form.launchable
        if found.line.source == SOURCE:
            self._say_that_it_is_asked()
        try:
            form = await self._asking.command(found, command)
        except ServiceError as error:
            self._say_why_not(error)
            return
        await self._show_form(form)
        self.query_one("#entry Select", Select).focus()

    def _say_that_it_is_asked(self) -> None:
        self.refuse("")
        self.query_one(".explain", Static).update("Asking it with --help… esc gives up.")

    def _say_why_not(self, error: ServiceError) -> None:
        self.query_one(".explain", Static).update(self.explanation())
        self.refuse(str(error))

    async def _show_form(self, form: FilledForm) -> None:
        """Make the fields anew; those that every job has stay as they are."""
        self._form = replace(form, options=self.texts_of("job"))
        self.heading = f"{self._title}: {form.launchable.title}"
        await self.recompose()
        self._show_command()
