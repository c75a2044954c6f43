"""Stores with something to look at."""

from pathlib import Path

import pytest

from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.runs import runs
from tests.making import log_model, make_experiment, make_run


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder without programs."""
    folder = tmp_path / "nothing-here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def three_runs(sqlite_store: Store) -> dict[str, str]:
    """Make three runs in the experiment "Flowers"; return name to run id, the newest last."""
    experiment = make_experiment(sqlite_store, "Flowers")
    return {
        name: make_run(
            sqlite_store,
            experiment,
            name=name,
            params={"depth": str(depth)},
            metrics={"accuracy": [accuracy - 0.1, accuracy]},
        )
        for name, depth, accuracy in (("shallow", 2, 0.7), ("middling", 5, 0.9), ("deep", 9, 0.8))
    }


@pytest.fixture
def modelled_run(sqlite_store: Store) -> str:
    """Make a run with a logged model in the experiment "Flowers"; return its id."""
    run_id = make_run(sqlite_store, make_experiment(sqlite_store, "Flowers"), name="with model")
    log_model(sqlite_store, run_id)
    return run_id


@pytest.fixture
def flowers(
    sqlite_store: Store, modelled_run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return the name of a registered model with one version; the story works in an own folder."""
    (model,) = runs.get_run(sqlite_store, modelled_run).models
    assert isinstance(model, LoggedModel)
    name = "[b]Flowers"
    registration.register(sqlite_store, name=name, model=model, run_id=modelled_run)
    monkeypatch.chdir(tmp_path)
    return name
