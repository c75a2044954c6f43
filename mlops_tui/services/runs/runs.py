"""The runs of a store."""

from collections.abc import Iterable, Mapping, Sequence
from time import time

from mlops_tui.domain.runs.run import (
    END_TAG,
    JOB_TAG,
    LAST_SIGN,
    Run,
    RunDetail,
    RunPage,
    RunStatus,
)
from mlops_tui.domain.runs.silence import assumed_end
from mlops_tui.domain.store import Store
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.models.logged_models import models_of_run
from mlops_tui.services.paging import every_page, token_text
from mlops_tui.services.runs.mlflow_run import dataset_of, run_of
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure, exists

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
def search_runs_in(  # noqa: PLR0913 - what MLflow's own search takes
    store: Store,
    experiment_ids: Sequence[str],
    *,
    server_filter: str = "",
    page_token: str = "",
    limit: int = 100,
    deleted: bool = False,
    order_by: Sequence[str] = (),
) -> RunPage:
    """Return the same of several experiments, in one order: newest first, or MLflow's words."""
    if not exists(store):
        return RunPage(())
    with gc_paused():
        found = client(store).search_runs(
            list(experiment_ids),
            server_filter,
            run_view_type=DELETED_ONLY if deleted else ACTIVE_ONLY,
            max_results=limit,
            order_by=list(order_by) or None,
            page_token=page_token or None,
        )
        return RunPage(tuple(map(run_of, found)), token_text(found))


@translated()
def get_run(store: Store, run_id: str) -> RunDetail:
    """Return one run with its data sets and models."""
    mlflow_client = client(store)
    found = mlflow_client.get_run(run_id)
    experiment = mlflow_client.get_experiment(found.info.experiment_id)
    inputs = found.inputs.dataset_inputs if found.inputs else []
    return RunDetail(
        run=run_of(found),
        experiment_name=experiment.name,
        datasets=tuple(map(dataset_of, inputs)),
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
    return tuple(map(run_of, found))


@translated()
def terminate_run(
    store: Store,
    run: Run,
    status: RunStatus,
    ended_at: int | None = None,
    heard_at: Iterable[int] = (),
) -> None:
    """Give an open run its last status, with the time when it ended where that was seen.

    Else its end is the last sign of its life, ``heard_at`` among them; a tag says so.
    """
    ensure(store)
    if ended_at is None:
        ended_at = assumed_end(run, int(time() * 1000), heard_at)
        client(store).set_tag(run.run_id, END_TAG, LAST_SIGN)
    client(store).set_terminated(run.run_id, status.value, max(ended_at, run.started_at or 0))
