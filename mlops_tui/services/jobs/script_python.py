"""The Python of the project that a script belongs to."""

import os
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from mlops_tui.domain.jobs.python_env import JobPython
from mlops_tui.services.jobs.python_env import find_job_python
from mlops_tui.services.processes.writable_by_others import other_writers

NAMES = (".venv", "venv", "env", ".conda", "conda-env")
"""Folders that environments are kept in, by habit of the tools that make them."""

CONDA_FILES = ("environment.yml", "environment.yaml", "conda.yaml", "conda.yml")
CONDA_NAME = re.compile(r"^name:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)

REPOSITORY = (".git", ".hg", ".svn", ".jj")
"""What stands at the top of a project, where the search ends."""

HIGHEST = 4
"""Folders that are looked into where neither a repository nor the home folder ends the search."""


def python_for(folder: Path, setting: str, environ: Mapping[str, str]) -> JobPython:
    """Return the Python for a program in the folder.

    That is the setting's, else of an environment in the folder or one above it (the top of the
    repository, else the home folder, ends the search) or kept elsewhere for it by conda or poetry,
    else the one for all jobs. What others could have put there is passed over, and said to be.
    """
    refused = ""
    for place in _upwards(folder) if not setting else ():
        for prefix in (*_inside(place), *_of_conda(place), *_of_poetry(place, environ)):
            python = prefix / "bin" / "python"
            if not os.access(python, os.X_OK):
                continue
            reason = other_writers(prefix) or other_writers(python.parent)
            if not reason:
                return JobPython(str(python), str(prefix), remark=refused)
            refused = refused or f"{prefix} is not taken: {reason}."
    return replace(find_job_python(setting, environ), remark=refused)


def _upwards(folder: Path) -> Iterator[Path]:
    """Return the folder with those above it that belong to the same project."""
    folder = folder.absolute()
    home = Path.home()
    above = [folder, *folder.parents]
    ends = [n for n, each in enumerate(above) if any((each / m).exists() for m in REPOSITORY)]
    if not ends and home in above:
        ends = [above.index(home)]
    yield from above[: ends[0] + 1] if ends else above[:HIGHEST]


def _inside(place: Path) -> Iterator[Path]:
    for name in NAMES:
        marks = (place / name / "pyvenv.cfg", place / name / "conda-meta")
        if any(mark.exists() for mark in marks):
            yield place / name


def _of_conda(place: Path) -> Iterator[Path]:
    """Return the environments of the name that a file for conda gives; conda lists where it is."""
    for file in CONDA_FILES:
        with suppress(OSError, UnicodeDecodeError):
            found = CONDA_NAME.search((place / file).read_text())
            known = (Path.home() / ".conda" / "environments.txt").read_text().splitlines()
            yield from (Path(each) for each in known if found and Path(each).name == found[1])


def _of_poetry(place: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Return the environments that poetry keeps for a project, named by a hash of its path."""
    if (place / "poetry.lock").is_file():
        digest = sha256(os.path.realpath(place).encode()).digest()
        mark = urlsafe_b64encode(digest).decode()[:8]
        kept = environ.get("POETRY_CACHE_DIR") or Path.home() / ".cache" / "pypoetry"
        yield from sorted(Path(kept, "virtualenvs").glob(f"*-{mark}-py*"))
