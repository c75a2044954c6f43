"""What a job asks Slurm for."""

import re
from dataclasses import dataclass

from mlops_tui.domain.errors import InvalidInput

NAME = re.compile(r"[\w.,+-]+", re.ASCII)
GPUS = re.compile(r"([\w.-]+:)?[1-9]\d{0,3}", re.ASCII)
MEMORY = re.compile(r"[1-9]\d{0,8}[KMGT]?", re.IGNORECASE)
TIME = re.compile(r"\d{1,6}|\d{1,5}:\d\d(:\d\d)?|\d{1,3}-\d{1,2}(:\d\d){0,2}")
MAX_CPUS = 100_000


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
        if reasons := self.problems():
            raise InvalidInput("; ".join(f"{name}: {why}" for name, why in reasons.items()) + ".")
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


def array_range(count: int, at_once: int) -> str:
    """Return what ``--array`` takes for so many tasks, ``at_once`` of them together."""
    return f"0-{count - 1}%{at_once}"


def _has_time(resources: SlurmResources) -> bool:
    """Return whether the limit is more than nothing: 0 means no limit to Slurm."""
    return any(digit in resources.time_limit for digit in "123456789")
