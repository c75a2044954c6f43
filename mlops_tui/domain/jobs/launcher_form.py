"""The part of a job's form that chooses a launcher and says what the job needs of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mlops_tui.domain.jobs.recipe import Parameter

THIS_MACHINE = "this machine"
"""The launcher that every form offers, which asks for nothing."""


@dataclass(frozen=True, slots=True)
class LauncherForm:
    """A launcher that a form offers beside this machine, with the fields of its resources."""

    title: str
    fields: tuple[Parameter, ...]
    problems: Callable[[Mapping[str, str]], Mapping[str, str]]
    """Return, by field, why the launcher would refuse these texts."""
    has_arrays: bool = False
    """Whether it runs each trial of a sweep as a task of one array."""

    def of_these(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return the texts that belong to its fields."""
        return {each.name: texts[each.name] for each in self.fields if each.name in texts}


def launcher_fields(forms: Sequence[LauncherForm]) -> tuple[Parameter, ...]:
    """Return the choice of a launcher with the fields of all; nothing without a choice."""
    if not forms:
        return ()
    titles = (THIS_MACHINE, *(form.title for form in forms))
    choice = Parameter(
        "runs_on", THIS_MACHINE, "this machine, or a cluster's queue", choices=titles
    )
    fields = {each.name: each for form in forms for each in form.fields}
    return (choice, *fields.values())


def flag_of(field: str) -> str:
    """Return the flag of the command line that fills in a field."""
    return f"--{field.replace('_', '-')}"


def launcher_words(runs_on: str, resources: Mapping[str, str]) -> list[str]:
    """Return the flags that send a job to a launcher with its resources; none for this machine."""
    if runs_on == THIS_MACHINE:
        return []
    fields = {"runs_on": runs_on, **resources}
    return [word for name, text in fields.items() for word in (flag_of(name), text)]


def form_titled(forms: Sequence[LauncherForm], title: str) -> LauncherForm | None:
    """Return the form of the launcher with this title, None for this machine's."""
    return next((form for form in forms if form.title == title), None)
