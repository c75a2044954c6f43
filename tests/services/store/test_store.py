"""The connection to a store, good or broken."""

import importlib.metadata
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from mlflow.exceptions import MlflowException

from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError, Unreachable
from mlops_tui.domain.store import Store, sqlite_uri
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.metrics.metrics import read_history
from mlops_tui.services.models.registry import list_models, list_versions
from mlops_tui.services.runs.runs import runs_of_job, search_runs
from mlops_tui.services.store import sqlite_file
from mlops_tui.services.store import store as stores
from tests.making import make_experiment
from tests.mlflow_version import before
from tests.patience import PATIENCE
from tests.ports import free_port

Serve = Callable[[Callable[[str], tuple[int, str] | None]], str]


def path_of(store: Store) -> Path:
    path = store.sqlite_path
    assert path is not None
    return path


def test_reading_where_no_store_is_yields_nothing_and_creates_nothing(
    store: Store, tmp_path: Path
) -> None:
    assert not stores.exists(store)
    assert list_experiments(store) == ()
    assert search_runs(store, "0").runs == ()
    assert runs_of_job(store, "j1") == ()
    assert list_models(store) == ()
    assert list_versions(store, "m") == ()
    assert read_history(store, "r", "accuracy").values == ()
    with pytest.raises(NotFound, match="no store yet"):
        stores.client(store)
    assert list(tmp_path.iterdir()) == []


def test_the_first_write_creates_the_store_with_artifacts_beside_it(
    store: Store, tmp_path: Path
) -> None:
    stores.ensure(store)
    assert stores.exists(store)
    (default,) = list_experiments(store)
    assert default.artifact_location == str(tmp_path / "mlruns" / "0")
    assert stores.artifact_root(store) == tmp_path / "mlruns"
    assert [path.name for path in tmp_path.iterdir()] == ["mlflow.db"]


def test_creating_twice_keeps_what_is_there(sqlite_store: Store) -> None:
    make_experiment(sqlite_store, "kept")
    stores.ensure(sqlite_store)
    assert "kept" in {one.name for one in list_experiments(sqlite_store)}


def test_two_processes_may_create_the_store_at_once(store: Store) -> None:
    code = (
        "import sys; from mlops_tui.domain.store import Store; "
        "from mlops_tui.services.store import store; "
        "store.prepare_environment(); store.ensure(Store(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, store.tracking_uri]
    children = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    for child in children:
        _, errors = child.communicate(timeout=PATIENCE)
        assert child.returncode == 0, errors.decode()
    assert [one.name for one in list_experiments(store)] == ["Default"]
    assert [path.name for path in path_of(store).parent.iterdir()] == ["mlflow.db"]


def test_two_threads_may_create_the_store_at_once_beside_what_was_left_of_another_try(
    store: Store,
) -> None:
    path = path_of(store)
    left = path.with_name(f".mlflow.db.{os.getpid()}")
    left.touch()
    with ThreadPoolExecutor(2) as threads:
        for made in [threads.submit(sqlite_file.create, path, path.parent) for _ in range(2)]:
            made.result()
    assert [one.name for one in list_experiments(store)] == ["Default"]
    assert {each.name for each in path.parent.iterdir()} == {"mlflow.db", left.name}


def test_a_store_finished_by_somebody_else_meanwhile_is_kept(
    store: Store, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(store)
    draft = path.with_name("draft")
    draft.write_text("ours")
    shutil.copyfile(empty_database, path)
    sqlite_file._give_name(draft, path)
    assert path.read_bytes() == empty_database.read_bytes()


def test_a_file_system_without_hard_links_will_do(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    stores.ensure(store)
    assert [path.name for path in path_of(store).parent.iterdir()] == ["mlflow.db"]
    assert [one.name for one in list_experiments(store)] == ["Default"]


def test_an_empty_file_counts_as_no_store(store: Store) -> None:
    path_of(store).touch()
    assert not stores.exists(store)
    assert list_experiments(store) == ()
    assert path_of(store).stat().st_size == 0
    stores.ensure(store)
    assert stores.exists(store)


def test_a_folder_that_refuses_the_store_is_named(store: Store, tmp_path: Path) -> None:
    blocked = Store(f"sqlite:///{tmp_path / 'file' / 'mlflow.db'}")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ServiceError, match=r"Cannot read or write .*file"):
        stores.ensure(blocked)


def test_a_relative_path_means_the_working_directory_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    relative = Store("sqlite:///here.db")
    stores.ensure(relative)
    assert (tmp_path / "here.db").exists()
    assert stores.client(relative).tracking_uri == f"sqlite:///{tmp_path / 'here.db'}"


def test_the_fingerprint_changes_with_a_write_and_only_then(sqlite_store: Store) -> None:
    list_experiments(sqlite_store)
    before = stores.fingerprint(sqlite_store)
    list_experiments(sqlite_store)
    assert stores.fingerprint(sqlite_store) == before
    make_experiment(sqlite_store)
    assert stores.fingerprint(sqlite_store) != before


def test_the_fingerprint_of_a_server_is_unknown(store: Store) -> None:
    assert stores.fingerprint(Store("http://127.0.0.1:5000")) is None
    assert stores.fingerprint(Store(store.tracking_uri, "http://127.0.0.1:5000")) is None
    assert stores.fingerprint(store) == ""


def test_a_registry_of_its_own_is_created_by_the_first_write_too(
    sqlite_store: Store, tmp_path: Path
) -> None:
    both = Store(sqlite_store.tracking_uri, f"sqlite:///{tmp_path / 'models.db'}")
    assert list_models(both) == ()
    assert stores.check(both).ok
    assert not (tmp_path / "models.db").exists()
    stores.ensure(both)
    stores.client(both).create_registered_model("m")
    assert [model.name for model in list_models(both)] == ["m"]
    assert list_models(sqlite_store) == ()


def test_of_a_missing_store_with_a_registry_of_its_own_the_right_file_is_named(
    sqlite_store: Store, tmp_path: Path
) -> None:
    stores.client(sqlite_store).create_registered_model("m")
    missing = tmp_path / "elsewhere" / "runs.db"
    both = Store(f"sqlite:///{missing}", sqlite_store.tracking_uri)
    found = stores.check(both)
    assert (found.ok, found.exists) == (True, False)
    assert found.sentence == f"{missing} does not exist yet."
    assert [model.name for model in list_models(both)] == ["m"]
    assert not missing.parent.exists()

    dead = Store(f"sqlite:///{missing}", f"http://127.0.0.1:{free_port()}")
    assert "Nothing listens at" in stores.check(dead).sentence


def test_tables_that_are_empty_are_given_an_experiment_by_a_write_only(
    sqlite_store: Store,
) -> None:
    path = path_of(sqlite_store)

    def rows() -> int:
        with closing(sqlite3.connect(path)) as connection, connection:
            return len(connection.execute("SELECT 1 FROM experiments").fetchall())

    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM experiments")
    assert list_experiments(sqlite_store) == ()
    assert list_models(sqlite_store) == ()
    assert stores.check(sqlite_store).ok
    assert rows() == 0
    stores.ensure(sqlite_store)
    assert rows() == 1


def test_the_client_in_use_is_the_global_one_too(sqlite_store: Store, tmp_path: Path) -> None:
    import mlflow

    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    shutil.copyfile(path_of(sqlite_store), tmp_path / "other.db")
    for used in (sqlite_store, other, sqlite_store):
        stores.client(used)
        assert mlflow.get_tracking_uri() == used.tracking_uri
        assert mlflow.get_registry_uri() == used.tracking_uri


def test_a_store_deleted_meanwhile_is_read_anew(sqlite_store: Store, empty_database: Path) -> None:
    make_experiment(sqlite_store, "old")
    assert len(list_experiments(sqlite_store)) == 2
    path_of(sqlite_store).unlink()
    assert list_experiments(sqlite_store) == ()
    shutil.copyfile(empty_database, path_of(sqlite_store))
    assert [one.name for one in list_experiments(sqlite_store)] == ["Default"]


def test_a_database_that_does_not_open_is_not_tried_for_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(sqlite_file, "check_file", lambda _path: None)
    monkeypatch.setattr(time, "sleep", waits.append)
    with pytest.raises(Unreachable, match="unable to open database file"):
        list_experiments(Store(f"sqlite:///{tmp_path}"))
    assert len(waits) <= 1


def test_a_persons_own_settings_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "4")
    monkeypatch.delenv("MLFLOW_LOGGING_LEVEL")
    stores.prepare_environment()
    assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "4"
    assert os.environ["MLFLOW_LOGGING_LEVEL"] == "ERROR"


def test_a_pool_that_a_person_set_up_is_kept(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_SQLALCHEMYSTORE_POOLCLASS")
    monkeypatch.setenv("MLFLOW_SQLALCHEMYSTORE_POOL_SIZE", "3")
    stores.prepare_environment()
    assert stores.check(sqlite_store).ok


def test_a_good_store_checks_out(sqlite_store: Store) -> None:
    found = stores.check(sqlite_store)
    assert (found.ok, found.exists) == (True, True)
    assert found.mlflow_version.startswith("3.")
    assert found.sentence == f"{sqlite_store.tracking_uri} answers."


def test_a_missing_store_checks_out_and_stays_missing(store: Store, tmp_path: Path) -> None:
    found = stores.check(store)
    assert (found.ok, found.exists) == (True, False)
    assert found.sentence == f"{tmp_path / 'mlflow.db'} does not exist yet."
    assert list(tmp_path.iterdir()) == []


def test_a_missing_store_that_may_not_be_created_is_no_good(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = stores.check(store)
    assert (found.ok, found.exists) == (False, False)
    assert "nor may it be created" in found.sentence


def test_a_missing_mlflow_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import PackageNotFoundError

    def missing(_name: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert stores.check(store).mlflow_version == ""


def says(uri: str) -> tuple[str, str]:
    found = stores.check(Store(uri))
    assert not found.ok
    return found.sentence, found.hint


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("no database")
    sentence, _ = says(f"sqlite:///{tmp_path / 'notes.db'}")
    assert sentence == f"{tmp_path / 'notes.db'} is no SQLite database."


def test_a_folder_in_place_of_a_database_is_told_at_once(tmp_path: Path) -> None:
    sentence, _ = says(f"sqlite:///{tmp_path}")
    assert sentence == f"{tmp_path} is a folder, not a database."


def test_an_unreadable_file_is_told(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(ServiceError) as caught:
            sqlite_file.check_file(path_of(sqlite_store))
    assert caught.value.message == f"Cannot read {path_of(sqlite_store)}: Permission denied."


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "songs.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = path.read_bytes()
    sentence, _ = says(f"sqlite:///{path}")
    assert sentence == f"{path} is an SQLite database, but not one of MLflow's."
    assert path.read_bytes() == before


def test_an_older_schema_is_told_and_not_migrated(sqlite_store: Store) -> None:
    path = path_of(sqlite_store)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'acf3f17fdcc7'")
        connection.execute("DROP TABLE trace_info")
    before = path.read_bytes()
    sentence, hint = says(sqlite_store.tracking_uri)
    assert "schema of another MLflow (acf3f17fdcc7" in sentence
    assert hint == f"Back it up, then run `mlflow db upgrade sqlite:///{path}`."
    assert path.read_bytes() == before


def test_a_damaged_database_is_told(sqlite_store: Store) -> None:
    path = path_of(sqlite_store)
    path.write_bytes(sqlite_file.MAGIC + b"x" * 5000)
    sentence, _ = says(sqlite_store.tracking_uri)
    assert sentence == "The file is no SQLite database."


@pytest.mark.skipif(before("3.13"), reason="MLflow opens file stores")
def test_a_file_store_is_told_with_both_ways_out(tmp_path: Path) -> None:
    sentence, hint = says(str(tmp_path / "mlruns"))
    assert sentence == "This is a file store, which MLflow no longer opens."
    assert "mlflow migrate-filestore" in hint
    assert "MLFLOW_ALLOW_FILE_STORE=true" in hint


def test_a_file_store_that_is_allowed_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    allowed = Store(f"file://{tmp_path / 'mlruns'}")
    assert stores.check(allowed).ok
    client = stores.client(allowed)
    run_id = client.create_run("0").info.run_id
    client.log_metric(run_id, "loss", 0.5)
    assert read_history(allowed, run_id, "loss").values == (0.5,)


@pytest.mark.parametrize(
    ("uri", "driver", "remedy"),
    [
        ("postgresql+psycopg://me:secret@db.example/m", "psycopg", "'mlops-tui[postgres]'"),
        ("postgresql+psycopg2://me:secret@db.example/m", "psycopg2", "'mlops-tui[postgres]'"),
        ("mysql+pymysql://me:secret@db.example/m", "pymysql", "'mlops-tui[mysql]'"),
        ("mysql://me:secret@db.example/m", "MySQLdb", "mysql+pymysql://"),
    ],
)
def test_a_missing_driver_is_told_without_the_password(
    uri: str, driver: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    sentence, hint = says(uri)
    assert sentence == f"The database driver {driver} is not installed."
    assert hint.startswith("Install it beside mlops-tui: pip install ")
    assert remedy in hint
    assert "secret" not in sentence + hint


def test_an_address_without_scheme_is_asked_back() -> None:
    assert says("127.0.0.1:5000") == (
        "The tracking URI '127.0.0.1:5000' has no scheme.",
        "Did you mean http://127.0.0.1:5000?",
    )


def test_a_scheme_that_mlflow_does_not_know_is_told() -> None:
    sentence, hint = says("htp://me:secret@127.0.0.1:5000")
    assert sentence == "MLflow knows no store of the kind htp://."
    assert "http://" in hint


def test_a_server_that_is_down_is_told() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    sentence, hint = says(url)
    assert sentence == f"Nothing listens at {url}."
    assert "mlflow server" in hint
    with pytest.raises(Unreachable, match="Nothing listens"):
        list_experiments(Store(url))


def test_a_host_that_does_not_exist_is_told() -> None:
    sentence, _ = says("http://me:secret@nowhere.invalid:5000")
    assert sentence == "The host name of http://***@nowhere.invalid:5000 is not known."


def test_a_server_that_hangs_is_told(serve_answers: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    url = serve_answers(lambda _path: None)
    assert says(url)[0] == f"{url} did not answer in time."
    with pytest.raises(Unreachable, match="did not answer in time"):
        list_experiments(Store(url))


def test_a_server_that_fails_inside_is_told(
    serve_answers: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    url = serve_answers(lambda _path: (500, "oops"))
    assert says(url)[0] == f"{url} failed inside (HTTP 500)."
    with pytest.raises(Unreachable, match=r"failed inside \(HTTP 500\)"):
        list_experiments(Store(url))


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, "You are not authenticated.", "asks for a login"),
        (403, "Invalid Host header - possible attack", "refuses to be called by this host name"),
        (403, "Permission denied", "does not allow you this"),
        (404, "<html>not found</html>", "is no MLflow server"),
        (200, "<html>welcome</html>", "is no MLflow server"),
    ],
)
def test_a_healthy_server_that_refuses_says_why(
    serve_answers: Serve, status: int, body: str, sentence: str
) -> None:
    url = serve_answers(lambda path: (200, "OK") if path == "/health" else (status, body))
    assert sentence in says(url)[0]


def test_a_server_of_another_kind_is_told(serve_answers: Serve) -> None:
    url = serve_answers(lambda _path: (200, "<html>hello</html>"))
    assert says(url)[0] == f"{url} answers, but is no MLflow server."
    with pytest.raises(Unreachable, match="is no MLflow server"):
        list_experiments(Store(url))


def test_a_registry_address_is_looked_at_as_well(sqlite_store: Store) -> None:
    with pytest.raises(InvalidInput, match="no scheme"):
        stores.client(Store(sqlite_store.tracking_uri, "127.0.0.1:5000"))


@pytest.mark.slow
def test_a_real_server_checks_out_with_its_version(server_store: Store) -> None:
    found = stores.check(server_store)
    assert (found.ok, found.exists) == (True, True)
    assert found.server_version == found.mlflow_version
    assert stores.artifact_root(server_store) is None


def test_what_nobody_expected_is_not_dressed_up(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_values: object, **_options: object) -> None:
        raise AssertionError("a mistake of ours")

    monkeypatch.setattr(stores.client(sqlite_store), "search_experiments", broken)
    with pytest.raises(AssertionError, match="mistake"):
        list_experiments(sqlite_store)


def test_a_locked_database_is_told(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_values: object, **_options: object) -> None:
        raise MlflowException("(sqlite3.OperationalError) database is locked\n[SQL: SELECT 1]")

    monkeypatch.setattr(stores.client(sqlite_store), "search_experiments", locked)
    with pytest.raises(Unreachable, match="keeps the database locked"):
        list_experiments(sqlite_store)


@pytest.mark.skipif(
    importlib.metadata.version("sqlalchemy").startswith(sqlite_file.UNQUOTING),
    reason="this SQLAlchemy opens no such file",
)
def test_a_file_with_odd_signs_in_its_name_is_created_where_it_is_looked_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "100 % what?" / "a b.db"
    stores.ensure(Store(sqlite_uri(path)))
    assert path.is_file()
    assert stores.exists(Store(sqlite_uri(path)))


@pytest.mark.parametrize("name", ["100%.db", "what?.db"])
def test_a_file_that_an_older_sqlalchemy_cannot_open_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(sqlite_file, "UNQUOTING", ("2.",))
    store = Store(sqlite_uri(tmp_path / name))
    with pytest.raises(ServiceError, match=r"opens no file with % or \? in its path"):
        stores.ensure(store)
    assert "Rename it, or use SQLAlchemy" in stores.check(store).hint
    assert list(tmp_path.iterdir()) == []
