"""The experiments of a store."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.experiments.experiment import HISTORY, KIND_TAG, MONITORING, Experiment
from mlops_tui.domain.runs.label import Label, label_problem
from mlops_tui.domain.runs.run import NOTE_TAG
from mlops_tui.domain.store import Store, is_database
from mlops_tui.services.paging import every_page
from mlops_tui.services.runs.runs import ACTIVE_ONLY, DELETED_ONLY
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import artifact_root, client, ensure, exists, shared_root
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

PAGE = 1000

DEFAULT_ID = "0"
"""MLflow's own experiment: runs that name no other go there."""

RESERVED = "The name {!r} is taken by a deleted experiment: MLflow keeps it reserved."
RESERVED_HINT = "Restore that one, or choose another name."


@translated()
def list_experiments(
    store: Store, *, deleted: bool = False, monitoring: bool = True
) -> tuple[Experiment, ...]:
    """Return all active experiments, or all deleted ones, newest first.

    MLflow's own, which is there whether anybody uses it or not, comes after those of people, that
    of monitors last. It is left out where ``monitoring`` says so; so is, always, the one in which
    the history of registered models is kept.
    """
    if not exists(store):
        return ()
    mlflow_client = client(store)
    view = DELETED_ONLY if deleted else ACTIVE_ONLY
    found = every_page(
        lambda token: mlflow_client.search_experiments(view, max_results=PAGE, page_token=token)
    )
    hidden = (HISTORY,) if monitoring else (HISTORY, MONITORING)
    listed = [one for one in found if deleted or one.tags.get(KIND_TAG) not in hidden]
    listed.sort(
        key=lambda one: (one.tags.get(KIND_TAG) == MONITORING, one.experiment_id == DEFAULT_ID)
    )
    return tuple(map(_experiment, listed))


@translated()
def create_experiment(store: Store, name: str) -> Experiment:
    """Make an experiment; beside an SQLite store its artifacts lie in a folder of its own there.

    MLflow alone would put them below the working directory of this very process. In a database
    that others share they lie where the settings say.
    """
    name = _checked(Label(name, "")).name
    ensure(store)
    mlflow_client = client(store)
    _check_free(mlflow_client, name)
    made = mlflow_client.create_experiment(name, _artifact_location(store, name))
    return _experiment(mlflow_client.get_experiment(made))


@translated()
def label_experiment(store: Store, experiment_id: str, before: Label, after: Label) -> Experiment:
    """Give an experiment another name, another note, or both.

    Raises ``Conflict`` before anything is written when it is no longer labelled as before.
    """
    after = _checked(after)
    ensure(store)
    mlflow_client = client(store)
    now = _experiment(mlflow_client.get_experiment(experiment_id))
    if Label(now.name, now.note) != before:
        raise Conflict(
            f"{before.name} is {now.name!r} now, or has another note: somebody changed it."
        )
    if after.name != before.name:
        _check_free(mlflow_client, after.name)
        mlflow_client.rename_experiment(experiment_id, after.name)
    if after.note != before.note:
        try:
            with translated():
                mlflow_client.set_experiment_tag(experiment_id, NOTE_TAG, after.note)
        except ServiceError as failure:
            _take_back_name(mlflow_client, experiment_id, before, after)
            raise type(failure)(f"Nothing was changed: {failure.message}", failure.hint) from None
    return _experiment(mlflow_client.get_experiment(experiment_id))


@may_take(LONG)
@translated()
def delete_experiment(store: Store, experiment_id: str) -> tuple[str, ...]:
    """Delete an experiment with its runs; return the ids of those that were deleted before it.

    MLflow does not tell them apart when it restores the experiment.
    """
    ensure(store)
    mlflow_client = client(store)
    found = every_page(
        lambda token: mlflow_client.search_runs(
            [experiment_id], "", run_view_type=DELETED_ONLY, max_results=PAGE, page_token=token
        )
    )
    already_deleted = tuple(run.info.run_id for run in found)
    mlflow_client.delete_experiment(experiment_id)
    return already_deleted


@may_take(LONG)
@translated()
def restore_experiment(
    store: Store, experiment_id: str, *, keep_deleted: Sequence[str] = ()
) -> None:
    """Bring an experiment back with all of its runs, but for those to be kept deleted."""
    ensure(store)
    mlflow_client = client(store)
    mlflow_client.restore_experiment(experiment_id)
    for number, run_id in enumerate(keep_deleted):
        try:
            with translated():
                mlflow_client.delete_run(run_id)
        except ServiceError as failure:
            left = len(keep_deleted) - number
            raise type(failure)(
                f"The experiment is restored, but with it {left} of the runs that had been deleted "
                f"before: {failure.message}",
                failure.hint,
            ) from None


def _checked(label: Label) -> Label:
    if problem := label_problem(label):
        raise InvalidInput(problem)
    return Label(label.name.strip(), label.note)


def _check_free(mlflow_client: "MlflowClient", name: str) -> None:
    """Raise ``Conflict`` when the name is taken: MLflow itself answers a renaming with SQL."""
    found = mlflow_client.get_experiment_by_name(name)
    if found is None:
        return
    if found.lifecycle_stage == "deleted":
        raise Conflict(RESERVED.format(name), RESERVED_HINT)
    raise Conflict(f"There is an experiment {name!r} already.", "Choose another name.")


def _take_back_name(
    mlflow_client: "MlflowClient", experiment_id: str, before: Label, after: Label
) -> None:
    if after.name == before.name:
        return
    try:
        with translated():
            mlflow_client.rename_experiment(experiment_id, before.name)
    except ServiceError as failure:
        raise type(failure)(
            f"It is named {after.name!r} now, but its note was not changed: {failure.message}",
            failure.hint,
        ) from None


def _artifact_location(store: Store, name: str) -> str | None:
    """Return a folder that says whose it is; an id of chance keeps a renamed one's apart."""
    beside = artifact_root(store)
    if beside is None and not is_database(store.tracking_uri):
        return None
    root = beside or shared_root(store).rstrip("/")
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:60].strip("-.") or "experiment"
    return f"{root}/{readable}-{uuid4().hex[:8]}"


def _experiment(found: "entities.Experiment") -> Experiment:
    return Experiment(
        experiment_id=found.experiment_id,
        name=found.name,
        artifact_location=found.artifact_location or "",
        created_at=found.creation_time,
        updated_at=found.last_update_time,
        note=found.tags.get(NOTE_TAG, ""),
        is_deleted=found.lifecycle_stage == "deleted",
    )
