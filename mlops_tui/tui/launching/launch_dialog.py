"""The form of something that can be launched, whatever is done with it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from textual import on, work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.cli_reading.help_text import SOURCE
from mlops_tui.domain.jobs.filled_form import FilledForm, default_texts
from mlops_tui.domain.jobs.job_options import JobOptions, options_of
from mlops_tui.domain.jobs.launchable import TargetKind
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.launching.form_dialog import FIRST, FormDialog
from mlops_tui.tui.launching.form_loader import Asking
from mlops_tui.tui.launching.launch_keys import LAUNCH_DIALOG
from mlops_tui.tui.launching.parameter_form import ParameterForm

R = TypeVar("R")


class LaunchDialog(FormDialog[R]):
    """Fields of the parameters, of which another command of the same program has others."""

    BINDINGS = bindings(LAUNCH_DIALOG)
    DEFAULT_CSS = "LaunchDialog #fields #entry { margin-bottom: 0; }"

    def __init__(self, title: str, form: FilledForm, asking: Asking, reason: str) -> None:
        super().__init__(f"{title}: {form.launchable.title}", reason)
        self._title = title
        self._form = form
        self._asking = asking

    def entry_form(self) -> Iterable[Widget]:
        """Return the choice of the command that the other fields belong to, where there is one."""
        found = self._form.launchable
        is_project = found.target.kind is TargetKind.PROJECT
        name = "entry point" if is_project else "command"
        help_ = "none is needed" if "" in found.entry_points else ""
        choice = Parameter(
            name,
            found.target.entry_point,
            help_,
            choices=tuple(filter(None, found.entry_points)),
            optional="" in found.entry_points,
        )
        if len(found.entry_points) > 1:
            yield ParameterForm((choice,), id="entry")

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
    def _see_command(self) -> None:
        for choice in self.query("#entry").results(ParameterForm):
            (chosen,) = choice.texts.values()
            if chosen != self._form.launchable.target.entry_point:
                self._choose(chosen)

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
        self.query(FIRST).first().focus()
        self.show_command()
