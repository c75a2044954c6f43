"""The program that made a run, as the run's tags tell."""

from pathlib import Path

from mlops_tui import recipes
from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.services.jobs.launchables import PROGRAM, find_target


def target_of_run(run: Run, directory: Path) -> Target:
    """Return what was launched. Raises ``InvalidInput``, ``NotFound``."""
    source, kind = run.tags.get("mlflow.source.name", ""), run.tags.get("mlflow.source.type", "")
    name = one_line(run.name, 60)
    if not source:
        raise InvalidInput(f"{name} does not say which program made it.", "n launches anything.")
    if kind not in ("LOCAL", "PROJECT"):
        raise InvalidInput(f"{name} was made by {one_line(source, 200)} ({one_line(kind, 20)}).")
    if Path(source).parts[-3:] == PROGRAM.parts[-3:]:
        return _recipe_of(run)
    entry_point = run.tags.get("mlflow.project.entryPoint", "")
    path = Path(source)
    if not (directory / path).exists():
        raise NotFound(
            f"{name} was made by {one_line(source, 300)}, which is not on this machine.",
            "n launches anything else.",
        )
    return find_target(str(path), directory, entry_point)


def _recipe_of(run: Run) -> Target:
    for recipe in recipes.RECIPES:
        if run.params.keys() <= {parameter.name for parameter in recipe.parameters}:
            return Target(TargetKind.RECIPE, recipe.name)
    raise NotFound(f"The recipe that made {one_line(run.name, 60)} is not known any more.")
