"""The form of a new training job."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mlops_tui import recipes
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.job_options import Variables
from mlops_tui.domain.jobs.job_spec import JobSpec, job_spec, secret_env
from mlops_tui.domain.jobs.launchable import TargetKind
from mlops_tui.domain.jobs.recipe import Recipe, Value
from mlops_tui.tui.launching.launch_form import Collected, LaunchForm
from mlops_tui.tui.launching.parameter_form import ParameterForm


@dataclass(frozen=True, slots=True)
class NewJob:
    """What was filled in: the job, what is handed on to it alone, the texts as they stand."""

    spec: JobSpec
    variables: Variables
    form: FilledForm


class JobForm(LaunchForm[NewJob]):
    """The parameters of a program, or of a recipe, each with one value."""

    def compose_parameters(self) -> Iterable[ParameterForm]:
        """Ask for the parameters."""
        yield ParameterForm(
            self.filled.launchable.line.parameters,
            texts=self.filled.texts,
            original=self.filled.original,
            word=self.filled.word,
            check=self._check,
            id="parameters",
        )

    @property
    def _recipe(self) -> Recipe | None:
        target = self.filled.launchable.target
        return recipes.find(target.name) if target.kind is TargetKind.RECIPE else None

    def _check(self, values: dict[str, Value | None]) -> Mapping[str, str]:
        if self._recipe:
            return self._recipe.check(values)
        return self.filled.launchable.problems(values)

    def collect(self) -> Collected[NewJob]:
        """Return the job, or what is wrong."""
        values, reasons = self.query_one("#parameters", ParameterForm).values()
        options, wrong = self.job_options()
        for form, found in (("parameters", reasons), ("job", wrong)):
            for name, reason in found.items():
                return Collected(None, form, name, reason)
        texts, others = self.texts_of("parameters"), self.texts_of("job")
        form_now = replace(self.filled, texts=texts, options=others)
        launch = (self.filled.launchable, values, options)
        return Collected(NewJob(job_spec(*launch), secret_env(*launch), form_now))

    def describe(self, result: NewJob) -> str:
        """Return the command."""
        return f"$ {shlex.join(result.spec.command)}"

    def equivalent(self) -> str:
        """Return the command line as it is run, with its folder and its experiment."""
        try:
            job = self.collect().result
        except ServiceError:
            return ""
        if job is None:
            return ""
        variables = [f"{name}={shlex.quote(value)}" for name, value in job.spec.variables().items()]
        line = " ".join([*variables, shlex.join(job.spec.command)])
        if self._recipe or not job.spec.directory:
            return line
        return f"cd {shlex.quote(job.spec.directory)} && {line}"
