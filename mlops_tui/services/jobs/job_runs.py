"""The runs of a job, for somebody who watches it."""

from collections.abc import Iterator

from mlops_tui.domain.jobs.watched_runs import WatchedRuns
from mlops_tui.domain.processes.process import RUN, ProcessRecord
from mlops_tui.domain.runs.run import JOB_TAG, Run
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.trial_job import PARENT_TAG
from mlops_tui.services.experiments.newest_runs import EXPERIMENTS_AT_ONCE
from mlops_tui.services.processes.child_environment import absolute
from mlops_tui.services.runs.mlflow_run import run_of
from mlops_tui.services.runs.runs import search_runs_in
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists

MOST = 8
"""Runs that are watched at once: more curves on a small chart are hard to tell apart."""


@translated()
def watched_runs(store: Store, job: ProcessRecord) -> WatchedRuns:
    """Return the newest runs that a job made; else the run it was attached by, with those below."""
    from mlops_tui.services.experiments.experiments import list_experiments

    if not exists(store):
        return WatchedRuns()
    run_id = job.details.get(RUN, "")
    if run_id:
        run = run_of(client(store).get_run(run_id))
        below = _newest(store, [run.experiment_id], PARENT_TAG, run_id)
        return _watched([run, *below])
    if job.is_attached:
        return WatchedRuns()
    experiments = [each.experiment_id for each in list_experiments(store)]
    found = list(_newest(store, experiments, JOB_TAG, job.process_id))
    if not found and job.store != absolute(store).label:
        return WatchedRuns(are_elsewhere=True)
    return _watched(found)


def _watched(found: list[Run]) -> WatchedRuns:
    found.sort(key=lambda run: run.started_at or 0, reverse=True)
    return WatchedRuns(tuple(found[:MOST]), has_more=len(found) > MOST)


def _newest(store: Store, experiments: list[str], tag: str, value: str) -> Iterator[Run]:
    """Yield the newest runs that have the tag, and more than are wanted where there are more."""
    wanted = f"tags.`{tag}` = '{value}'"
    for start in range(0, len(experiments), EXPERIMENTS_AT_ONCE):
        piece = experiments[start : start + EXPERIMENTS_AT_ONCE]
        yield from search_runs_in(store, piece, server_filter=wanted, limit=MOST + 1).runs
