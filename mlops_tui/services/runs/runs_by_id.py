"""Runs whose ids are known."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.runs.mlflow_run import run_of
from mlops_tui.services.runs.runs import ALL, search_runs
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists

MANY = 100
"""Runs named in one query."""


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
        with gc_paused():
            found = client(store).search_runs(
                list(experiment_ids), f"run_id IN ({listed})", run_view_type=ALL, max_results=MANY
            )
            known.update((run.info.run_id, run_of(run)) for run in found)
    return tuple(known[run_id] for run_id in run_ids if run_id in known)


@translated()
def read_runs_anywhere(store: Store, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return these runs of any experiments, in this order, without those that are gone.

    A run tells its experiment, which is then asked for all of them: two calls per experiment,
    a third for its name where there are several.
    """
    if not exists(store):
        return ()
    found: dict[str, Run] = {}
    looked: set[str] = set()
    for run_id in run_ids:
        if run_id in looked:
            continue
        with suppress(NotFound), translated():
            run = run_of(client(store).get_run(run_id))
            found[run_id] = run
            missing = [other for other in run_ids if other not in looked | {run_id}]
            for start in range(0, len(missing), MANY):
                piece = read_runs(store, run.experiment_id, missing[start : start + MANY])
                found |= {each.run_id: each for each in piece}
        looked |= {run_id, *found}
    names = _experiment_names(store, {run.experiment_id for run in found.values()})
    return tuple(
        replace(found[run_id], experiment_name=names.get(found[run_id].experiment_id, ""))
        for run_id in dict.fromkeys(run_ids)
        if run_id in found
    )


def _experiment_names(store: Store, experiment_ids: AbstractSet[str]) -> dict[str, str]:
    """Return the names of experiments by their ids, where there is more than one."""
    if len(experiment_ids) < 2:  # noqa: PLR2004 - one needs no name to be told from others
        return {}
    return {each: client(store).get_experiment(each).name for each in experiment_ids}
