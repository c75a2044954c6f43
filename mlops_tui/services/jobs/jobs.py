"""Training jobs."""

import json
import os
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.data.given_data import DETAIL, to_text
from mlops_tui.domain.errors import Conflict, InvalidInput
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.jobs.job_options import Variables
from mlops_tui.domain.jobs.job_spec import EXPERIMENT_NAME, JobSpec
from mlops_tui.domain.processes.process import TRIAL_OF, ProcessKind, ProcessRecord, Settlement
from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.data import given_data
from mlops_tui.services.jobs import launch_memory
from mlops_tui.services.jobs.python_check import check_python
from mlops_tui.services.launchers import all_launchers, processes, settlement
from mlops_tui.services.processes import child_environment, records
from mlops_tui.services.stores import job_tunnel
from mlops_tui.services.worker.calls import LONG, may_take


def launch(
    store: Store, state_dir: Path, spec: JobSpec, variables: Variables | None = None
) -> ProcessRecord:
    """Start a training job with the launcher that it names.

    A server that does not answer is told before anything starts. The values of ``variables`` are
    handed on to the process, never written down; one without a value has to be set here.
    """
    from mlops_tui.services.store.store import ensure, reach

    values = _valued(variables or {})
    interpreter = Path(spec.python).absolute()
    record = _plan(store, spec)
    name = all_launchers.name_of(spec.runs_on)
    is_local = all_launchers.LAUNCHERS[name].is_local
    if is_local and not spec.sweep:
        check_python(spec.target, spec.python, Path(spec.directory or record.cwd))
    ensure(store)
    if is_http(store.tracking_uri):
        reach(store)
    _make_experiment(store, spec)
    folder = state_dir / record.kind / record.process_id
    near = job_tunnel.start(store, folder, is_local=is_local)
    given = child_environment.child_variables(near, interpreter)
    tags = {**spec.run_tags(), JOB_TAG: record.process_id}
    given |= {**spec.variables(), **values, "MLFLOW_RUN_CONTEXT": json.dumps(tags)}
    record = replace(record, environment=tuple(sorted(given)), launcher=name)
    launch_memory.remember(state_dir, spec)
    environ = child_environment.inherited() | given
    data = given_data.given_to(spec.parameters, Path(record.cwd))
    if data:
        record = replace(record, details={**record.details, DETAIL: to_text(data)})
    started = processes.start(state_dir, record, environ, spec.resources)
    if data:
        given_data.begin_reading(folder)
    return started


def list_jobs(state_dir: Path) -> tuple[ProcessRecord, ...]:
    """Return the jobs as they are now, newest first."""
    return processes.list_processes(state_dir, ProcessKind.JOB)


def stop_job(store: Store, state_dir: Path, job_id: str) -> ProcessRecord:
    """Ask a job to end with all it has started; its open runs become KILLED. Returns at once."""
    environ = os.environ | child_environment.store_variables(store)
    return processes.stop(state_dir, ProcessKind.JOB, job_id, environ)


@may_take(LONG)
def settle_job(store: Store, state_dir: Path, job_id: str) -> ProcessRecord:
    """End the runs that a job has left open because it was lost, or the store was away.

    Those of a sweep's trials that were jobs of their own are among them.
    """
    record = processes.get(state_dir, ProcessKind.JOB, job_id)
    if record.is_settling:
        raise Conflict(f"The runs of {record.title} are being settled.")
    if record.state.is_active:
        raise Conflict(f"{record.title} is still {record.state.value}.", "Stop it first.")
    if record.store != child_environment.absolute(store).label:
        raise Conflict(f"{record.title} wrote to {record.store}.", "Open that store to settle it.")
    of_trials = sum(
        _settled(store, state_dir, trial)[1]
        for trial in (list_jobs(state_dir) if record.is_sweep else ())
        if trial.details.get(TRIAL_OF) == job_id and trial.is_unsettled
    )
    return _settled(store, state_dir, record, of_trials)[0]


def _settled(
    store: Store, state_dir: Path, record: ProcessRecord, others: int = 0
) -> tuple[ProcessRecord, int]:
    """End the open runs of one job; return its record with how many there were, others aside."""
    folder = records.directory(state_dir, ProcessKind.JOB, record.process_id)
    count = settlement.settle_runs(store, folder, record)
    reason = f"Its runs are settled: {count + others} had been left open."
    done = replace(record, settlement=Settlement.DONE, settlement_reason=reason)
    return processes.amend(state_dir, done), count


def _valued(variables: Variables) -> dict[str, str]:
    """Return the variables with their values, those that are set here among them."""
    missing = [n for n, value in variables.items() if value is None and n not in os.environ]
    if missing:
        raise InvalidInput(
            f"The variable {missing[0]} is not set here, and values are never kept.",
            f"Give it as {missing[0]}=value.",
        )
    return {n: os.environ[n] if value is None else value for n, value in variables.items()}


def _plan(store: Store, spec: JobSpec) -> ProcessRecord:
    directory = expanded(spec.directory) if spec.directory else None
    if directory is not None and not directory.is_dir():
        raise InvalidInput(f"There is no folder {directory} to work in.")
    return ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title=spec.title,
        command=spec.command,
        cwd=str(directory.absolute() if directory else child_environment.working_directory(store)),
        environment=(),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        details=spec.details(),
    )


def _make_experiment(store: Store, spec: JobSpec) -> None:
    """Make the experiment that is named and missing; the program would put its files elsewhere."""
    from mlops_tui.services.experiments.experiments import create_experiment, list_experiments

    named = spec.variables().get(EXPERIMENT_NAME)
    if named and named not in {each.name for each in list_experiments(store)}:
        create_experiment(store, named)
