"""Starting a program for the model's own Python as a supervised job."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.runs.run import JOB_TAG, Run
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.job_runs import watched_runs
from mlops_tui.services.jobs.python_env import lacks_mlflow
from mlops_tui.services.launchers import all_launchers, processes
from mlops_tui.services.processes import child_environment, records
from mlops_tui.services.stores import job_tunnel

PROGRAMS = Path(__file__).parents[1] / "model_programs"
"""A folder with ``__main__.py``, which runs a program by its name; it imports nothing of ours."""


@dataclass(frozen=True, slots=True)
class ProgramJob:
    """What is run, by whom, and what it is told."""

    module: str
    """Its module below ``model_programs``."""
    python: Path
    title: str
    plan: Mapping[str, object]
    details: Mapping[str, str]
    """Of the record."""
    runs_on: str = THIS_MACHINE
    """The title of the launcher."""
    resources: Mapping[str, str] = field(default_factory=dict)


def refuse_without_mlflow(python: Path, what: str) -> None:
    """Raise ``ServiceError`` where a Python lacks what every program needs."""
    if lacks_mlflow(str(python), child_environment.inherited()):
        raise ServiceError(
            f"{python} has no MLflow, which {what} needs to load the model.",
            f"{python} -m pip install mlflow, or name another Python by --python.",
        )


def start_program(store: Store, state_dir: Path, job: ProgramJob) -> ProcessRecord:
    """Start the job; return its record. Raises ``ServiceError`` where it cannot be started."""
    launcher = all_launchers.name_of(job.runs_on)
    process_id = records.new_id()
    folder = state_dir.absolute() / ProcessKind.JOB / process_id
    near = job_tunnel.start(store, folder, is_local=all_launchers.LAUNCHERS[launcher].is_local)
    given = child_environment.child_variables(near, job.python)
    # Models from an HTTP store are downloaded there; the supervisor removes it at the end.
    given["TMPDIR"] = str(folder / "tmp")
    given["MLFLOW_RUN_CONTEXT"] = json.dumps({JOB_TAG: process_id})
    plan = str(folder / records.PLAN)
    record = ProcessRecord(
        process_id=process_id,
        kind=ProcessKind.JOB,
        title=job.title,
        command=(str(job.python), str(PROGRAMS), job.module, plan),
        cwd=str(child_environment.working_directory(store)),
        environment=tuple(sorted(given)),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        details={**job.details, "python": str(job.python)},
        launcher=launcher,
    )
    environ = child_environment.inherited() | given
    return processes.start(state_dir, record, environ, job.resources, json.dumps(job.plan))


def model_told(uri: str, version: ModelVersion | None, folder: Path) -> dict[str, object]:
    """Return what a plan says of the model that a URI names, and of the folder of its files.

    ``version`` is the registered one that is meant, None where the model is none.
    """
    local = folder / uri if ":/" not in uri else None
    return {
        "address": version.address if version else str(local or uri),
        "title": f"{version.name} v{version.version}" if version else uri,
        "model": version.name if version else "",
        "version": version.version if version else "",
        "folder": str(folder.absolute()),
    }


def refuse_second(state_dir: Path, detail: str, output: Path) -> None:
    """Raise ``Conflict`` where a job of this kind, told by its detail, writes the output now."""
    for job in processes.list_processes(state_dir, ProcessKind.JOB):
        if job.is_underway and job.details.get(detail) == str(output):
            raise Conflict(
                f"The job of {job.title} writes {output} already.",
                f"Wait for its end, or stop it: mlops-tui stop {job.process_id}.",
            )


def recorded_run(store: Store, job: ProcessRecord) -> Run:
    """Return the run of a job that has ended well. Raises ``NotFound``."""
    found = next(iter(watched_runs(store, job).runs), None)
    if found is None:
        raise NotFound(f"The run of {job.title} is not in the store.")
    return found
