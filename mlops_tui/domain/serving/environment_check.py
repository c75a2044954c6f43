"""What a model needs of the Python that serves it, beside what that Python has."""

from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.plain_text import one_line

LONGEST = 80
"""Characters of a name or version that are shown."""


class EnvManager(StrEnum):
    """What makes the environment that a model is served in, by MLflow's names."""

    LOCAL = "local"
    """Nothing: it is the Python that is there."""
    UV = "uv"
    VIRTUALENV = "virtualenv"

    @property
    def needs(self) -> str:
        """The program that makes the environment, empty where none does."""
        return {EnvManager.UV: "uv", EnvManager.VIRTUALENV: "pyenv"}.get(self, "")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A package that is not here as the model wants it."""

    package: str
    wanted: str
    """Such as ``==1.5.2``; empty for any version."""
    found: str
    """The version here, empty where there is none."""

    def describe(self) -> str:
        """Say it: "scikit-learn ==1.5.2 (1.9.1 here)"."""
        here = f"{self.found} here" if self.found else "missing here"
        return f"{self.package} {self.wanted}".strip() + f" ({here})"


@dataclass(frozen=True, slots=True)
class EnvironmentCheck:
    """What a Python lacks for a model."""

    python: str
    """The path of the interpreter."""
    mismatches: tuple[Mismatch, ...] = ()
    unchecked: str = ""
    """Why nobody knows; empty where it was checked."""

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        if self.unchecked:
            return f"The environment was not checked: {self.unchecked}"
        if not self.mismatches:
            return "The environment has what the model requires."
        count = len(self.mismatches)
        what = "1 requirement is" if count == 1 else f"{count} requirements are"
        return f"{what} not met by {self.python}: {', '.join(self.lines)}."

    @property
    def lines(self) -> tuple[str, ...]:
        """Each mismatch as a person reads it."""
        return tuple(each.describe() for each in self.mismatches)


def read_mismatches(told: Json) -> tuple[Mismatch, ...]:
    """Return the mismatches of a Python's answer; raises ``TypeError`` where it is none."""
    if not isinstance(told, list):
        raise TypeError("no list of mismatches")
    found = []
    for each in told:
        match each:
            case [str(package), str(wanted), str(version)]:
                parts = (one_line(part, LONGEST) for part in (package, wanted, version))
                found.append(Mismatch(*parts))
            case _:
                raise TypeError("no mismatch")
    return tuple(found)


def parse_env_manager(text: str) -> EnvManager:
    """Parse the name of an environment manager; empty means ``local``. Raises ``InvalidInput``."""
    given = text.strip().lower() or EnvManager.LOCAL
    if given not in list(EnvManager):
        raise InvalidInput(
            f"{text!r} makes no environment.", f"Write {', '.join(list(EnvManager))}."
        )
    return EnvManager(given)
