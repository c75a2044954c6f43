"""Which version of a model is meant: ``NAME``, ``NAME/3``, ``NAME/Production``, ``NAME@alias``."""

from collections.abc import Sequence

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.plain_text import one_line

SCHEME = "models:/"
STAGES = {stage.value.lower(): stage for stage in Stage}


def split_choice(text: str) -> tuple[str, str]:
    """Return the model's name and what follows it: ``/3``, ``/Production``, ``@alias``, nothing."""
    text = text.strip().removeprefix(SCHEME)
    for mark in "/@":
        name, found, rest = text.rpartition(mark)
        if found and name:
            return name, f"{mark}{rest}"
    return text, ""


def choice_of(version: ModelVersion) -> str:
    """Return how a version is meant as what it is now: by an alias, its stage, else its number."""
    if version.aliases:
        return f"{version.name}@{version.aliases[0]}"
    is_staged = version.stage.archives_existing
    return f"{version.name}/{version.stage if is_staged else version.version}"


def chosen_version(versions: Sequence[ModelVersion], name: str, choice: str) -> ModelVersion:
    """Return the version of those (newest first) that is meant; raises ``NotFound``.

    Nothing means the newest, a stage the newest in it.
    """
    mark, wanted = choice[:1], choice[1:]
    for version in versions:
        is_meant = (
            not choice
            or (mark == "@" and wanted in version.aliases)
            or (mark == "/" and wanted == version.version)
            or (mark == "/" and STAGES.get(wanted.lower()) == version.stage)
        )
        if is_meant:
            return version
    model = one_line(name, 60)
    if not versions:
        raise NotFound(f"{model} has no versions.", "`mlops-tui models` lists what is registered.")
    numbers = ", ".join(version.version for version in versions[:8])
    aliases = " ".join(f"@{alias}" for version in versions for alias in version.aliases)
    there = f"It has the versions {numbers}" + (f" and the aliases {aliases}." if aliases else ".")
    raise NotFound(f"{model} has no version {one_line(wanted, 60)}.", one_line(there, 300))
