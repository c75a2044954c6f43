"""The Python that runs jobs."""

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
        raise ServiceError(f"{path} cannot be started: {error.strerror}.", hint) from None
    except subprocess.TimeoutExpired:
        raise ServiceError(f"{path} did not answer within {TIMEOUT} s.", hint) from None
    except subprocess.CalledProcessError as error:
        last = one_line(error.stderr.strip().rpartition("\n")[2], 200)
        raise ServiceError(f"{path} does not run as a Python: {last}", hint) from None
    except (ValueError, LookupError, TypeError):
        raise ServiceError(f"{path} does not answer as a Python does.", hint) from None


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
