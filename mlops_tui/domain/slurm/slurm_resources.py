"""What a job asks Slurm for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mlops_tui.domain.errors import refuse_reasons
from mlops_tui.domain.jobs.launcher_form import LauncherForm
from mlops_tui.domain.jobs.recipe import Parameter, parse_fields

NAME = re.compile(r"[\w.,+-]+", re.ASCII)
GPUS = re.compile(r"([\w.-]+:)?[1-9]\d{0,3}", re.ASCII)
MEMORY = re.compile(r"[1-9]\d{0,8}[KMGT]?", re.IGNORECASE)
TIME = re.compile(r"\d{1,6}|\d{1,5}:\d\d(:\d\d)?|\d{1,3}-\d{1,2}(:\d\d){0,2}")
MAX_CPUS = 100_000
FIELDS = (
    Parameter("partition", None, "of the cluster; empty for its default", optional=True),
    Parameter("gpus", None, "a number, or a type with one: a100:2", optional=True),
    Parameter("cpus", None, "cores of a node", optional=True, kind=int),
    Parameter("memory", None, "of the node: 16G", optional=True),
    Parameter("time_limit", None, "minutes, H:MM:SS or D-HH:MM:SS", optional=True),
    Parameter("account", None, "charged for the job", optional=True),
)
"""The fields of ``SlurmResources`` as a form shows them."""


@dataclass(frozen=True, slots=True)
class SlurmResources:
    """What a job asks for; what is empty is left to the cluster. Written as ``sbatch`` takes it."""

    partition: str = ""
    """One, or several separated by commas: the first that is free."""
    cpus: int | None = None
    """Cores for the one task that a job is."""
    gpus: str = ""
    """A number, or ``TYPE:NUMBER``."""
    memory: str = ""
    """Of the node, in megabytes, or with K, M, G, T."""
    time_limit: str = ""
    """Minutes, ``H:MM:SS``, ``D-HH`` or ``D-HH:MM:SS``."""
    account: str = ""
    """Who is charged for it."""

    def problems(self) -> dict[str, str]:
        """Return the reason by the name of each field that Slurm would not understand."""
        found = {}
        if self.partition and not NAME.fullmatch(self.partition):
            found["partition"] = "a partition's name"
        if self.cpus is not None and not 0 < self.cpus <= MAX_CPUS:
            found["cpus"] = f"a whole number from 1 to {MAX_CPUS:,}"
        if self.gpus and not GPUS.fullmatch(self.gpus):
            found["gpus"] = "a number, or a type with a number: a100:2"
        if self.memory and not MEMORY.fullmatch(self.memory):
            found["memory"] = "megabytes, or a number with K, M, G or T: 16G"
        if self.time_limit and not (TIME.fullmatch(self.time_limit) and _has_time(self)):
            found["time_limit"] = "minutes, H:MM:SS or D-HH:MM:SS: 2:30:00"
        if self.account and not NAME.fullmatch(self.account):
            found["account"] = "an account's name"
        return found

    def checked(self) -> "SlurmResources":
        """Return these resources; raises ``InvalidInput`` where a field is wrong."""
        refuse_reasons(self.problems())
        return self

    def flags(self) -> tuple[str, ...]:
        """Return the flags of ``sbatch`` that ask for them."""
        wanted = {
            "partition": self.partition,
            "cpus-per-task": str(self.cpus or ""),
            "gpus": self.gpus,
            "mem": self.memory,
            "time": self.time_limit,
            "account": self.account,
        }
        return tuple(f"--{name}={value}" for name, value in wanted.items() if value)


def resources_of(texts: Mapping[str, str]) -> SlurmResources:
    """Return what filled fields ask for. Raise ``InvalidInput`` where one is wrong."""
    refuse_reasons(problems(texts))
    return _read(texts)


def problems(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the reason by the name of each field that Slurm would not understand."""
    _, reasons = parse_fields(FIELDS, texts)
    return reasons or _read(texts).problems()


def _read(texts: Mapping[str, str]) -> SlurmResources:
    known = {each.name: texts.get(each.name, "").strip() for each in FIELDS}
    cpus = known.pop("cpus")
    return SlurmResources(**known, cpus=int(cpus) if cpus else None)


FORM = LauncherForm("Slurm", FIELDS, problems, has_arrays=True)
"""What the form of a job offers where there is a Slurm."""


def array_range(count: int, at_once: int) -> str:
    """Return what ``--array`` takes for so many tasks, ``at_once`` of them together."""
    return f"0-{count - 1}%{at_once}"


def _has_time(resources: SlurmResources) -> bool:
    """Return whether the limit is more than nothing: 0 means no limit to Slurm."""
    return any(digit in resources.time_limit for digit in "123456789")
