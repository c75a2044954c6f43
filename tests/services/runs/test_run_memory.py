"""The runs that are kept in the service process."""

import pytest

from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView
from mlops_tui.domain.runs.run_edit import NAME, RunEdit
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.run_arrangement import arrange
from mlops_tui.services.experiments.run_reading import refresh
from mlops_tui.services.runs import run_memory
from mlops_tui.services.runs.run_edits import edit_runs
from tests.arranging import names
from tests.making import make_experiment, make_run

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_an_edit_is_known_at_once_wherever_the_run_is(sqlite_store: Store) -> None:
    experiment = make_experiment(sqlite_store)
    run_id = make_run(sqlite_store, experiment, name="before")
    source = RunSource(experiment)
    refresh(sqlite_store, source)
    edit_runs(sqlite_store, [RunEdit(run_id, experiment, "before", NAME, "before", "after")])
    assert names(arrange(sqlite_store, source, RunView())) == ["after"]


def test_the_source_seen_longest_ago_is_forgotten_then_read_anew(sqlite_store: Store) -> None:
    sources = [RunSource(make_experiment(sqlite_store)) for _ in range(run_memory.MOST_SOURCES + 1)]
    for source in sources:
        make_run(sqlite_store, source.experiment_id)
    first, second, *others = sources
    for source in (first, second, *others[:-1], first, others[-1]):
        refresh(sqlite_store, source)

    def known(source: RunSource) -> int:
        return arrange(sqlite_store, source, RunView()).known

    assert [known(source) for source in (first, *others, second)] == [1] * len(others) + [1, 0]
    refresh(sqlite_store, second)
    assert known(second) == 1
