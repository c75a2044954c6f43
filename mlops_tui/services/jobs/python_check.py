"""Whether the Python of a job has what its program imports."""

import sys
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.services.jobs.launchables import read_project
from mlops_tui.services.jobs.program_text import source_of, uses_package
from mlops_tui.services.jobs.python_env import lacks_mlflow
from mlops_tui.services.processes import child_environment
from mlops_tui.services.store.failures import translated


@translated()
def check_python(target: Target, python: str, directory: Path) -> None:
    """Raise ``ServiceError`` where a program imports MLflow that its Python does not have."""
    if python == sys.executable or not _needs_mlflow(target, directory):
        return
    if lacks_mlflow(python, child_environment.inherited()):
        raise ServiceError(
            f"{python} has no MLflow, which {target.label} imports.",
            f"{python} -m pip install mlflow, or name another Python in the form or by --python.",
        )


def _needs_mlflow(target: Target, directory: Path) -> bool:
    if target.kind is TargetKind.RECIPE:
        return True
    if target.kind is TargetKind.PROJECT:
        folder = Path(target.name)
        point = read_project(folder).get(target.entry_point)
        words = point.command.replace("'", " ").replace('"', " ").split() if point else []
        sources = [folder / word for word in words if word.endswith(".py")]
    else:
        source = source_of(target, directory)
        sources = [source] if source else []
    return any(uses_package(each, directory, "mlflow") for each in sources)
