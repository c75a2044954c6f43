"""Entry points of an MLproject file: their parameters, the command that they run."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.argument import Argument
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.recipe import Parameter, Value, to_text, words

KINDS: dict[str, type[Value]] = {"float": float, "int": int, "integer": int, "string": str}
"""MLflow's types to ours; a ``path`` or a ``uri`` is a text."""

SHELL = re.compile(r"[|&;<>()$`\n*?~]")
"""What only a shell understands."""

PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
"""The place of a parameter; doubled braces stand for one."""

MAIN = "main"
PYTHONS = ("python", "python3")


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One entry point; the command is a template with a place for each parameter."""

    name: str
    command: str
    arguments: tuple[Argument, ...]


def entry_points(project: object) -> dict[str, EntryPoint]:
    """Return the entry points by name, ``main`` first. Raises ``InvalidInput``."""
    found = project.get("entry_points") if isinstance(project, Mapping) else None
    if not isinstance(found, Mapping) or not found:
        raise InvalidInput("The MLproject file names no entry points.")
    if isinstance(project, Mapping) and "docker_env" in project:
        raise InvalidInput(
            "This project wants a Docker container.", "Launch it with mlflow run instead."
        )
    points = {str(name): _entry_point(str(name), entry) for name, entry in found.items()}
    return dict(sorted(points.items(), key=lambda item: item[0] != MAIN))


ENVIRONMENTS = ("python_env", "conda_env")


def environment_note(project: object) -> str:
    """Say that nothing is installed for a project that asks for an environment."""
    keys = [key for key in ENVIRONMENTS if isinstance(project, Mapping) and key in project]
    if not keys:
        return ""
    return f"Nothing of its {keys[0]} is installed, as with mlflow run --env-manager local."


def _entry_point(name: str, entry: object) -> EntryPoint:
    command = entry.get("command") if isinstance(entry, Mapping) else None
    if not isinstance(command, str) or not command.strip():
        raise InvalidInput(f"The entry point {name!r} of the MLproject file has no command.")
    given = entry.get("parameters") if isinstance(entry, Mapping) else None
    known = given if isinstance(given, Mapping) else {}
    arguments = tuple(_argument(str(key), each) for key, each in known.items())
    return EntryPoint(name, command.strip(), arguments)


def _argument(name: str, told: Any) -> Argument:
    says = told if isinstance(told, Mapping) else {"type": told}
    kind, default = str(says.get("type", "string")), says.get("default")
    help_ = kind if kind not in KINDS else ""
    required = default is None
    parameter = field(name, KINDS.get(kind, str), default, help=help_, required=required)
    if default is not None and to_text(parameter.default) != str(default):
        # MLflow hands on what the file says, whatever its type.
        parameter = replace(parameter, default=str(default))
    return Argument(parameter)


def with_defaults(
    parameters: Sequence[Parameter], values: Mapping[str, Value | None]
) -> dict[str, Value | None]:
    """Return a value for each parameter: of one that is left out its default, as MLflow does."""
    defaults = {each.name: each.default for each in parameters}
    return defaults | {name: value for name, value in values.items() if value is not None}


def project_command(
    template: str, values: Mapping[str, Value | None], python: str, free: str = ""
) -> tuple[str, ...]:
    """Return the command with its places filled. Raises ``InvalidInput``.

    The template is split into words before they are filled, so that a value stays one word
    whatever it holds. A template that only a shell understands goes through ``bash``, as MLflow
    does it, each value quoted. ``mlflow run`` itself would create the run without our tags.
    """
    texts = {name: to_text(value) for name, value in values.items()}
    if SHELL.search(PLACE.sub("", template)):
        quoted = {name: shlex.quote(text) for name, text in texts.items()}
        line = " ".join([_filled(template, quoted), *map(shlex.quote, words(free))])
        return ("bash", "-c", line)
    try:
        split = words(template)
    except ValueError as error:
        raise InvalidInput(f"The command of the MLproject file makes no sense: {error}.") from None
    first, *others = (_filled(word, texts) for word in split)
    return (python if first in PYTHONS else first, *others, *words(free))


def _filled(template: str, texts: Mapping[str, str]) -> str:
    def fill(place: re.Match[str]) -> str:
        if place[1] is None:
            return place[0][0]
        if place[1] not in texts:
            raise InvalidInput(f"The command of the MLproject file has no value for {place[0]}.")
        return texts[place[1]]

    return PLACE.sub(fill, template)
