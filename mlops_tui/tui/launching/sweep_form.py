"""The form of a new sweep."""

import shlex
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath

from textual import work

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.launchable import Launchable
from mlops_tui.domain.jobs.recipe import to_text
from mlops_tui.domain.runs.run_filter import Completion
from mlops_tui.domain.sweeps.sweep_command import sweep_command
from mlops_tui.domain.sweeps.sweep_form import (
    EXPLANATION,
    HOW,
    METRIC,
    filled_plan,
    text_fields,
    wrong_fields,
)
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan, checked, sentence, space_of
from mlops_tui.tui.launching.launch_form import Collected, LaunchForm
from mlops_tui.tui.launching.parameter_form import ParameterForm, Values

AskMetrics = Callable[[], Awaitable[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class FilledSweep:
    """What the fields hold: the parameters with those of every job, then how it is searched."""

    job: FilledForm
    how: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NewSweep:
    """What was filled in, with the texts as they stand."""

    launchable: Launchable
    plan: SweepPlan
    options: JobOptions
    form: FilledSweep


class SweepForm(LaunchForm[NewSweep]):
    """Parameters that take a value, a list or a range; how they are searched."""

    DEFAULT_CSS = "SweepForm { max-height: 42vh; }"

    def __init__(self, form: FilledSweep, ask_metrics: AskMetrics) -> None:
        super().__init__(form.job)
        self._how = form.how
        self._ask_metrics = ask_metrics
        self._metrics: tuple[str, ...] = ()

    def on_mount(self) -> None:
        """Find out what to offer as the metric."""
        self._learn_metrics()

    @work(group="metrics")
    async def _learn_metrics(self) -> None:
        # Without them a metric is typed all the same, only without completions.
        with suppress(ServiceError):
            self._metrics = await self._ask_metrics()

    def _metric_completions(self, text: str) -> list[Completion]:
        return [Completion(name, name) for name in self._metrics if name.startswith(text)]

    @property
    def explanation(self) -> str:
        """What the fields take, before what was read."""
        return f"{EXPLANATION} {super().explanation}"

    def compose_parameters(self) -> Iterable[ParameterForm]:
        """Ask what is tried, then how it is searched."""
        parameters = self.filled.launchable.line.parameters
        yield ParameterForm(
            text_fields(parameters),
            texts=self.filled.texts,
            original=self.filled.original,
            word=self.filled.word,
            check=lambda values: wrong_fields(parameters, _texts(values)),
            id="parameters",
        )
        how = ParameterForm(HOW, texts=self._how, id="how")
        how.completers = {METRIC.name: self._metric_completions}
        yield how

    def collect(self) -> Collected[NewSweep]:
        """Return the sweep, or what is wrong."""
        launchable = self.filled.launchable
        fields, self._how = self.texts_of("parameters"), self.texts_of("how")
        options, of_job = self.job_options()
        plan, of_how = filled_plan(launchable, fields, self._how)
        wrong = wrong_fields(launchable.line.parameters, fields)
        for form, found in (("parameters", wrong), ("how", of_how), ("job", of_job)):
            for name, reason in found.items():
                return Collected(None, form, name, reason)
        if plan is None:
            return Collected(None, "how")
        plan = replace(plan, options=options.texts())
        plan = checked(plan, space_of(launchable, plan))
        job = replace(self.filled, texts=fields, options=self.texts_of("job"))
        return Collected(NewSweep(launchable, plan, options, FilledSweep(job, self._how)))

    def describe(self, result: NewSweep) -> str:
        """Say how many trials that is, with the command that does the same."""
        target, here = result.plan.target, self.filled.launchable.directory
        path = PurePath(target.name)
        name = str(path.relative_to(here)) if path.is_relative_to(here) else target.name
        shown = replace(result, plan=replace(result.plan, target=replace(target, name=name)))
        what = sentence(result.plan, result.launchable.launchers)
        return f"{what}\n$ {self._command(shown)}"

    def equivalent(self) -> str:
        """Return the command that makes the same sweep."""
        try:
            sweep = self.collect().result
        except ServiceError:
            return ""
        return self._command(sweep) if sweep else ""

    def _command(self, sweep: NewSweep) -> str:
        usual = {"directory": self.filled.launchable.directory, "python": ""}
        others = {
            name: text
            for name, text in sweep.plan.options.items()
            if text != usual.get(name, "") and name != "python"
        }
        return shlex.join(sweep_command(replace(sweep.plan, options=others)))


def _texts(values: Values) -> dict[str, str]:
    return {name: to_text(value) for name, value in values.items()}
