"""Programs in a folder that look as if they train something."""

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.services.jobs.launchables import PROJECT_FILE, read_project

MOST_LOOKED_AT = 2_000
MOST_FOUND = 200
MOST_BYTES = 200_000
"""Of a program that is read."""
DEEPEST = 3
"""Folders below the first."""

PROGRAM = re.compile(
    rb"__main__|HfArgument|configurator|"
    rb"\b(argparse|click|typer|tyro|fire|hydra|absl|jsonargparse|mlflow)\b"
)

SKIPPED = {
    *("node_modules", "site-packages", "venv", "env", "build", "dist"),
    *("mlruns", "mlartifacts", "tests"),
}

NO_PROGRAM = re.compile(r"(test_.*|.*_test|conftest|setup)\.py")
"""How what tests or installs others is called: it asks for arguments, but trains nothing."""


def find_nearby(directory: Path) -> tuple[Target, ...]:
    """Return the projects, then the scripts of a folder, those at its top first."""
    projects: list[Target] = []
    scripts: list[Target] = []
    for path in islice(_files(directory), MOST_LOOKED_AT):
        if path.name.lower() == PROJECT_FILE:
            projects += _entry_points(path.parent)
        elif path.suffix == ".py" and not NO_PROGRAM.fullmatch(path.name) and _looks_like_one(path):
            scripts.append(Target(TargetKind.SCRIPT, str(path)))
        if len(projects) + len(scripts) >= MOST_FOUND:
            break
    return (*projects, *scripts)


def _files(directory: Path) -> Iterator[Path]:
    """Return the files level by level, in the order of their names."""
    level = [directory]
    for _ in range(DEEPEST + 1):
        below: list[Path] = []
        for folder in level:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if entry.name.startswith((".", "__pycache__")) or entry.name in SKIPPED:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    below.append(Path(entry.path))
                elif entry.is_file():
                    yield Path(entry.path)
        level = [each for each in below if not (each / "pyvenv.cfg").exists()]


def _looks_like_one(path: Path) -> bool:
    """Return whether it seems to be run by itself: in a package, most is there to be imported."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES)
    except OSError:
        return False
    is_imported = b"__main__" not in text and (path.parent / "__init__.py").exists()
    return not is_imported and PROGRAM.search(text) is not None


def _entry_points(folder: Path) -> list[Target]:
    try:
        return [Target(TargetKind.PROJECT, str(folder), name) for name in read_project(folder)]
    except (ServiceError, OSError):
        return []
