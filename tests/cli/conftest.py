"""The command as scripts run it, on a store with something in it."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mlops_tui import cli
from mlops_tui.domain.store import Store
from tests import detached
from tests.making import log_model, make_experiment, make_run


class Done(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        """What it printed as JSON."""
        return json.loads(self.stdout)


Command = Callable[..., Done]


@pytest.fixture(scope="session")
def filled_store(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Store:
    """Return a store with two experiments, which no test of the command changes."""
    path = tmp_path_factory.mktemp("filled") / "mlflow.db"
    shutil.copyfile(empty_database, path)
    store = Store(f"sqlite:///{path}")
    flowers = make_experiment(store, "Flowers")
    for name, optimizer, accuracy in (
        ("first", "adam", [0.1, 0.9, 0.5]),
        ("second", "sgd", [0.25]),
        ("third", "adam", [float("nan")]),
        ("\x1b[31mfourth", "rmsprop", [0.75]),
    ):
        make_run(
            store,
            flowers,
            name=name,
            params={"optimizer": optimizer, "depth": 5},
            metrics={"accuracy": accuracy},
            tags={"team": "vision"} if name == "first" else {},
        )
    make_run(
        store, make_experiment(store, "Stones"), name="long", metrics={"loss": list(range(50))}
    )
    return store


@pytest.fixture
def environ(filled_store: Store, tmp_path: Path) -> dict[str, str]:
    """What a command of its own process is given: a home of its own, the store."""
    return {
        "HOME": str(tmp_path / "home"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "MLFLOW_TRACKING_URI": filled_store.tracking_uri,
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE")},
    }


@pytest.fixture
def command(
    filled_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Return what runs the command in an empty directory, in this process: MLflow is loaded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", filled_store.tracking_uri)

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        try:
            code = cli.main(arguments)
        except SystemExit as end:
            code = int(str(end.code))
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def program(
    sqlite_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Command]:
    """Return what runs a sub-command on a logged model, whose URI comes first, in a folder."""
    model = log_model(sqlite_store, make_run(sqlite_store))
    monkeypatch.chdir(tmp_path)
    where = ("--tracking-uri", sqlite_store.tracking_uri, "--state-dir", str(tmp_path / "state"))

    def run(name: str, *words: str) -> Done:
        capsys.readouterr()
        return Done(cli.main((name, model.uri, *words, *where)), *capsys.readouterr())

    with detached.nothing_left_behind():
        yield run
