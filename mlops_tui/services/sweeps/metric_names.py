"""The metrics that a program is likely to log."""

from collections import Counter
from collections.abc import Iterable

from mlops_tui.domain.jobs.job_spec import target_of
from mlops_tui.domain.jobs.launchable import Target
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.sweeps.sweep_plan import SWEEP_TAG
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.jobs import jobs
from mlops_tui.services.jobs.forms import LaunchContext
from mlops_tui.services.runs.runs import search_runs_in
from mlops_tui.services.worker.calls import LONG, may_take

RUNS = 200
"""How many runs are looked at, the newest ones."""

OF_THE_MACHINE = "system/"
"""Before the names of what MLflow logs of the machine's load."""


@may_take(LONG)
def likely_metrics(context: LaunchContext, target: Target) -> tuple[str, ...]:
    """Return the metrics of the newest runs, those of the target's before the store's others."""
    ids = [experiment.experiment_id for experiment in list_experiments(context.store)]
    found = search_runs_in(context.store, ids, limit=RUNS).runs if ids else ()
    runs = [run for run in found if SWEEP_TAG not in run.tags]
    known = jobs.list_jobs(context.state_dir)
    own = {job.process_id for job in known if target_of(job.details) == target}
    first = [
        run
        for run in runs
        if run.job_id in own or run.tags.get("mlflow.source.name") == target.name
    ]
    return tuple(dict.fromkeys([*_by_count(first), *_by_count(runs)]))


def _by_count(runs: Iterable[Run]) -> list[str]:
    counts = Counter(name for run in runs for name in sorted(run.metrics))
    return [name for name, _ in counts.most_common() if not name.startswith(OF_THE_MACHINE)]
