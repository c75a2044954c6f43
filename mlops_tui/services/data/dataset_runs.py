"""The runs that were given a data set."""

from typing import TYPE_CHECKING

from mlops_tui.domain.data.dataset import DatasetRun, DatasetRuns, dataset_filter
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.paging import token_text
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client

if TYPE_CHECKING:
    from mlflow import entities

MOST = 100
"""Runs that are returned."""

PAGES = 5
"""Pages that are asked for, where the filter lets other runs through."""


@translated()
def runs_of_dataset(store: Store, name: str, digest: str) -> DatasetRuns:
    """Return the newest ``MOST`` active runs of all active experiments that were given it.

    The same data set is one of the same name with the same digest, whatever its context.
    """
    names = {each.experiment_id: each.name for each in list_experiments(store)}
    if not names:
        return DatasetRuns(())
    found: list[DatasetRun] = []
    token: str | None = None
    for _ in range(PAGES):
        with gc_paused():
            page = client(store).search_runs(
                list(names), dataset_filter(name, digest), max_results=MOST, page_token=token
            )
            found += [_user(run, names) for run in page if _has(run, name, digest)]
        token = token_text(page)
        if not token or len(found) >= MOST:
            break
    return DatasetRuns(tuple(found[:MOST]), is_all=not token and len(found) <= MOST)


def _has(run: "entities.Run", name: str, digest: str) -> bool:
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return any((each.dataset.name, each.dataset.digest) == (name, digest) for each in inputs)


def _user(run: "entities.Run", experiments: dict[str, str]) -> DatasetRun:
    info = run.info
    return DatasetRun(
        run_id=info.run_id,
        name=info.run_name or "",
        experiment_name=experiments.get(info.experiment_id, ""),
        status=RunStatus(info.status),
        started_at=info.start_time,
    )
