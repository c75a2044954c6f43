"""The dialog that launches a job or a sweep."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from rich.text import Text
from textual import events, on, work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.cli_reading.help_text import SOURCE
from mlops_tui.domain.jobs.filled_form import FilledForm, default_texts
from mlops_tui.domain.jobs.launchable import Launchable, TargetKind
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pick_dialog import PickDialog
from mlops_tui.tui.launching.launch_form import LaunchForm
from mlops_tui.tui.launching.launch_keys import LAUNCH_DIALOG
from mlops_tui.tui.launching.parameter_form import ParameterForm

R = TypeVar("R")

FIRST = "ParameterForm Input, ParameterForm Select"
"""The field that has the keys at first."""


@dataclass(frozen=True, slots=True)
class FormLoader:
    """Callbacks that reload a form."""

    ask_help: Callable[[Launchable], Awaitable[Launchable]]
    """Returns what the answer of the program to ``--help`` tells of its parameters."""
    form_of_command: Callable[[Launchable, str], Awaitable[FilledForm]]
    """Returns the form of another command of the program."""


class LaunchDialog(Dialog[R]):
    """A form, which can be longer than the screen, above the command that its fields mean.

    ``reason`` says why the form is shown again.
    """

    BINDINGS = bindings(LAUNCH_DIALOG)
    AUTO_FOCUS = FIRST
    DEFAULT_CSS = """
    LaunchDialog #command {
        height: 3;
        color: $text-muted;
        &.-refused { color: $text-error; text-style: bold; }
    }
    LaunchDialog.-wide ParameterRow Input { width: 38; }
    LaunchDialog.-wide ParameterRow Select { width: 38; }
    LaunchDialog #field { height: 2; color: $text-muted; }
    LaunchDialog #box { max-height: 100%; }
    LaunchDialog #box .title { margin-bottom: 0; }
    LaunchDialog #box .reason { display: none; }
    """

    def __init__(
        self, title: str, form: LaunchForm[R], loader: FormLoader, reason: str = ""
    ) -> None:
        super().__init__(f"{title}: {form.filled.launchable.title}")
        self._title = title
        self._form = form
        self._loader = loader
        self._reason = reason
        self._refused: list[dict[str, str]] = []
        """What the fields held when ``reason`` was said."""
        self._requested = form.filled.launchable.target.entry_point
        """The command whose fields were asked for last."""

    def compose_body(self) -> Iterable[Widget]:
        """Put the form between what was read and what the fields mean."""
        yield Static(self._form.explanation, classes="explain", markup=False)
        yield self._form
        yield Static("", id="field", markup=False)
        yield Static("", id="command", markup=False)

    def on_mount(self) -> None:
        """Show the command, or why the form is shown again."""
        self.refuse(self._reason)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _explain_field(self) -> None:
        """Say all that is known of the field that has the keys: beside it there is little room."""
        explanations = (form.explanation for form in self._form.forms)
        self.query_one("#field", Static).update(next(filter(None, explanations), ""), layout=False)

    @on(ParameterForm.Edited)
    def _edited(self) -> None:
        self._explain_field()
        # Fields that are made say that they changed, too.
        if self._texts() != self._refused:
            self._reason = ""
        self._show_command()
        if self._form.command != self._requested:
            self._requested = self._form.command
            self.workers.cancel_group(self, "help")
            self.query_one(".explain", Static).update(self._form.explanation)
            if not self._shows_chosen_command:
                self._choose(self._requested)

    @property
    def _shows_chosen_command(self) -> bool:
        """Whether the fields are those of the command that is chosen."""
        return self._form.command == self._form.filled.launchable.target.entry_point

    def _texts(self) -> list[dict[str, str]]:
        return [form.texts for form in self._form.forms]

    def refuse(self, reason: str) -> None:
        """Say why where the command stands, which is always in view."""
        self._reason, self._refused = one_line(reason, 600), self._texts()
        self._show_command()

    def _show_command(self) -> None:
        """Say what the fields mean, or what is still wrong."""
        try:
            found = self._form.collect()
        except ServiceError as error:
            text = str(error)
        else:
            text = self._form.describe(found.result) if found.result else found.problem
        line = self.query_one("#command", Static)
        line.set_class(bool(self._reason), "-refused")
        shown = "\n".join(one_line(each, 600) for each in text.split("\n"))
        line.update(Text(f"✗ {self._reason}" if self._reason else shown), layout=False)

    def equivalent(self) -> str:
        """Return the command line that does the same."""
        return self._form.equivalent()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer ``--help`` for what is a program."""
        programs = (TargetKind.SCRIPT, TargetKind.MODULE)
        if action == "ask_help" and self._form.filled.launchable.target.kind not in programs:
            return False
        return super().check_action(action, parameters)

    @on(ParameterForm.Submitted)
    def action_launch(self) -> None:
        """Launch it, unless a field is wrong."""
        if not self._shows_chosen_command:
            self.refuse(f"The fields of {self._form.command or 'the program'} were not read yet.")
            return
        try:
            found = self._form.collect()
        except ServiceError as error:
            self.refuse(str(error))
            return
        if found.result is None:
            self.refuse(found.problem)
            self.query_one(f"#{found.form}", ParameterForm).focus_field(found.field)
        else:
            self.dismiss(found.result)

    @work(group="find", exclusive=True)
    async def action_find(self) -> None:
        """Go to the field that the person picks."""
        fields = {
            f"{number} {each.name}": one_line(f"{each.name}  {each.help}", 200)
            for number, form in enumerate(self._form.forms)
            for each in form.parameters
        }
        picked = await self.shell.push_screen_wait(PickDialog("Find a field", fields, "Field"))
        if picked is not None:
            number, _, name = picked.partition(" ")
            self._form.forms[int(number)].focus_field(name)

    @work(group="help", exclusive=True)
    async def action_ask_help(self) -> None:
        """Run the program with ``--help``; make the fields of its answer."""
        self._say_that_it_is_asked()
        try:
            asked = await self._loader.ask_help(self._form.filled.launchable)
        except ServiceError as error:
            self._say_why_not(error)
            return
        defaults = default_texts(asked)
        form = replace(self._form.filled, launchable=asked, texts=defaults, original=defaults)
        await self._show_form(form)

    @work(group="help", exclusive=True)
    async def _choose(self, command: str) -> None:
        """Make the fields of another command."""
        found = self._form.filled.launchable
        if found.line.source == SOURCE:
            self._say_that_it_is_asked()
        try:
            form = await self._loader.form_of_command(found, command)
        except ServiceError as error:
            self._say_why_not(error)
            return
        await self._show_form(form)

    def _say_that_it_is_asked(self) -> None:
        self.refuse("")
        self.query_one(".explain", Static).update("Running it with --help… esc cancels.")

    def _say_why_not(self, error: ServiceError) -> None:
        self.query_one(".explain", Static).update(self._form.explanation)
        self.refuse(str(error))

    async def _show_form(self, filled: FilledForm) -> None:
        await self._form.show_form(filled)
        self.heading = f"{self._title}: {filled.launchable.title}"
        self.query_one(".title", Static).update(Text(one_line(self.heading, 200)))
        self.query_one(".explain", Static).update(self._form.explanation)
        self.query(FIRST).first().focus()
        self._show_command()
