"""Something that can be launched, with the form to fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading.help_text import SOURCE
from mlops_tui.domain.jobs.job_options import OF_A_PROGRAM, OF_A_RECIPE
from mlops_tui.domain.jobs.launcher_form import LauncherForm, launcher_fields
from mlops_tui.domain.jobs.recipe import Parameter, Value
from mlops_tui.domain.plain_text import one_line

MORE = "There may be more."
HELP = "There may be more: ctrl+r runs it with --help."


class TargetKind(StrEnum):
    """What kinds of things can be launched."""

    RECIPE = "recipe"
    SCRIPT = "script"
    MODULE = "module"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be launched: a recipe's name, a script's path, a module, a project's folder.

    ``entry_point`` is that of the project, or the sub-command of the program.
    """

    kind: TargetKind
    name: str
    entry_point: str = ""

    @property
    def label(self) -> str:
        """What a person calls it, short."""
        if self.kind is TargetKind.RECIPE:
            return self.name
        name = f"-m {self.name}" if self.kind is TargetKind.MODULE else PurePath(self.name).name
        sign = ":" if self.kind is TargetKind.PROJECT else " "
        return f"{name}{sign}{self.entry_point}" if self.entry_point else name

    @property
    def typed(self) -> str:
        """What is typed to mean it."""
        return f"-m {self.name}" if self.kind is TargetKind.MODULE else self.name


@dataclass(frozen=True, slots=True)
class Launchable:
    """A target with all that a form has to know of it.

    ``prefix`` are the words between the Python and the arguments; ``template`` is the command of
    an MLproject's entry point in their place. ``directory`` is where it works unless told
    otherwise, ``python`` what runs it, with ``origin`` for what chose that. ``entry_points`` are
    all that the target could name instead of its own.
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
    python_remark: str = ""
    """Which other Python was passed over, and why."""
    launchers: tuple[LauncherForm, ...] = ()
    """The launchers that it can be sent to from here, beside this machine's."""

    @property
    def job_fields(self) -> tuple[Parameter, ...]:
        """The fields that every job of this kind has."""
        fields = OF_A_RECIPE if self.target.kind is TargetKind.RECIPE else OF_A_PROGRAM
        return (*fields, *launcher_fields(self.launchers))

    def problems(self, values: Mapping[str, Value | None]) -> dict[str, str]:
        """Return, by parameter, why its command line cannot say these values."""
        if self.target.kind not in (TargetKind.SCRIPT, TargetKind.MODULE):
            return {}
        if self.entry_points and self.target.entry_point not in self.entry_points:
            return {"command": f"one of {', '.join(self.entry_points)}"}
        return self.line.problems(values)

    @property
    def explanation(self) -> str:
        """What was read, from what."""
        line = self.line
        read = f"Fields read from {line.source}." if line.source else ""
        further = MORE if line.source == SOURCE else HELP
        more = further if line.has_more else ""
        is_program = self.target.kind in (TargetKind.SCRIPT, TargetKind.MODULE)
        if is_program and not read and not line.arguments:
            read, more = "No parameters were found in its source.", HELP
        return " ".join(filter(None, (read, line.note, more)))

    @property
    def python_origin(self) -> str:
        """Which Python runs it, and what chose that."""
        origins = {"setting": "from --python or its setting", "own": "that of mlops-tui itself"}
        if self.origin in ("VIRTUAL_ENV", "CONDA_PREFIX"):
            origins[self.origin] = f"of the active {self.origin}"
        origin = origins.get(self.origin)
        path = one_line(self.python, 200)
        python = f"Python: {path} ({origin})." if origin else f"Python: {path}."
        return " ".join(filter(None, (python, self.python_remark)))
