"""The form of a new training job."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from textual.widget import Widget

from mlops_tui import recipes
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.job_options import Variables
from mlops_tui.domain.jobs.job_spec import JobSpec, handed_on, job_spec
from mlops_tui.domain.jobs.launchable import TargetKind
from mlops_tui.domain.jobs.recipe import Recipe, Value
from mlops_tui.tui.launching.form_dialog import Filled
from mlops_tui.tui.launching.form_loader import Asking
from mlops_tui.tui.launching.launch_dialog import LaunchDialog
from mlops_tui.tui.launching.parameter_form import ParameterForm


@dataclass(frozen=True, slots=True)
class NewJob:
    """What was filled in: the job, what is handed on to it alone, the texts as they stand."""

    spec: JobSpec
    variables: Variables
    form: FilledForm


class NewJobDialog(LaunchDialog[NewJob]):
    """The form of something that can be launched; ``reason`` says why it is asked again."""

    def __init__(self, form: FilledForm, asking: Asking, reason: str = "") -> None:
        super().__init__("New training job", form, asking, reason)

    def compose_forms(self) -> Iterable[Widget]:
        """Ask for the parameters, then for what every job has."""
        yield from self.entry_form()
        yield ParameterForm(
            self._form.launchable.line.parameters,
            texts=self._form.texts,
            original=self._form.original,
            word=self._form.word,
            check=self._check,
            id="parameters",
        )
        yield self.job_form()

    @property
    def _recipe(self) -> Recipe | None:
        target = self._form.launchable.target
        return recipes.find(target.name) if target.kind is TargetKind.RECIPE else None

    def _check(self, values: dict[str, Value | None]) -> Mapping[str, str]:
        if self._recipe:
            return self._recipe.check(values)
        return self._form.launchable.problems(values)

    def filled(self) -> Filled[NewJob]:
        """Return the job, else what is wrong."""
        values, reasons = self.query_one("#parameters", ParameterForm).values()
        options, wrong = self.job_options()
        for form, found in (("#parameters", reasons), ("#job", wrong)):
            for name, reason in found.items():
                return None, form, f"{name}: {reason}"
        texts, others = self.texts_of("parameters"), self.texts_of("job")
        form_now = replace(self._form, texts=texts, options=others)
        filled = (self._form.launchable, values, options)
        return NewJob(job_spec(*filled), handed_on(*filled), form_now), "", ""

    def said(self, filled: NewJob) -> str:
        """Return the command."""
        return f"$ {shlex.join(filled.spec.command)}"

    def equivalent(self) -> str:
        """Return the command line as it is run, with its folder and its experiment."""
        try:
            job, _, _ = self.filled()
        except ServiceError:
            return ""
        if job is None:
            return ""
        told = [f"{name}={shlex.quote(value)}" for name, value in job.spec.variables().items()]
        line = " ".join([*told, shlex.join(job.spec.command)])
        if self._recipe or not job.spec.directory:
            return line
        return f"cd {shlex.quote(job.spec.directory)} && {line}"
