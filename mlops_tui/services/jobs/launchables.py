"""What can be launched, with its form."""

import os
from dataclasses import replace
from pathlib import Path

from mlops_tui import recipes
from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.jobs.argument import Argument, CommandLine
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.mlproject import MAIN, EntryPoint, entry_points, environment_note
from mlops_tui.domain.jobs.sub_command import command_names, preselected, with_command
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.program_text import read_program, source_of, text_at
from mlops_tui.services.jobs.script_python import python_for
from mlops_tui.services.launchers import all_launchers
from mlops_tui.services.processes import child_environment
from mlops_tui.services.store.failures import translated

PROGRAM = Path(recipes.__file__).with_name("__main__.py")
"""Run by its path: the job's Python may have MLflow without having this package."""

PROJECT_FILE = "mlproject"
"""In whatever case, as MLflow looks for it."""

WHAT = (
    "It can be a recipe, a script (train.py), a module (-m pkg.train), "
    "or a folder with an MLproject file."
)


@translated()
def find_target(text: str, directory: Path, entry_point: str = "") -> Target:
    """Return what is meant by a typed text. Raises ``NotFound``, ``InvalidInput``."""
    text = text.strip()
    if text.startswith("-m"):
        name = text.removeprefix("-m").strip()
        if not all(part.isidentifier() for part in name.split(".")):
            raise InvalidInput(f"{one_line(name, 100)!r} is no module.", "Write -m package.module.")
        return Target(TargetKind.MODULE, name, entry_point)
    if recipes.find(text):
        return Target(TargetKind.RECIPE, text)
    path = Path(os.path.normpath(directory / expanded(text)))
    if path.name.lower() == PROJECT_FILE and path.is_file():
        path = path.parent
    if text and path.is_dir() and _project_file(path):
        return Target(TargetKind.PROJECT, str(path), entry_point)
    if text and (path.is_file() or (path / "__main__.py").is_file()):
        return _script(path, entry_point)
    raise NotFound(f"There is no {one_line(text, 200) or 'name'} to launch.", WHAT)


def _script(path: Path, command: str) -> Target:
    if path.is_file() and path.suffix != ".py":
        raise InvalidInput(f"{one_line(path.name, 200)} is no Python program.", WHAT)
    return Target(TargetKind.SCRIPT, str(path), command)


def with_chosen(launchable: Launchable) -> Launchable:
    """Return a program with the sub-command that its target names, else with one that trains."""
    target, line = launchable.target, launchable.line
    names = tuple(command_names(line))
    chosen = replace(target, entry_point=target.entry_point or preselected(line))
    if names and chosen.entry_point and chosen.entry_point not in names:
        raise NotFound(
            f"{replace(target, entry_point='').label} has no command {chosen.entry_point!r}.",
            f"It has: {one_line(', '.join(names), 300)}.",
        )
    return replace(
        launchable,
        target=chosen,
        title=chosen.label,
        line=with_command(line, chosen.entry_point.split()),
        entry_points=("", *names) if line.runs_alone else names,
    )


@translated()
def read_launchable(target: Target, store: Store, directory: Path, python: str = "") -> Launchable:
    """Return the target's form; ``directory`` is the person's, ``python`` the setting."""
    found = _read(target, store, directory, python)
    return replace(found, launchers=all_launchers.forms(only_available=True))


def _read(target: Target, store: Store, directory: Path, python: str) -> Launchable:
    if target.kind is TargetKind.RECIPE:
        return _recipe(target, store, python)
    if target.kind is TargetKind.PROJECT:
        return _project(target, python)
    if target.kind is TargetKind.MODULE:
        return _module(target, directory, python)
    path = Path(target.name)
    if not path.exists():
        raise NotFound(f"There is no {one_line(target.name, 300)} on this machine.")
    source = source_of(target, directory) or path
    below = path.is_relative_to(directory)
    chosen = python_for(source.parent, python, os.environ)
    found = Launchable(
        target=target,
        title=target.label,
        line=read_program(source, directory),
        directory=str(directory if below else source.parent),
        python=chosen.path,
        origin=chosen.origin,
        python_remark=chosen.remark,
        prefix=(str(path),),
    )
    return with_chosen(found)


def _recipe(target: Target, store: Store, python: str) -> Launchable:
    recipe = recipes.find(target.name)
    if recipe is None:
        known = ", ".join(known.name for known in recipes.RECIPES)
        raise NotFound(f"There is no recipe {target.name!r}.", f"There are: {known}.")
    directory = child_environment.working_directory(store)
    from mlops_tui.services.jobs.python_env import find_job_python

    chosen = find_job_python(python, os.environ)
    return Launchable(
        target=target,
        title=recipe.title,
        line=CommandLine(tuple(Argument(each, each.name) for each in recipe.parameters)),
        directory=str(directory),
        python=chosen.path,
        origin=chosen.origin,
        python_remark=chosen.remark,
        prefix=(str(PROGRAM), recipe.name),
    )


def _module(target: Target, directory: Path, python: str) -> Launchable:
    source = source_of(target, directory)
    line = CommandLine(note="Its text is not in this folder.")
    chosen = python_for(directory, python, os.environ)
    found = Launchable(
        target=target,
        title=target.label,
        line=read_program(source, directory) if source else line,
        directory=str(directory),
        python=chosen.path,
        origin=chosen.origin,
        python_remark=chosen.remark,
        prefix=("-m", target.name),
    )
    return with_chosen(found)


def _project(target: Target, python: str) -> Launchable:
    folder = Path(target.name)
    project = _read_yaml(folder)
    points = entry_points(project)
    name = target.entry_point or next(iter(points))
    if name not in points:
        raise NotFound(
            f"The project has no entry point {one_line(name, 100)!r}.",
            f"It has: {one_line(', '.join(points), 300)}.",
        )
    chosen = python_for(folder, python, os.environ)
    title = folder.name if name == MAIN else f"{folder.name}:{name}"
    return Launchable(
        target=Target(TargetKind.PROJECT, str(folder), name),
        title=title,
        line=CommandLine(points[name].arguments, "MLproject", environment_note(project)),
        directory=str(folder),
        python=chosen.path,
        origin=chosen.origin,
        python_remark=chosen.remark,
        template=points[name].command,
        entry_points=tuple(points),
    )


def read_project(folder: Path) -> dict[str, EntryPoint]:
    """Return the entry points of the MLproject file in a folder."""
    return entry_points(_read_yaml(folder))


def _read_yaml(folder: Path) -> object:
    import yaml

    path = _project_file(folder) if folder.is_dir() else None
    if path is None:
        raise NotFound(f"There is no MLproject file in {one_line(str(folder), 300)}.")
    try:
        found: object = yaml.safe_load(text_at(path))
    except RecursionError:
        raise InvalidInput(f"{one_line(str(path), 300)} is no YAML: nested too deeply.") from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:  # odd dates, numbers
        why = one_line(str(getattr(error, "problem", "") or error), 200)
        raise InvalidInput(f"{one_line(str(path), 300)} is no YAML: {why}.") from None
    return found


def _project_file(folder: Path) -> Path | None:
    found = (each for each in folder.iterdir() if each.name.lower() == PROJECT_FILE)
    return next((each for each in found if each.is_file()), None)
