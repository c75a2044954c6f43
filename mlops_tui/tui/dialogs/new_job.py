"""The form of a new training job."""

import shlex
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from rich.text import Text
from textual import on, work
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui import recipes
from mlops_tui.domain.argument import CommandLine
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.filled_form import FilledForm, default_texts
from mlops_tui.domain.job_options import JobOptions, options_of
from mlops_tui.domain.job_spec import JobSpec, job_spec
from mlops_tui.domain.launchable import Launchable, TargetKind
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.recipe import Recipe, Value
from mlops_tui.tui.dialogs.dialog import Dialog
from mlops_tui.tui.keys import bindings
from mlops_tui.tui.widgets.parameter_form import ParameterForm

AskHelp = Callable[[Launchable], Awaitable[CommandLine]]


@dataclass(frozen=True, slots=True)
class NewJob:
    """What was filled in: the job, with the values of its variables and the texts as they stand."""

    spec: JobSpec
    options: JobOptions
    form: FilledForm


class NewJobDialog(Dialog[NewJob]):
    """The form of something that can be launched; ``reason`` says why it is asked again."""

    BINDINGS = bindings("new job")
    AUTO_FOCUS = "ParameterForm Input, ParameterForm Select"
    DEFAULT_CSS = """
    NewJobDialog #command {
        height: auto;
        max-height: 3;
        color: $text-muted;
        &.-refused { color: $text-error; text-style: bold; }
    }
    NewJobDialog #fields { height: auto; max-height: 50vh; }
    NewJobDialog #box .title { margin-bottom: 0; }
    NewJobDialog #box .reason { display: none; }
    """

    def __init__(self, form: FilledForm, ask_help: AskHelp, reason: str = "") -> None:
        super().__init__(f"New training job: {form.launchable.title}")
        self._form = form
        self._ask_help = ask_help
        self._reason = reason
        self._refused: list[dict[str, str]] = []

    def compose_body(self) -> Iterable[Widget]:
        """Ask for the parameters, then for what every job has."""
        form, found = self._form, self._form.launchable
        yield Static(self._explanation(), classes="explain", markup=False)
        with VerticalScroll(id="fields", can_focus=False):
            yield ParameterForm(
                found.line.parameters,
                texts=form.texts,
                original=form.original,
                word=form.word,
                check=self._check,
                id="parameters",
            )
            yield ParameterForm(
                found.job_fields,
                texts=form.options,
                original=form.original_options,
                word=form.word,
                check=lambda _values: self._options()[1],
                id="job",
            )
        yield Static("", id="command", markup=False)

    def on_mount(self) -> None:
        """Show the command, or why it is asked again."""
        self.refuse(self._reason)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to ask what is a program."""
        programs = (TargetKind.SCRIPT, TargetKind.MODULE)
        if action == "ask_help" and self._form.launchable.target.kind not in programs:
            return False
        return super().check_action(action, parameters)

    def _explanation(self) -> str:
        found = self._form.launchable
        python = f"Python of {one_line(found.origin, 200)}."
        if found.origin in ("setting", "own", "VIRTUAL_ENV", "CONDA_PREFIX"):
            python = {"setting": "Python as set.", "own": "Our own Python."}.get(
                found.origin, f"Python of the active {found.origin}."
            )
        parts = (found.explanation, self._form.note, python)
        return one_line(" ".join(filter(None, parts)), 500)

    @property
    def _recipe(self) -> Recipe | None:
        target = self._form.launchable.target
        return recipes.find(target.name) if target.kind is TargetKind.RECIPE else None

    def _check(self, values: dict[str, Value | None]) -> Mapping[str, str]:
        return self._recipe.check(values) if self._recipe else {}

    def _options(self) -> tuple[JobOptions, dict[str, str]]:
        forms = self.query("#job").results(ParameterForm)
        return options_of(next(iter(forms)).texts)

    def _filled(self) -> tuple[NewJob | None, str, str]:
        """Return the job, else the form and the name of a field with the reason why it is wrong."""
        parameters = self.query_one("#parameters", ParameterForm)
        values, reasons = parameters.values()
        options, wrong = self._options()
        for form, found in (("#parameters", reasons), ("#job", wrong)):
            for name, reason in found.items():
                return None, form, f"{name}: {reason}"
        texts = parameters.texts
        form_now = replace(self._form, texts=texts, options=self._job_form.texts)
        spec = job_spec(self._form.launchable, values, options)
        return NewJob(spec, options, form_now), "", ""

    @property
    def _job_form(self) -> ParameterForm:
        return self.query_one("#job", ParameterForm)

    @on(ParameterForm.Edited)
    def _edited(self) -> None:
        # Fields that are made say that they changed, too.
        if self._texts() != self._refused:
            self._reason = ""
        self._show_command()

    def refuse(self, reason: str) -> None:
        """Say why where the command stands, which is always in view."""
        self._reason, self._refused = one_line(reason, 600), self._texts()
        self._show_command()

    def _texts(self) -> list[dict[str, str]]:
        return [form.texts for form in self.query(ParameterForm)]

    def _show_command(self) -> None:
        try:
            job, _, _ = self._filled()
        except ServiceError as error:
            text = str(error)
        else:
            text = f"$ {shlex.join(job.spec.command)}" if job else ""
        line = self.query_one("#command", Static)
        line.set_class(bool(self._reason), "-refused")
        line.update(Text(f"✗ {self._reason}" if self._reason else one_line(text, 600)))

    @on(ParameterForm.Submitted)
    def action_launch(self) -> None:
        """Launch the job, unless a field is wrong."""
        try:
            job, form, reason = self._filled()
        except ServiceError as error:
            self.refuse(str(error))
            return
        if job is None:
            self.refuse(reason)
            self.query_one(form, ParameterForm).focus_field(reason.partition(":")[0])
        else:
            self.dismiss(job)

    @work(group="help", exclusive=True)
    async def action_ask_help(self) -> None:
        """Run the program with ``--help``; make the fields of its answer."""
        found = self._form.launchable
        self.refuse("")
        self.query_one(".explain", Static).update("Asking it with --help… esc gives up.")
        try:
            line = await self._ask_help(found)
        except ServiceError as error:
            self.query_one(".explain", Static).update(self._explanation())
            self.refuse(str(error))
            return
        asked = replace(found, line=line)
        defaults = default_texts(asked)
        self._form = replace(
            self._form,
            launchable=asked,
            texts=defaults,
            original=defaults,
            options=self._job_form.texts,
        )
        await self.recompose()
        self._show_command()

    def equivalent(self) -> str:
        """Return the command line as it is run, with its folder and its experiment."""
        try:
            job, _, _ = self._filled()
        except ServiceError:
            return ""
        if job is None:
            return ""
        told = [f"{name}={shlex.quote(value)}" for name, value in job.spec.variables().items()]
        line = " ".join([*told, shlex.join(job.spec.command)])
        if self._recipe or not job.spec.directory:
            return line
        return f"cd {shlex.quote(job.spec.directory)} && {line}"
