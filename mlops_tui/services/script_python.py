"""The Python of the project that a script belongs to."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlops_tui.domain.python_env import JobPython
from mlops_tui.services.python_env import find_job_python

NAMES = (".venv", "venv", "env", ".conda", "conda-env")
"""Folders that environments are kept in, by habit of the tools that make them."""

HIGHEST = 12
"""Folders above the script that are looked into."""


def python_for(folder: Path, setting: str, environ: Mapping[str, str]) -> JobPython:
    """Return the Python for a program in the folder.

    That is the setting's, else of an environment in the folder or one above it (the home folder
    ends the search), else the one for all jobs.
    """
    if not setting:
        for place in _upwards(folder):
            if python := next(_environments(place), None):
                return JobPython(str(python), str(python.parents[1]))
    return find_job_python(setting, environ)


def _upwards(folder: Path) -> Iterator[Path]:
    folder = folder.absolute()
    home = Path.home()
    for place in [folder, *folder.parents][:HIGHEST]:
        yield place
        if place == home:
            return


def _environments(place: Path) -> Iterator[Path]:
    for name in NAMES:
        python = place / name / "bin" / "python"
        marks = (place / name / "pyvenv.cfg", place / name / "conda-meta")
        if any(mark.exists() for mark in marks) and os.access(python, os.X_OK):
            yield python
