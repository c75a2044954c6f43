"""A job as it is about to run: what a launcher, a queue or a scheduler is given."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.job_options import JobOptions, Variables, without_secrets
from mlops_tui.domain.jobs.job_secrets import COMMAND, hidden_values, hidden_words
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE
from mlops_tui.domain.jobs.mlproject import project_command, with_defaults
from mlops_tui.domain.jobs.recipe import Value, to_text
from mlops_tui.domain.processes.process import RETRAINING, SUBMITS
from mlops_tui.domain.secrets import HIDDEN, looks_secret

EXPERIMENT_NAME = "MLFLOW_EXPERIMENT_NAME"
SYSTEM_METRICS = "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"
RUN_NAME_TAG = "mlflow.runName"
"""Given by the context, it names the runs to which the program gives no name."""


@dataclass(frozen=True, slots=True)
class JobSpec:
    """All that is to be known of a job but its secrets, in whose place there is ``HIDDEN``.

    ``environment`` are the names of its variables. ``directory`` is empty for where MLflow keeps
    its files.
    """

    target: Target
    title: str
    command: tuple[str, ...]
    directory: str
    python: str
    parameters: Mapping[str, Value | None] = field(default_factory=dict)
    experiment: str = ""
    run_name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    environment: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    """The fields of the form beside the parameters, without secrets."""
    system_metrics: bool = False
    runs_on: str = THIS_MACHINE
    """The title of its launcher."""
    resources: Mapping[str, str] = field(default_factory=dict)
    """What it asks that launcher for, by field."""
    sweep: str = ""
    """The plan as JSON where the job is a sweep; ``parameters`` are then those that stay."""
    submits: bool = False
    """Whether it does no more than look after others on a cluster."""
    attempt: str = ""
    """The attempt of retraining that it is part of."""

    def run_tags(self) -> dict[str, str]:
        """Return the tags that each run of the job gets."""
        named = {RUN_NAME_TAG: self.run_name} if self.run_name and not self._is_recipe else {}
        return {**_project_tags(self.target), **named, **self.tags}

    def variables(self) -> dict[str, str]:
        """Return the variables that tell the program its experiment, MLflow what to log."""
        told = self.experiment and not self._is_recipe
        filed = {EXPERIMENT_NAME: self.experiment} if told else {}
        return filed | ({SYSTEM_METRICS: "true"} if self.system_metrics else {})

    @property
    def _is_recipe(self) -> bool:
        return self.target.kind is TargetKind.RECIPE

    def details(self) -> dict[str, str]:
        """Return what the record of the job keeps, to show it or to launch it again."""
        sweep = {"sweep": self.sweep} if self.sweep else {}
        submits = {SUBMITS: "true"} if self.submits else {}
        retraining = {RETRAINING: self.attempt} if self.attempt else {}
        return {
            "recipe": self.target.label,
            "kind": self.target.kind.value,
            "target": self.target.name,
            "entry_point": self.target.entry_point,
            "experiment": self.experiment,
            "run_name": self.run_name,
            "values": json.dumps(dict(self.parameters)),
            "options": json.dumps(dict(self.options)),
            "python": self.python,
            **sweep,
            **submits,
            **retraining,
        }


def _project_tags(target: Target) -> dict[str, str]:
    """Return the tags that ``mlflow run`` gives the run of a project."""
    if target.kind is not TargetKind.PROJECT:
        return {}
    return {
        "mlflow.source.type": "PROJECT",
        "mlflow.source.name": target.name,
        "mlflow.project.entryPoint": target.entry_point,
    }


def job_spec(
    launchable: Launchable, values: Mapping[str, Value | None], options: JobOptions
) -> JobSpec:
    """Return the job that a filled form means. Raises ``InvalidInput``.

    The variables that the command needs beside it are those of ``secret_env``.
    """
    target = launchable.target
    shown = hidden_values(launchable.line.parameters, values)
    is_recipe = target.kind is TargetKind.RECIPE
    filed = to_text(values.get("experiment")), to_text(values.get("run_name"))
    experiment, run_name = filed if is_recipe else (options.experiment, options.run_name)
    return JobSpec(
        target=target,
        title=run_name or launchable.title,
        command=_command(launchable, shown, options, hidden_words(options.free)),
        directory=options.directory or launchable.directory,
        python=_python(launchable, options),
        parameters=shown,
        experiment=experiment,
        run_name=run_name,
        tags=options.tags,
        environment=tuple(options.variables),
        options={name: text for name, text in options.texts().items() if text},
        system_metrics=options.system_metrics,
        runs_on=options.runs_on,
        resources=options.resources,
    )


def secret_env(
    launchable: Launchable, values: Mapping[str, Value | None], options: JobOptions
) -> Variables:
    """Return the variables for the job's process alone, which are never written down.

    Its command is among them where that holds secrets. Raises ``InvalidInput``.
    """
    command = whole_command(launchable, values, options)
    if command == job_spec(launchable, values, options).command:
        return options.variables
    return {**options.variables, COMMAND: json.dumps(command)}


def whole_command(
    launchable: Launchable, values: Mapping[str, Value | None], options: JobOptions
) -> tuple[str, ...]:
    """Return the command of the job with its secrets. Raises ``InvalidInput``."""
    return _command(launchable, values, options, options.free)


def _python(launchable: Launchable, options: JobOptions) -> str:
    return options.python or launchable.python


def _command(
    launchable: Launchable, values: Mapping[str, Value | None], options: JobOptions, free: str
) -> tuple[str, ...]:
    python = _python(launchable, options)
    if launchable.target.kind is TargetKind.RECIPE:
        return (python, *launchable.prefix, "--values", json.dumps(dict(values)))
    if launchable.template:
        given = with_defaults(launchable.line.parameters, values)
        return project_command(launchable.template, given, python, free)
    for name, reason in launchable.problems(values).items():
        raise InvalidInput(f"{name}: {reason}.")
    return (python, *launchable.prefix, *launchable.line.words(values, free))


def target_of(details: Mapping[str, str]) -> Target | None:
    """Return what a job's record says was launched, None where it does not say."""
    try:
        kind = TargetKind(details.get("kind") or TargetKind.RECIPE)
    except ValueError:
        return None
    name = details.get("target") or details.get("recipe", "")
    return Target(kind, name, details.get("entry_point", "")) if name else None


def filled_in(details: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of parameters with those of the other fields, as a job's record has them."""
    values, options = _object(details.get("values")), _object(details.get("options"))
    return without_secrets(values), {name: str(text) for name, text in options.items()}


def not_kept(details: Mapping[str, str]) -> frozenset[str]:
    """Return the parameters whose values a job's record does not have, for they may be secrets."""
    values = _object(details.get("values"))
    return frozenset(
        name
        for name, value in values.items()
        if value == HIDDEN or (isinstance(value, str) and value and looks_secret(name))
    )


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
