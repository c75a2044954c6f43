"""The runs that versions of a model came from."""

from collections.abc import Iterable, Sequence

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.paging import every_page
from mlops_tui.services.runs.mlflow_run import run_of
from mlops_tui.services.runs.runs import ALL
from mlops_tui.services.runs.runs_by_id import MANY, find_runs
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists

EXPERIMENTS_AT_ONCE = 2_000
"""Experiments named in one search; some databases take no more than 2,100 parameters."""


@translated()
def read_runs_of_versions(store: Store, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return these runs of any experiments, deleted ones too, without those that are gone.

    Each hundred costs two calls where they are of one experiment, else some more; never one a run.
    """
    if not exists(store):
        return ()
    found: dict[str, Run] = {}
    ids = [*dict.fromkeys(run_ids)]
    for start in range(0, len(ids), MANY):
        wanted = ids[start : start + MANY]
        likely = {run.experiment_id for run in found.values()} or _experiment_of(store, wanted[0])
        found |= _found(store, wanted, likely)
        if missing := [run_id for run_id in wanted if run_id not in found]:
            found |= _found(store, missing, _other_experiments(store, likely))
    return tuple(found[run_id] for run_id in ids if run_id in found)


def _experiment_of(store: Store, run_id: str) -> set[str]:
    try:
        with translated():
            return {run_of(client(store).get_run(run_id)).experiment_id}
    except NotFound:
        return set()


def _found(store: Store, run_ids: Sequence[str], experiments: Iterable[str]) -> dict[str, Run]:
    ids, runs = sorted(experiments), dict[str, Run]()
    for start in range(0, len(ids), EXPERIMENTS_AT_ONCE):
        piece = find_runs(store, run_ids, ids[start : start + EXPERIMENTS_AT_ONCE])
        runs |= {run.run_id: run for run in piece}
    return runs


def _other_experiments(store: Store, known: set[str]) -> set[str]:
    found = every_page(
        lambda token: client(store).search_experiments(view_type=ALL, page_token=token)
    )
    return {each.experiment_id for each in found} - known
