"""Runs that are watched as jobs, while their processes are out of reach."""

from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.processes.process import (
    ATTACHED,
    RUN,
    ProcessKind,
    ProcessRecord,
    ProcessState,
)
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.domain.store import Store
from mlops_tui.services.processes import child_environment, process_identity, records
from mlops_tui.services.store.failures import translated

ENDS = {
    RunStatus.FINISHED: ProcessState.FINISHED,
    RunStatus.FAILED: ProcessState.FAILED,
    RunStatus.KILLED: ProcessState.STOPPED,
}
GONE = "Its run is gone from the store."

_others: set[str] = set()
"""The ids of jobs that are no such runs, or have ended; they are not read again at each look."""


def attach(store: Store, state_dir: Path, run: Run, why_not: str) -> ProcessRecord:
    """Record a run as a job; ``why_not`` says why its process is not."""
    record = ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title=run.name or run.run_id,
        command=(),
        cwd="",
        environment=(),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        state=ProcessState.RUNNING,
        started_at=run.started_at,
        reason=why_not,
        **process_identity.here(),
        details={ATTACHED: "yes", RUN: run.run_id},
    )
    records.create(state_dir, record)
    return record


def look(store: Store, state_dir: Path) -> None:
    """Note of each run that is watched as a job when it has ended."""
    label = child_environment.absolute(store).label
    for record in records.read_all(state_dir, ProcessKind.JOB, without=_others):
        if record.is_unreadable:
            continue
        if not (record.has_no_process and record.state.is_active and RUN in record.details):
            _others.add(record.process_id)
        elif record.store == label:
            _note_end(store, state_dir, record)


def _note_end(store: Store, state_dir: Path, record: ProcessRecord) -> None:
    try:
        run = _read(store, record.details[RUN])
    except NotFound:
        ended = replace(record, state=ProcessState.LOST, reason=GONE, ended_at=records.now())
    else:
        if run.status in OPEN:
            return
        ended = replace(record, state=ENDS[run.status], ended_at=run.ended_at or records.now())
    try:
        records.write(records.directory(state_dir, record.kind, record.process_id), ended)
    except OSError as error:
        raise ServiceError(f"The end of {record.title} cannot be written: {error}") from error


@translated()
def _read(store: Store, run_id: str) -> Run:
    from mlops_tui.services.runs.mlflow_run import run_of
    from mlops_tui.services.store.store import client

    return run_of(client(store).get_run(run_id))
