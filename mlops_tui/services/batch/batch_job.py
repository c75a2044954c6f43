"""Scoring files in batches: a supervised job in the model's own Python."""

import json
import re
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.batch.scoring import (
    BAD_ROWS,
    BAD_ROWS_TAG,
    OUTPUT_TAG,
    ROWS,
    ScoringOutcome,
    ScoringRequest,
)
from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.version_choice import SCHEME, chosen_version, split_choice
from mlops_tui.domain.processes.process import BATCH, ProcessKind, ProcessRecord
from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.jobs.job_runs import watched_runs
from mlops_tui.services.jobs.python_env import lacks_mlflow
from mlops_tui.services.launchers import all_launchers, processes
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.processes import child_environment, records
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import ensure, reach
from mlops_tui.services.stores import job_tunnel
from mlops_tui.services.worker.calls import LONG, may_take

PROGRAM = Path(__file__).parent / "batch_program"
"""What is run: a folder with ``__main__.py`` that imports nothing of ours."""
LOGGED = re.compile(r"models:/m-[0-9a-f]{32}")
"""The URI of a logged model, which need not be registered."""
LATEST = "/latest"


@may_take(LONG)
@translated()
def launch_scoring(
    store: Store, state_dir: Path, python: Path | str, request: ScoringRequest
) -> ProcessRecord:
    """Start the job that scores files; return its record.

    An alias or a stage means the version that has it now. Raises ``ServiceError`` where it is
    clear before the start that nothing would come of it.
    """
    request.check()
    name = all_launchers.name_of(request.runs_on)
    interpreter = Path(python).absolute()
    is_local = all_launchers.LAUNCHERS[name].is_local
    if is_local:
        _refuse_hopeless(state_dir, interpreter, request)
    ensure(store)
    if is_http(store.tracking_uri):
        reach(store)
    version = _version(store, request.model_uri)
    plan = _plan(request, version)
    record = _record(store, interpreter, request, plan)
    told = str(records.plan_path(state_dir, record))
    record = replace(record, command=(str(interpreter), str(PROGRAM), told))
    folder = state_dir.absolute() / record.kind / record.process_id
    near = job_tunnel.start(store, folder, is_local=is_local)
    given = child_environment.child_variables(near, interpreter)
    # Models from an HTTP store are downloaded there; the supervisor removes it at the end.
    given["TMPDIR"] = str(folder / "tmp")
    given["MLFLOW_RUN_CONTEXT"] = json.dumps({JOB_TAG: record.process_id})
    record = replace(record, environment=tuple(sorted(given)), launcher=name)
    environ = child_environment.inherited() | given
    return processes.start(state_dir, record, environ, request.resources, json.dumps(plan))


def outcome(store: Store, job: ProcessRecord) -> ScoringOutcome:
    """Return what a job that has ended well recorded. Raises ``NotFound``."""
    found = next(iter(watched_runs(store, job).runs), None)
    if found is None:
        raise NotFound(f"The run of {job.title} is not in the store.")
    return ScoringOutcome(
        run_id=found.run_id,
        output=found.tags.get(OUTPUT_TAG, ""),
        rows=int(found.metrics.get(ROWS, 0)),
        bad_rows=int(found.metrics.get(BAD_ROWS, 0)),
        bad_rows_file=found.tags.get(BAD_ROWS_TAG, ""),
    )


def _refuse_hopeless(state_dir: Path, interpreter: Path, request: ScoringRequest) -> None:
    from mlops_tui.services.batch.batch_program.output import refuse_existing
    from mlops_tui.services.batch.batch_program.problem import Problem
    from mlops_tui.services.batch.batch_program.source import find_files

    try:
        refuse_existing(request.output_path)
        find_files(request.inputs, request.folder)
    except Problem as problem:
        raise ServiceError(str(problem)) from None
    if lacks_mlflow(str(interpreter), child_environment.inherited()):
        raise ServiceError(
            f"{interpreter} has no MLflow, which batch scoring needs to load the model.",
            f"{interpreter} -m pip install mlflow, or name another Python by --python.",
        )
    for job in processes.list_processes(state_dir, ProcessKind.JOB):
        if job.is_underway and job.details.get(BATCH) == str(request.output_path):
            raise Conflict(
                f"{job.title} is being scored into {request.output_path} already.",
                f"Wait for its end, or stop it: mlops-tui stop {job.process_id}.",
            )


def _version(store: Store, uri: str) -> ModelVersion | None:
    """Return the registered version that a URI means now, None for a model that is none."""
    if not uri.startswith(SCHEME) or LOGGED.fullmatch(uri):
        return None
    name, choice = split_choice(uri)
    newest = choice.casefold() == LATEST
    version = chosen_version(list_versions(store, name), name, "" if newest else choice)
    if not version.is_ready:
        raise Conflict(f"{version.name} v{version.version} is not ready: {version.trouble}.")
    return version


def _plan(request: ScoringRequest, version: ModelVersion | None) -> dict[str, object]:
    title = f"{version.name} v{version.version}" if version else request.model_uri
    local = (request.folder / request.model_uri) if ":/" not in request.model_uri else None
    return {
        "address": version.address if version else str(local or request.model_uri),
        "title": title,
        "model": version.name if version else "",
        "version": version.version if version else "",
        "folder": str(request.folder.absolute()),
        "inputs": list(request.inputs),
        "output": str(request.output_path.absolute()),
        "with_inputs": request.with_inputs,
        "batch_rows": request.batch_rows,
        "max_bad_share": request.max_bad_share,
    }


def _record(
    store: Store, python: Path, request: ScoringRequest, plan: dict[str, object]
) -> ProcessRecord:
    return ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title=str(plan["title"]),
        command=(),
        cwd=str(child_environment.working_directory(store)),
        environment=(),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        details={
            BATCH: str(request.output_path),
            "model": str(plan["model"]),
            "version": str(plan["version"]),
            "python": str(python),
        },
    )
