"""Compares what a model requires with what the Python has that is to serve it."""

import json
import os
from pathlib import Path, PurePosixPath
from shutil import which
from tempfile import TemporaryDirectory

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.environment_check import (
    EnvironmentCheck,
    EnvManager,
    read_mismatches,
)
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.python_env import ask_python
from mlops_tui.services.mlflow_internals import files_at
from mlops_tui.services.serving.endpoints import PROGRAM
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client

CHECK = PROGRAM / "requirements.py"
"""The program that compares; it imports no MLflow, so that it answers at once."""

FILES = ("requirements.txt", "python_env.yaml")
LARGEST = 1024 * 1024
"""Bytes of a file that says what is required."""

PATIENCE = 20
"""Seconds that a Python may take."""

HINT = "Name another Python with --python."


def check_environment(store: Store, python: Path | str, version: ModelVersion) -> EnvironmentCheck:
    """Return what a Python lacks for a model version; nothing is started or changed.

    Where that cannot be found out, the answer says why: serving may work all the same.
    """
    with TemporaryDirectory(prefix="mlops-tui-") as folder:
        try:
            if not _fetch(store, version, folder):
                return EnvironmentCheck(str(python), unchecked="the model names no requirements.")
            command = [str(python), str(CHECK), folder]
            done = ask_python(command, os.environ, PATIENCE, HINT)
            told = json.loads(done.output.strip().splitlines()[-1])
            return EnvironmentCheck(str(python), read_mismatches(told))
        except ServiceError as error:
            return EnvironmentCheck(str(python), unchecked=error.message)
        except (ValueError, TypeError, LookupError, RecursionError):
            last = one_line(done.output.strip().rpartition("\n")[2], 200)
            reason = f"{python} did not compare them: {last or 'it said nothing'}."
            return EnvironmentCheck(str(python), unchecked=reason)


def refuse_without_manager(manager: EnvManager, path: str) -> None:
    """Raise ``ServiceError`` where the program is not on ``path`` that makes the environment."""
    program = manager.needs
    if program and which(program, path=path) is None:
        raise ServiceError(
            f"{program} is not on PATH: it makes the environment ({manager}).",
            f"Install {program}, or serve with the environment that is there (local).",
        )


@translated()
def _fetch(store: Store, version: ModelVersion, folder: str) -> bool:
    """Fetch what says what is required; return whether there is anything."""
    client(store)
    repository = files_at(version.address)
    sizes = {
        PurePosixPath(file.path).name: file.file_size or 0
        for file in repository.list_artifacts(None)
    }
    wanted = [name for name in FILES if name in sizes and sizes[name] <= LARGEST]
    for name in wanted:
        repository.download_artifacts(name, folder)
    return bool(wanted)
