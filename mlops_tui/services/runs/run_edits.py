"""Changes of runs, one or many."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError, Unreachable
from mlops_tui.domain.runs.run import END_TAG, Run, RunStatus
from mlops_tui.domain.runs.run_edit import (
    DELETED,
    LIFECYCLE,
    NAME,
    STATUS,
    EditFailure,
    EditOutcome,
    RunEdit,
)
from mlops_tui.domain.store import Store
from mlops_tui.domain.tags import LONGEST_VALUE
from mlops_tui.services.runs import run_memory
from mlops_tui.services.runs.runs import terminate_run
from mlops_tui.services.runs.runs_by_id import find_runs
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow import MlflowClient


@may_take(LONG)
def edit_runs(store: Store, edits: Sequence[RunEdit]) -> EditOutcome:
    """Do the edits one by one; what fails keeps no other from being done.

    A run that is no longer as an edit takes it to be is left alone. A store that stops answering
    is not asked again. Raises ``ServiceError`` only when nothing was done.
    """
    ensure(store)
    known = {run.run_id: run for run in _read(store, edits)}
    done: list[RunEdit] = []
    failures: list[EditFailure] = []
    causes: list[ServiceError] = []
    for edit in edits:
        if causes and isinstance(causes[-1], Unreachable):
            failures.append(EditFailure(edit, causes[-1].message))
            continue
        try:
            run = _checked(edit, known.get(edit.run_id))
            if edit.field == STATUS:
                _set_status(store, edit, run)
            else:
                _apply(client(store), edit)
        except ServiceError as failure:
            causes.append(failure)
            failures.append(EditFailure(edit, failure.message))
        else:
            done.append(edit)
    if causes and not done:
        raise _nothing_done(causes[0], failures)
    runs = _read_again(store, done)
    run_memory.see(store, runs)
    return EditOutcome(tuple(done), tuple(failures), runs)


def _read(store: Store, edits: Sequence[RunEdit]) -> tuple[Run, ...]:
    run_ids = list(dict.fromkeys(edit.run_id for edit in edits))
    experiment_ids = list(dict.fromkeys(edit.experiment_id for edit in edits))
    return find_runs(store, run_ids, experiment_ids)


def _read_again(store: Store, done: Sequence[RunEdit]) -> tuple[Run, ...]:
    """Return the runs after the edits; none where the store answers no more."""
    try:
        return _read(store, done)
    except ServiceError:
        return ()


def _checked(edit: RunEdit, run: Run | None) -> Run:
    if run is None:
        raise NotFound("it is gone from the store.")
    if difference := edit.difference(run):
        raise Conflict(f"{difference}: somebody changed it meanwhile.")
    if run.is_deleted and edit.field != LIFECYCLE:
        raise Conflict("it is deleted.", "Restore it first.")
    if edit.tag and len(edit.after or "") > LONGEST_VALUE:
        raise InvalidInput(f"a tag holds {LONGEST_VALUE:,} characters at most.")
    return run


@translated()
def _set_status(store: Store, edit: RunEdit, run: Run) -> None:
    if edit.after != RunStatus.RUNNING:
        terminate_run(store, run, RunStatus(edit.after or ""))
        return
    # As MLflow does when a run is resumed: the end that it once had stays in the store.
    client(store).update_run(edit.run_id, status=edit.after)
    if END_TAG in run.tags:
        client(store).delete_tag(edit.run_id, END_TAG)


@translated()
def _apply(mlflow_client: "MlflowClient", edit: RunEdit) -> None:
    if edit.field == NAME:
        mlflow_client.update_run(edit.run_id, name=edit.after)
    elif edit.field == LIFECYCLE:
        change = mlflow_client.delete_run if edit.after == DELETED else mlflow_client.restore_run
        change(edit.run_id)
    elif edit.after is None:
        mlflow_client.delete_tag(edit.run_id, edit.tag)
    else:
        mlflow_client.set_tag(edit.run_id, edit.tag, edit.after)


def _nothing_done(cause: ServiceError, failures: Sequence[EditFailure]) -> ServiceError:
    if isinstance(cause, Unreachable):
        return cause
    return type(cause)(EditOutcome((), tuple(failures)).left(), cause.hint)
