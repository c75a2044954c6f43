"""What a metric depends on over all the runs of a view."""

import pytest

from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.store import Store
from mlops_tui.services.compare.run_importance import ViewedRuns, estimate
from tests.making import make_experiment, make_run

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_all_finished_runs_that_pass_the_filter_count_though_nothing_was_read(
    any_store: Store,
) -> None:
    experiment = make_experiment(any_store)
    made = [
        make_run(
            any_store,
            experiment,
            name=f"run {number}",
            params={"lr": number, "opt": "adam" if number else "sgd"},
            metrics={"loss": float(number)},
            status="FAILED" if number == 7 else "FINISHED",
        )
        for number in range(8)
    ]
    view = RunView(words="opt=adam", hidden=frozenset(made[1:2]))
    found = estimate(any_store, ViewedRuns(RunSource(experiment), view), "loss", Direction.MIN)
    assert (found.runs, found.others, found.is_whole) == (5, 1, True)
    assert [(each.param, each.runs, each.share) for each in found.params] == [("lr", 5, 1.0)]
