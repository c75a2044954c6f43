"""The Python that runs jobs."""

import errno
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.python_env import PACKAGES, JobPython, PythonFacts
from mlops_tui.domain.plain_text import one_line

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
    import subprocess

    hint = "Activate the environment that jobs need, or set its Python with --python."
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that the person chose for jobs
            [path, "-c", PROBE, *PACKAGES],
            cwd="/",  # where no module of the working directory is taken for a standard one
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
            check=True,
        )
        facts = json.loads(done.stdout)
        return PythonFacts(facts["version"], facts["packages"])
    except OSError as error:
        raise ServiceError(cannot_start(path, error), hint) from None
    except subprocess.TimeoutExpired:
        raise ServiceError(f"{path} did not answer within {TIMEOUT} s.", hint) from None
    except subprocess.CalledProcessError as error:
        last = one_line(error.stderr.strip().rpartition("\n")[2], 200)
        raise ServiceError(f"{path} does not run as a Python: {last}", hint) from None
    except (ValueError, LookupError, TypeError):
        raise ServiceError(f"{path} does not answer as a Python does.", hint) from None


def cannot_start(path: str, error: OSError) -> str:
    """Say why a program cannot be started."""
    if error.errno == errno.ENOEXEC:
        return f"{path} cannot be started: it is no program for this kind of machine."
    return f"{path} cannot be started: {error.strerror}."


def lacks_mlflow(path: str, environ: Mapping[str, str]) -> bool:
    """Return whether an interpreter has no MLflow. Raises ``ServiceError`` where it does not run.

    It is only asked where MLflow does not lie in its own folder.
    """
    import subprocess

    hint = "Name another Python in the form, or with --python."
    if _has_folder(Path(path)):
        return False
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that the person chose for jobs
            [path, "-c", HAS_MLFLOW],
            cwd="/",
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except OSError as error:
        raise ServiceError(cannot_start(path, error), hint) from None
    except subprocess.TimeoutExpired:
        raise ServiceError(f"{path} did not answer within {PATIENCE} s.", hint) from None
    return done.returncode != 0


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
