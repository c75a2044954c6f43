"""What a metric depends on over all the runs of a view, in the service process that holds them."""

from dataclasses import dataclass, replace

from mlops_tui.domain.compare.importance import Estimate, importances
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run_filter import parse, passes
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.run_reading import read_rest, refresh
from mlops_tui.services.runs.run_memory import lock, remembered
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import LONG, may_take


@dataclass(frozen=True, slots=True)
class ViewedRuns:
    """The runs of an experiment that pass the filter of a view and are not hidden there."""

    source: RunSource
    view: RunView


@may_take(LONG)
@translated()
def estimate(store: Store, viewed: ViewedRuns, metric: str, direction: Direction) -> Estimate:
    """Return what the metric depends on, over all finished runs of a view that can be read."""
    source, view = viewed.source, viewed.view
    known = remembered(store, source)
    if not known.is_loaded:
        refresh(store, source)
    read_rest(store, source)
    test = passes(parse(view.words)) if view.words.strip() else None
    with lock:
        runs, is_whole = list(known.runs), not known.next_token
    chosen = [run for run in runs if run.run_id not in view.hidden and (not test or test(run))]
    return replace(importances(chosen, metric, direction), is_whole=is_whole)
