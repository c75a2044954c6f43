"""Workspaces: what is read beside MLflow's client keeps their bounds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.store import Store
from mlops_tui.services import mlflow_internals
from mlops_tui.services.experiments import run_reading
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.feed.feed import read_feed
from mlops_tui.services.metrics.metrics import read_history
from mlops_tui.services.runs.run_bulk import run_ids_of
from mlops_tui.services.runs.run_memory import forget, remembered
from mlops_tui.services.store import store as stores
from tests.making import make_experiment, make_run
from tests.mlflow_version import before

pytestmark = pytest.mark.skipif(before("3.10"), reason="MLflow knows workspaces from 3.10 on")


@pytest.fixture
def shared(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return a store with a workspace of another team; ours is the default one."""
    from mlflow import create_workspace, set_workspace

    monkeypatch.setenv("MLFLOW_ENABLE_WORKSPACES", "true")
    stores.client(sqlite_store)
    create_workspace("theirs")
    yield sqlite_store
    set_workspace(None)


def test_a_workspace_that_nobody_chose_is_asked_for(shared: Store) -> None:
    with pytest.raises(InvalidInput, match=r"none is chosen\. Set MLFLOW_WORKSPACE"):
        list_experiments(shared)


def test_nothing_of_another_workspace_is_read(
    shared: Store, tmp_path: Path, nothing_known: None
) -> None:
    from mlflow import set_workspace

    set_workspace("theirs")
    theirs = make_experiment(shared, "theirs")
    hidden = make_run(shared, theirs, name="hidden", metrics={"loss": [2.0, 1.0]})
    set_workspace("default")
    make_run(shared, make_experiment(shared, "ours"), name="ours")

    assert "theirs" not in {each.name for each in list_experiments(shared)}
    assert [one.run.name for one in read_feed(tmp_path, shared).entries] == ["ours"]
    assert run_ids_of(stores.client(shared), theirs) is None
    source = RunSource(theirs)
    run_reading.refresh(shared, source)
    run_reading.read_rest(shared, source)
    assert not list(remembered(shared, source).runs)
    with pytest.raises(NotFound):
        read_history(shared, hidden, "loss")
    assert mlflow_internals.losses(shared) == (mlflow_internals.WORKSPACES,)
    forget()
