"""The form of a launchable, filled in."""

import ast
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mlops_tui.domain.jobs.launchable import Launchable
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE
from mlops_tui.domain.jobs.recipe import Parameter, to_text
from mlops_tui.domain.secrets import HIDDEN


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What the fields hold at first; ``original`` is what differences are measured by.

    ``options`` are the fields that every job has. ``word`` says what the original is: ``default``
    or ``was``.
    """

    launchable: Launchable
    texts: Mapping[str, str] = field(default_factory=dict)
    original: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    original_options: Mapping[str, str] = field(default_factory=dict)
    word: str = "default"
    note: str = ""


def default_texts(launchable: Launchable) -> dict[str, str]:
    """Return what the parameters' fields hold when nothing else is known."""
    return {each.name: to_text(each.default) for each in launchable.line.parameters}


def default_options(launchable: Launchable) -> dict[str, str]:
    """Return what the other fields hold when nothing else is known."""
    where = {"runs_on": THIS_MACHINE} if launchable.launchers else {}
    known = {"directory": launchable.directory, "python": launchable.python}
    return {**known, "system_metrics": "false", **where}


def asking_again(form: FilledForm, names: frozenset[str]) -> FilledForm:
    """Return the form with fields to be filled in again: their values were not kept."""
    asked = names & form.texts.keys()
    if not asked:
        return form
    line = form.launchable.line
    arguments = tuple(
        replace(each, parameter=replace(each.parameter, optional=False))
        if each.parameter.name in asked
        else each
        for each in line.arguments
    )
    note = f"Not kept, to be typed again: {', '.join(sorted(asked))}."
    return replace(
        form,
        launchable=replace(form.launchable, line=replace(line, arguments=arguments)),
        texts={**form.texts, **dict.fromkeys(asked, "")},
        original={**form.original, **dict.fromkeys(asked, HIDDEN)},
        note=f"{note} {form.note}".strip(),
    )


def text_for(parameter: Parameter, logged: str) -> str:
    """Return a logged param as its field takes it: ``None`` is empty, a list is its words."""
    if logged == "None" and parameter.optional:
        return ""
    if parameter.type is bool:
        return logged.lower()
    if parameter.many and logged[:1] in ("[", "("):
        try:
            found = ast.literal_eval(logged)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return logged
        if isinstance(found, list | tuple):
            return shlex.join(map(str, found))
    return logged


def matched(launchable: Launchable, params: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return logged params as texts of the fields of those names, then the names left over."""
    known = {_plain(each.name): each for each in launchable.line.parameters}
    texts: dict[str, str] = {}
    left: list[str] = []
    for name, logged in params.items():
        if parameter := known.get(_plain(name)):
            texts[parameter.name] = text_for(parameter, logged)
        else:
            left.append(name)
    return texts, left


def _plain(name: str) -> str:
    return name.replace("-", "_").casefold()
