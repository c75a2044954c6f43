"""The runs of a store."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.run import JOB_TAG, DatasetInput, Run, RunDetail, RunPage, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.collector import collector_at_rest
from mlops_tui.services.failures import translated
from mlops_tui.services.logged_models import models_of_run
from mlops_tui.services.metric_value import restored
from mlops_tui.services.paging import every_page, token_text
from mlops_tui.services.store import client, ensure, exists

if TYPE_CHECKING:
    from mlflow import entities

MANY = 100
"""Runs named in one query."""

CONTEXT_TAG = "mlflow.data.context"

ACTIVE_ONLY, DELETED_ONLY, ALL = 1, 2, 3
"""MLflow's numbers for which lifecycles are looked at (``ViewType``)."""


@translated()
def search_runs(
    store: Store,
    experiment_id: str,
    *,
    server_filter: str = "",
    page_token: str = "",
    limit: int = 100,
    deleted: bool = False,
) -> RunPage:
    """Return a page of an experiment's active runs, or of its deleted ones, newest first.

    Raises ``InvalidInput`` in the server's own words when it does not understand the filter.
    """
    return search_runs_in(
        store,
        (experiment_id,),
        server_filter=server_filter,
        page_token=page_token,
        limit=limit,
        deleted=deleted,
    )


@translated()
def search_runs_in(
    store: Store,
    experiment_ids: Sequence[str],
    *,
    server_filter: str = "",
    page_token: str = "",
    limit: int = 100,
    deleted: bool = False,
) -> RunPage:
    """Return the same of several experiments, their runs in one order."""
    if not exists(store):
        return RunPage(())
    with collector_at_rest():
        found = client(store).search_runs(
            list(experiment_ids),
            server_filter,
            run_view_type=DELETED_ONLY if deleted else ACTIVE_ONLY,
            max_results=limit,
            page_token=page_token or None,
        )
        return RunPage(tuple(map(_run, found)), token_text(found))


@translated()
def read_runs(store: Store, experiment_id: str, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return these runs of an experiment as they are now, at most ``MANY`` of them."""
    listed = ", ".join(f"'{run_id}'" for run_id in run_ids[:MANY])
    return search_runs(store, experiment_id, server_filter=f"run_id IN ({listed})").runs


@translated()
def find_runs(
    store: Store, run_ids: Sequence[str], experiment_ids: Sequence[str]
) -> tuple[Run, ...]:
    """Return these runs of some experiments as they are now, deleted ones too, in their order.

    Those that are gone are left out.
    """
    if not exists(store):
        return ()
    known: dict[str, Run] = {}
    for start in range(0, len(run_ids), MANY):
        listed = ", ".join(f"'{run_id}'" for run_id in run_ids[start : start + MANY])
        with collector_at_rest():
            found = client(store).search_runs(
                list(experiment_ids), f"run_id IN ({listed})", run_view_type=ALL, max_results=MANY
            )
            known.update((run.info.run_id, _run(run)) for run in found)
    return tuple(known[run_id] for run_id in run_ids if run_id in known)


@translated()
def read_runs_anywhere(store: Store, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return these runs of any experiments, in this order, without those that are gone.

    A run tells its experiment, which is then asked for all of them: two calls per experiment.
    """
    if not exists(store):
        return ()
    found: dict[str, Run] = {}
    looked: set[str] = set()
    for run_id in run_ids:
        if run_id in looked:
            continue
        with suppress(NotFound), translated():
            run = _run(client(store).get_run(run_id))
            found[run_id] = run
            missing = [other for other in run_ids if other not in looked | {run_id}]
            for start in range(0, len(missing), MANY):
                piece = read_runs(store, run.experiment_id, missing[start : start + MANY])
                found |= {each.run_id: each for each in piece}
        looked |= {run_id, *found}
    return tuple(found[run_id] for run_id in dict.fromkeys(run_ids) if run_id in found)


@translated()
def get_run(store: Store, run_id: str) -> RunDetail:
    """Return one run with its data sets and models."""
    mlflow_client = client(store)
    found = mlflow_client.get_run(run_id)
    experiment = mlflow_client.get_experiment(found.info.experiment_id)
    inputs = found.inputs.dataset_inputs if found.inputs else []
    return RunDetail(
        run=_run(found),
        experiment_name=experiment.name,
        datasets=tuple(map(_dataset, inputs)),
        models=models_of_run(mlflow_client, found),
    )


def runs_of_job(store: Store, job_id: str) -> tuple[Run, ...]:
    """Return the runs that a job of ours created, whatever experiment it chose."""
    return tagged_runs(store, {JOB_TAG: job_id})


@translated()
def tagged_runs(store: Store, tags: Mapping[str, str]) -> tuple[Run, ...]:
    """Return the runs of all experiments that have these tags, of values without quotes."""
    if not exists(store):
        return ()
    mlflow_client = client(store)
    experiments = every_page(lambda token: mlflow_client.search_experiments(page_token=token))
    ids = [experiment.experiment_id for experiment in experiments]
    wanted = " AND ".join(f"tags.`{key}` = '{value}'" for key, value in tags.items())
    found = every_page(lambda token: mlflow_client.search_runs(ids, wanted, page_token=token))
    return tuple(map(_run, found))


@translated()
def terminate_run(store: Store, run_id: str, status: RunStatus) -> None:
    """Give a run its last status with the time of now as its end."""
    ensure(store)
    client(store).set_terminated(run_id, status.value)


def _run(found: "entities.Run") -> Run:
    info, data = found.info, found.data
    is_running = info.status == RunStatus.RUNNING
    return Run(
        run_id=info.run_id,
        experiment_id=info.experiment_id,
        name=info.run_name or "",
        status=RunStatus(info.status),
        started_at=info.start_time,
        # A resumed run keeps the end that it had before.
        ended_at=None if is_running else info.end_time,
        metrics={key: restored(value) for key, value in data.metrics.items()},
        params=dict(data.params),
        tags=dict(data.tags),
        user=info.user_id or "",
        artifact_uri=info.artifact_uri or "",
        is_deleted=info.lifecycle_stage == "deleted",
        last_metric_at=_last_metric_at(data) if is_running else None,
        datasets=_digests(found),
    )


def _digests(found: "entities.Run") -> dict[str, str]:
    inputs = found.inputs.dataset_inputs if found.inputs else []
    return {each.dataset.name: each.dataset.digest for each in inputs}


def _last_metric_at(data: "entities.RunData") -> int | None:
    """Return when the youngest of the last values was logged; it came along with them."""
    points = data._metric_objs  # noqa: SLF001 - the public mapping has no times
    return max((point.timestamp for point in points), default=None)


def _dataset(found: "entities.DatasetInput") -> DatasetInput:
    dataset = found.dataset
    tags = {tag.key: tag.value for tag in found.tags}
    return DatasetInput(
        name=dataset.name,
        digest=dataset.digest,
        source_type=dataset.source_type,
        source=dataset.source,
        context=tags.get(CONTEXT_TAG, ""),
        schema=dataset.schema or "",
        profile=dataset.profile or "",
    )
