"""Something that can be launched, with the form to fill in."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from mlops_tui.domain.argument import CommandLine
from mlops_tui.domain.job_options import OF_A_PROGRAM, OF_A_RECIPE, ON_SLURM
from mlops_tui.domain.recipe import Parameter


class TargetKind(StrEnum):
    """What kinds of things can be launched."""

    RECIPE = "recipe"
    SCRIPT = "script"
    MODULE = "module"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be launched: a recipe's name, a script's path, a module, a project's folder."""

    kind: TargetKind
    name: str
    entry_point: str = ""

    @property
    def label(self) -> str:
        """What a person calls it, short."""
        if self.kind is TargetKind.MODULE:
            return f"-m {self.name}"
        if self.kind is TargetKind.PROJECT:
            return f"{PurePath(self.name).name}:{self.entry_point}"
        return PurePath(self.name).name if self.kind is TargetKind.SCRIPT else self.name

    @property
    def typed(self) -> str:
        """What is typed to mean it."""
        return f"-m {self.name}" if self.kind is TargetKind.MODULE else self.name


@dataclass(frozen=True, slots=True)
class Launchable:
    """A target with all that a form has to know of it.

    ``prefix`` are the words between the Python and the arguments; ``template`` is the command of
    an MLproject's entry point in their place. ``directory`` is where it works unless told
    otherwise, ``python`` what runs it, with ``origin`` for what chose that.
    """

    target: Target
    title: str
    line: CommandLine
    directory: str
    python: str
    origin: str
    prefix: tuple[str, ...] = ()
    template: str = ""
    entry_points: tuple[str, ...] = ()
    has_slurm: bool = False
    """Whether it can be sent to a cluster from here."""

    @property
    def job_fields(self) -> tuple[Parameter, ...]:
        """The fields that every job of this kind has."""
        fields = OF_A_RECIPE if self.target.kind is TargetKind.RECIPE else OF_A_PROGRAM
        return (*fields, *ON_SLURM) if self.has_slurm else fields

    @property
    def explanation(self) -> str:
        """What was read, from what."""
        read = f"Fields read from {self.line.source}." if self.line.source else ""
        if not self.line.arguments and self.target.kind is not TargetKind.RECIPE:
            read = read or "No parameters were found in it."
        return f"{read} {self.line.note}".strip()
