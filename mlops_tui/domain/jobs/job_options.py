"""What can be said of every job, whatever it trains."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from mlops_tui.domain.jobs.job_secrets import COMMAND, hidden_words
from mlops_tui.domain.jobs.recipe import Parameter, to_text, words
from mlops_tui.domain.secrets import HIDDEN, looks_secret
from mlops_tui.domain.slurm.slurm_resources import SlurmResources
from mlops_tui.domain.tags import parse_tags, tags_text

EXPERIMENT = Parameter(
    "experiment", None, "made if missing; the program may set another", maximum=500, optional=True
)
RUN_NAME = Parameter("run_name", None, "unless the program gives one", maximum=250, optional=True)
FREE = Parameter("arguments", None, "further words of the command line", optional=True, many=True)
TAGS = Parameter("tags", None, "of its runs: key=value, key=value", optional=True)
VARIABLES = Parameter("variables", None, "NAME=value …; values are never kept", optional=True)
DIRECTORY = Parameter("directory", None, "it works in", optional=True)
PYTHON = Parameter("python", None, "runs it", optional=True)

SYSTEM_METRICS = Parameter("system_metrics", default=False, help="log the machine's load (MLflow)")

OF_A_RECIPE = (TAGS, VARIABLES, DIRECTORY, PYTHON, SYSTEM_METRICS)
OF_A_PROGRAM = (FREE, EXPERIMENT, RUN_NAME, *OF_A_RECIPE)
"""A recipe asks for experiment and run name itself."""

HERE, SLURM = "this machine", "Slurm"
RUNS_ON = Parameter("runs_on", HERE, "this machine, or the cluster's queue", choices=(HERE, SLURM))
ON_SLURM = (
    RUNS_ON,
    Parameter("partition", None, "of the cluster; its usual one", optional=True),
    Parameter("gpus", None, "a number, or a type with one: a100:2", optional=True),
    Parameter("cpus", None, "cores of a node", optional=True, kind=int),
    Parameter("memory", None, "of the node: 16G", optional=True),
    Parameter("time_limit", None, "minutes, H:MM:SS or D-HH:MM:SS", optional=True),
    Parameter("account", None, "who is charged for it", optional=True),
)
"""Only asked for where there is a Slurm."""

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
    resources: SlurmResources | None = None
    """What it asks a cluster for, None where it runs on this machine."""

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
            **_resource_texts(self.resources),
        }


def options_of(texts: Mapping[str, str]) -> tuple[JobOptions, dict[str, str]]:
    """Return the options of filled fields, with the reasons of the wrong ones by name."""
    reasons: dict[str, str] = {}
    for parameter in (*OF_A_PROGRAM, *ON_SLURM[1:]):
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
        reasons["arguments"] = f"{HIDDEN} was not kept: type it again"
    resources = None if reasons else _resources(texts)
    options = JobOptions(
        experiment=texts.get("experiment", "").strip(),
        run_name=texts.get("run_name", "").strip(),
        free=texts.get("arguments", "").strip(),
        tags=tags,
        variables=variables,
        directory=texts.get("directory", "").strip(),
        python=texts.get("python", "").strip(),
        system_metrics=texts.get("system_metrics") == "true",
        resources=resources,
    )
    return options, reasons | (resources.problems() if resources else {})


def _resources(texts: Mapping[str, str]) -> SlurmResources | None:
    if texts.get("runs_on") != SLURM:
        return None
    found = {each.name: texts.get(each.name, "").strip() for each in ON_SLURM[1:]}
    cpus = found.pop("cpus")
    return SlurmResources(**found, cpus=int(cpus) if cpus else None)


def _resource_texts(resources: SlurmResources | None) -> dict[str, str]:
    if resources is None:
        return {}
    return {"runs_on": SLURM, **{name: to_text(v) for name, v in asdict(resources).items()}}


def parse_variables(text: str) -> dict[str, str | None]:
    """Return the variables of ``NAME=value OTHER="a b" KNOWN``; raises ``ValueError``."""
    found: dict[str, str | None] = {}
    for word in words(text):
        name, equals, value = word.partition("=")
        if not NAME.fullmatch(name):
            # Not the word: half of a value may stand in it.
            raise ValueError("a variable is NAME=value, in quotes where the value has blanks")
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
