"""The Python that runs jobs."""

import errno
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.python_env import PACKAGES, JobPython, PythonFacts
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.secrets import without_named

if TYPE_CHECKING:
    from mlops_tui.services.processes import short_lived

TIMEOUT = 30
"""Seconds; an environment on a network disk takes its time."""

PROBE = """
import importlib.metadata, json, platform, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print()
print(json.dumps({"version": platform.python_version(), "packages": found}))
"""
"""Asks for versions without importing any of the packages."""


HAS_MLFLOW = "import importlib.util, sys; sys.exit(not importlib.util.find_spec('mlflow'))"

PATIENCE = 20
"""Seconds that a Python may take to say whether it has MLflow."""


def find_job_python(setting: str, environ: Mapping[str, str]) -> JobPython:
    """Return the Python that runs jobs: the setting's, the active environment's, else our own."""
    if setting:
        return _checked(_on_path(setting, environ), "setting")
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if prefix := environ.get(variable):
            return _checked(str(Path(prefix, "bin", "python")), variable)
    return JobPython(sys.executable, "own")


def inspect_python(path: str) -> PythonFacts:
    """Ask an interpreter for its version with those of the packages that jobs need."""
    import json

    hint = "Activate the environment that jobs need, or set its Python with --python."
    result = ask_python([path, "-c", PROBE, *PACKAGES], os.environ, TIMEOUT, hint)
    lines = result.output.strip().split("\n")
    if result.exit_code != 0:
        last = one_line(without_named(lines[-1]), 200)
        raise ServiceError(f"{path} does not run as a Python: {last}", hint)
    try:
        facts = json.loads(next(line for line in reversed(lines) if line.startswith("{")))
        return PythonFacts(str(facts["version"]), dict(facts["packages"]))
    except (ValueError, LookupError, TypeError, StopIteration, RecursionError):
        raise ServiceError(f"{path} does not answer as a Python does.", hint) from None


def ask_python(
    command: list[str], environ: Mapping[str, str], seconds: float, hint: str
) -> "short_lived.Result":
    """Run an interpreter for a short while. Raises ``ServiceError`` where it does not end."""
    from mlops_tui.services.processes import short_lived
    from mlops_tui.services.processes.short_lived import End

    path = command[0]
    try:
        # At the root, where no module of the working directory is taken for a standard one.
        result = short_lived.run(command, environ, seconds, directory=Path("/"))
    except OSError as error:
        raise ServiceError(cannot_start(path, error), hint) from None
    if result.end is End.TOO_MUCH:
        raise ServiceError(f"{path} printed on without end, and was ended.", hint)
    if result.end is End.UNKNOWN:
        raise ServiceError(f"{path} was ended before it answered.", hint)
    if result.end is not End.BY_ITSELF:
        raise ServiceError(f"{path} did not answer within {seconds:g} s.", hint)
    return result


def cannot_start(path: str, error: OSError) -> str:
    """Say why a program cannot be started."""
    if error.errno == errno.ENOEXEC:
        return f"{path} cannot be started: it is no program for this kind of machine."
    return f"{path} cannot be started: {error.strerror}."


def lacks_mlflow(path: str, environ: Mapping[str, str]) -> bool:
    """Return whether an interpreter has no MLflow. Raises ``ServiceError`` where it does not run.

    It is only asked where MLflow does not lie in its own folder.
    """
    if _has_folder(Path(path)):
        return False
    hint = "Name another Python in the form, or with --python."
    return ask_python([path, "-c", HAS_MLFLOW], environ, PATIENCE, hint).exit_code != 0


def _has_folder(python: Path) -> bool:
    """Return whether MLflow lies where packages of the interpreter's environment do."""
    folders = python.parent.parent.glob("lib*/python*/site-packages/mlflow/__init__.py")
    return next(folders, None) is not None


def _on_path(program: str, environ: Mapping[str, str]) -> str:
    """Return where a bare name is found on PATH; a path stays, symbolic link or not."""
    import shutil

    if os.sep in program:
        return program
    return shutil.which(program, path=environ.get("PATH")) or program


def _checked(path: str, origin: str) -> JobPython:
    if Path(path).is_file() and os.access(path, os.X_OK):
        return JobPython(path, origin)
    found = "is not executable" if Path(path).exists() else "does not exist"
    chosen = "the setting python" if origin == "setting" else origin
    return JobPython(path, origin, f"The Python {path}, chosen by {chosen}, {found}.")
