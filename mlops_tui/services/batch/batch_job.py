"""Scoring files in batches: a supervised job in the model's own Python."""

from pathlib import Path

from mlops_tui.domain.batch.scoring import (
    BAD_ROWS,
    BAD_ROWS_TAG,
    OUTPUT_TAG,
    ROWS,
    ScoringOutcome,
    ScoringRequest,
)
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import BATCH, ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.program_job import (
    ProgramJob,
    model_told,
    recorded_run,
    refuse_second,
    refuse_without_mlflow,
    start_program,
)
from mlops_tui.services.launchers import all_launchers
from mlops_tui.services.models.named_version import named_version
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import ensure
from mlops_tui.services.worker.calls import LONG, may_take

PROGRAM = "batch_program.program"


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
        _refuse_hopeless(interpreter, request)
    refuse_second(state_dir, BATCH, request.output_path)
    ensure(store)
    version = named_version(store, request.model_uri)
    plan = _plan(request, version)
    job = ProgramJob(
        module=PROGRAM,
        python=interpreter,
        title=str(plan["title"]),
        plan=plan,
        details={
            BATCH: str(request.output_path),
            "model": str(plan["model"]),
            "version": str(plan["version"]),
        },
        runs_on=request.runs_on,
        resources=request.resources,
    )
    return start_program(store, state_dir, job)


def outcome(store: Store, job: ProcessRecord) -> ScoringOutcome:
    """Return what a job that has ended well recorded. Raises ``NotFound``."""
    found = recorded_run(store, job)
    return ScoringOutcome(
        run_id=found.run_id,
        output=found.tags.get(OUTPUT_TAG, ""),
        rows=int(found.metrics.get(ROWS, 0)),
        bad_rows=int(found.metrics.get(BAD_ROWS, 0)),
        bad_rows_file=found.tags.get(BAD_ROWS_TAG, ""),
    )


def _refuse_hopeless(interpreter: Path, request: ScoringRequest) -> None:
    from mlops_tui.services.model_programs.batch_program.output import refuse_existing
    from mlops_tui.services.model_programs.batch_program.source import find_files
    from mlops_tui.services.model_programs.problem import Problem

    try:
        refuse_existing(request.output_path)
        find_files(request.inputs, request.folder)
    except Problem as problem:
        raise ServiceError(str(problem)) from None
    refuse_without_mlflow(interpreter, "batch scoring")


def _plan(request: ScoringRequest, version: ModelVersion | None) -> dict[str, object]:
    return {
        **model_told(request.model_uri, version, request.folder),
        "inputs": list(request.inputs),
        "output": str(request.output_path.absolute()),
        "with_inputs": request.with_inputs,
        "batch_rows": request.batch_rows,
        "max_bad_share": request.max_bad_share,
        "engine": request.engine,
        "master": request.master,
    }
