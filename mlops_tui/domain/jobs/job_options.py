"""What can be said of every job, whatever it trains."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mlops_tui.domain.jobs.job_secrets import COMMAND, hidden_words
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE, LauncherForm, form_titled
from mlops_tui.domain.jobs.recipe import Parameter, to_text, words
from mlops_tui.domain.secrets import HIDDEN, looks_secret
from mlops_tui.domain.tags import parse_tags, tags_text

EXPERIMENT = Parameter(
    "experiment",
    None,
    "created if missing; the program may set another",
    maximum=500,
    optional=True,
)
RUN_NAME = Parameter(
    "run_name", None, "used unless the program sets one", maximum=250, optional=True
)
FREE = Parameter("arguments", None, "more words for the command line", optional=True, many=True)
TAGS = Parameter("tags", None, "tags of its runs: key=value, key=value", optional=True)
VARIABLES = Parameter("variables", None, "NAME=value …; values are never saved", optional=True)
DIRECTORY = Parameter("directory", None, "working directory", optional=True)
PYTHON = Parameter("python", None, "interpreter", optional=True)

SYSTEM_METRICS = Parameter("system_metrics", default=False, help="log the machine's load (MLflow)")

OF_A_RECIPE = (TAGS, VARIABLES, DIRECTORY, PYTHON, SYSTEM_METRICS)
OF_A_PROGRAM = (FREE, EXPERIMENT, RUN_NAME, *OF_A_RECIPE)
"""A recipe asks for experiment and run name itself."""

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
OURS = (
    "MLFLOW_TRACKING_URI",
    "MLFLOW_REGISTRY_URI",
    "MLFLOW_RUN_CONTEXT",
    "MLFLOW_RUN_ID",
    COMMAND,
)
"""Variables by which a job finds its store, its runs are found, its secrets are handed on."""

Variables = Mapping[str, str | None]
"""Name to value; None takes the value that the variable has where mlops-tui runs."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """How a job is run and filed. ``variables`` holds values: it is handed on, never written."""

    experiment: str = ""
    run_name: str = ""
    free: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    variables: Variables = field(default_factory=dict)
    directory: str = ""
    python: str = ""
    system_metrics: bool = False
    runs_on: str = THIS_MACHINE
    """The title of its launcher."""
    resources: Mapping[str, str] = field(default_factory=dict)
    """What it asks that launcher for, by field."""

    def texts(self) -> dict[str, str]:
        """Return the fields of the form without secrets: of a variable only the name is kept.

        Raises ``ValueError`` where the further arguments cannot be split into words.
        """
        return {
            "experiment": self.experiment,
            "run_name": self.run_name,
            "arguments": hidden_words(self.free),
            "tags": tags_text(self.tags),
            "variables": " ".join(self.variables),
            "directory": self.directory,
            "python": self.python,
            "system_metrics": "true" if self.system_metrics else "",
            **({} if self.runs_on == THIS_MACHINE else {"runs_on": self.runs_on, **self.resources}),
        }


def options_of(
    texts: Mapping[str, str], launchers: Sequence[LauncherForm] = ()
) -> tuple[JobOptions, dict[str, str]]:
    """Return the options of filled fields, with the reasons of the wrong ones by name.

    What is asked of a launcher is checked where it is one of ``launchers``.
    """
    reasons: dict[str, str] = {}
    for parameter in OF_A_PROGRAM:
        try:
            parameter.parse(texts.get(parameter.name) or to_text(parameter.default))
        except ValueError as error:
            reasons[parameter.name] = str(error)
    tags: dict[str, str] = {}
    variables: Variables = {}
    try:
        tags = parse_tags(texts.get("tags", ""))
    except ValueError as error:
        reasons["tags"] = str(error)
    try:
        variables = parse_variables(texts.get("variables", ""))
    except ValueError as error:
        reasons["variables"] = str(error)
    if "arguments" not in reasons and HIDDEN in texts.get("arguments", ""):
        reasons["arguments"] = f"{HIDDEN} was not saved: type it again"
    runs_on = texts.get("runs_on") or THIS_MACHINE
    resources, wrong = _resources(texts, form_titled(launchers, runs_on))
    options = JobOptions(
        experiment=texts.get("experiment", "").strip(),
        run_name=texts.get("run_name", "").strip(),
        free=texts.get("arguments", "").strip(),
        tags=tags,
        variables=variables,
        directory=texts.get("directory", "").strip(),
        python=texts.get("python", "").strip(),
        system_metrics=texts.get("system_metrics") == "true",
        runs_on=runs_on,
        resources={} if runs_on == THIS_MACHINE else resources,
    )
    return options, reasons | wrong


def resource_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the filled fields that are a launcher's, not those that every job has."""
    common = {"runs_on", *(each.name for each in OF_A_PROGRAM)}
    return {n: text.strip() for n, text in texts.items() if n not in common and text.strip()}


def _resources(
    texts: Mapping[str, str], form: LauncherForm | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is asked of a launcher, with the reasons of wrong fields where it is known."""
    resources = resource_texts(texts)
    if form is None:
        return resources, {}
    resources = form.of_these(resources)
    return resources, dict(form.problems(resources))


def parse_variables(text: str) -> dict[str, str | None]:
    """Return the variables of ``NAME=value OTHER="a b" KNOWN``; raises ``ValueError``."""
    found: dict[str, str | None] = {}
    for word in words(text):
        name, equals, value = word.partition("=")
        if not NAME.fullmatch(name):
            # Not the word: half of a value may stand in it.
            raise ValueError("write NAME=value; quote a value with spaces")
        if name in OURS:
            raise ValueError(f"{name} is set for every job")
        if "\0" in value:
            raise ValueError(f"the value of {name} holds a null character")
        found[name] = value if equals else None
    return found


def without_secrets(values: Mapping[str, object]) -> dict[str, str]:
    """Return the texts of parameters but those whose names speak of a secret."""
    return {
        name: to_text(value) if isinstance(value, str | int | float | bool) else ""
        for name, value in values.items()
        if value != HIDDEN and not (isinstance(value, str) and looks_secret(name))
    }
