"""What is private in MLflow: where it has changed, MlflowClient gives the same answers."""

import ast
import logging
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

import mlops_tui
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.store import Store
from mlops_tui.services import mlflow_internals
from mlops_tui.services.artifacts.artifact_fetcher import fetch
from mlops_tui.services.experiments import run_reading
from mlops_tui.services.experiments.best_values import best_values
from mlops_tui.services.experiments.newest_runs import newest_runs
from mlops_tui.services.metrics.metrics import read_history
from mlops_tui.services.models.model_info import inspect_model
from mlops_tui.services.runs import run_memory
from mlops_tui.services.store import sqlite_file
from mlops_tui.services.store import store as stores
from tests.making import log_model, make_experiment, make_run
from tests.mlflow_version import before

EXPECTED = (mlflow_internals.LOSSES["sampling"],) if before("3.5") else ()
"""What is slower with the release that is installed."""

PARTS = sorted(mlflow_internals.PROBES)

DATABASE = ("tables", "sampling", "points", "repositories")
"""The parts whose answers are compared on a database; of the others see below."""

SERVICES = Path(mlops_tui.__file__).parent / "services"


@pytest.fixture(autouse=True)
def probed_anew() -> Iterator[None]:
    """Forget what the probes found, before and after."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    for each in (mlflow_internals.works, mlflow_internals.tables, sqlite_file.needed_schema):
        each.cache_clear()


def _fail(monkeypatch: pytest.MonkeyPatch, *parts: str) -> None:
    def changed() -> None:
        raise AttributeError("MLflow has changed")

    for part in parts:
        monkeypatch.setitem(mlflow_internals.PROBES, part, changed)
    _forget()


def _answers(store: Store, experiment: str, run_id: str, model: str, folder: Path) -> list[object]:
    run_memory.forget()
    stores.client(store)
    source = RunSource(experiment)
    run_reading.refresh(store, source)
    run_reading.read_rest(store, source)
    known = run_memory.remembered(store, source)
    folder.mkdir()
    fetch(
        stores.client(store).get_run(run_id).info.artifact_uri, "n.txt", folder, store.tracking_uri
    )
    return [
        sorted(repr(run) for run in known.runs),
        [repr(one) for one in newest_runs(store, None).open if one.run.experiment_id == experiment],
        [one.run.run_id for one in newest_runs(store, None).ended][:2],
        best_values(store, [run_id], "loss"),
        read_history(store, run_id, "loss"),
        inspect_model(store, model),
        (folder / "n.txt").read_text(),
    ]


@pytest.mark.parametrize("failing", [*DATABASE, "all"])
def test_where_a_probe_fails_the_client_gives_the_same_answers(
    sqlite_store: Store, failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _compare(sqlite_store, failing, tmp_path, monkeypatch)


@pytest.mark.slow
def test_of_a_server_too(
    server_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _compare(server_store, "all", tmp_path, monkeypatch)


def _compare(store: Store, failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = make_experiment(store)
    run_id = make_run(store, experiment, metrics={"loss": [3.0, 1.0, 2.0]}, params={"lr": 1})
    make_run(store, experiment, metrics={"loss": [3.0, 1.0]}, status="RUNNING")
    stores.client(store).log_text(run_id, "hello", "n.txt")
    model = log_model(store, run_id).uri
    expected = _answers(store, experiment, run_id, model, tmp_path / "before")
    assert mlflow_internals.losses(store) == EXPECTED or store.sqlite_path is None

    _fail(monkeypatch, *(PARTS if failing == "all" else [failing]))
    assert _answers(store, experiment, run_id, model, tmp_path / "after") == expected
    told = mlflow_internals.losses(store)
    assert all(sentence in mlflow_internals.LOSSES.values() for sentence in told)
    if failing == "all":
        assert told


@pytest.mark.parametrize("failing", ["creation", "schema"])
def test_a_file_is_made_and_recognised_by_the_client_alone(
    store: Store, failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail(monkeypatch, failing)
    stores.ensure(store)
    experiment = stores.client(store).get_experiment("0")
    assert experiment.artifact_location == str(tmp_path / "mlruns" / "0")
    assert [path.name for path in tmp_path.iterdir()] == ["mlflow.db"]
    monkeypatch.setattr(sqlite_file, "needed_schema", lambda: "another")
    with pytest.raises(
        ServiceError, match=r"schema of another MLflow \(\w+, this one needs another"
    ):
        sqlite_file.check_file(tmp_path / "mlflow.db")


RENAMED = {
    "requests": "mlflow.utils.rest_utils.http_request",
    "repositories": "mlflow.store.artifact.artifact_repository_registry.get_artifact_repository",
    "retries": "mlflow.store.db.utils.MAX_RETRY_COUNT",
    "connections": "mlflow.store.db.utils.create_sqlalchemy_engine",
    "schema": "mlflow.store.db.utils._get_latest_schema_revision",
    "creation": "mlflow.store.tracking.sqlalchemy_store.SqlAlchemyStore",
}


@pytest.mark.parametrize("part", PARTS)
def test_a_renamed_thing_fails_its_probe_and_is_logged(
    part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if part == "sampling" and before("3.5"):
        pytest.skip("MLflow samples the histories of a database from 3.5 on")
    assert mlflow_internals.works(part)
    if part == "tables":
        monkeypatch.setitem(mlflow_internals.TABLES, "runs", ("run_uuid", "renamed"))
    elif part == "points":
        monkeypatch.setattr("mlflow.entities.RunData", SimpleNamespace)
    elif part == "sampling":
        monkeypatch.setattr(f"{RENAMED['creation']}.{mlflow_internals.SAMPLING}", lambda *_: None)
    else:
        monkeypatch.delattr(RENAMED[part])
    _forget()
    with caplog.at_level(logging.WARNING):
        assert not mlflow_internals.works(part)
    assert mlflow_internals.LOSSES[part] in caplog.text


def test_a_probe_that_fails_prints_nothing_on_the_terminal_of_a_sub_command() -> None:
    code = (
        "from mlops_tui.services import mlflow_internals as internals; "
        "internals.PROBES['points'] = lambda: 1 / 0; assert not internals.works('points')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


def test_no_other_module_knows_what_is_private_in_mlflow() -> None:
    for path in SERVICES.rglob("*.py"):
        if path.name == "mlflow_internals.py":
            continue
        tree = ast.parse(path.read_text())
        hinted = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            for inner in ast.walk(node)
        }
        imported = {
            node.module or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and id(node) not in hinted
        }
        assert not {name for name in imported if name.startswith(("mlflow.store", "mlflow.utils"))}
        text = path.read_text()
        assert not [word for word in ("_tracking_client", "_metric_objs", "SqlRun") if word in text]


def test_no_other_module_names_tables_of_mlflow() -> None:
    tables = "|".join((*mlflow_internals.TABLES, mlflow_internals.SCHEMA_TABLE))
    named = re.compile(rf"\b(FROM|JOIN|INTO|UPDATE) ({tables})\b")
    naming = {path.name for path in SERVICES.rglob("*.py") if named.search(path.read_text())}
    assert naming == {"mlflow_internals.py"}


def test_statements_for_sqlite_itself_need_only_columns_that_are_probed() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for name, columns in mlflow_internals.TABLES.items():
            quoted = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f"CREATE TABLE {name} ({quoted})")
        found = connection.execute(mlflow_internals.OPEN_RUN_OF, ("key", "value")).fetchall()
        found += connection.execute(mlflow_internals.ANY_EXPERIMENT).fetchall()
    assert found == []


def test_open_runs_are_looked_for_without_mlflow() -> None:
    code = "import sys, mlops_tui.services.runs.left_open; sys.exit('mlflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
