"""A machine of its own for every test, with stores to use on it."""

import fcntl
import gc
import importlib
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import slurm_jobs
from mlops_tui.services.mlflow_internals import create_tables
from mlops_tui.services.store import sqlite_file
from mlops_tui.services.store.store import prepare_environment
from tests import postgres as postgresql
from tests import ssh_server
from tests.mlflow_server import MlflowServer
from tests.postgres import Postgres
from tests.slurm_cluster import cluster, why_not
from tests.unmeasured import measured_as_needed, not_measuring

# Before a test module imports MLflow, which reads some of it once.
prepare_environment()

# How long examples take to make says how crowded the machine is.
settings.register_profile("suite", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("suite")

# Whoever runs the tests may ignore hang-ups, as nohup does; what is under test must not inherit it.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
# So may a shell that starts them in the background, of interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)


GROUPS = (
    *(("slurm", "slurm"), ("strict_slurm", "strict_slurm")),
    *(("server_store", "server"), ("postgres", "postgres")),
)
"""Fixtures that start daemons, with the group of tests that shares them."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that need Slurm, or a server, in one process: it is started once."""
    for item in items:
        for fixture, group in GROUPS:
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(group))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Make what is not under test cheaper, and collect garbage more rarely.

    Widgets are made by the thousand: with Python's own limits, a tenth of a story's time went into
    looking for cycles among them.
    """
    for name in ("mlflow", "textual"):
        if name in sys.modules:
            importlib.import_module(f"tests.quick_{name}")
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Spare the time that coverage takes where it learns nothing."""
    with measured_as_needed(item.path.relative_to(Path(__file__).parent).as_posix()):
        return (yield)


@pytest.fixture(autouse=True)
def own_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the developer's settings out of a test, and what a test sets out of the next one."""
    saved = dict(os.environ)
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("MLFLOW_", "XDG_", "MLOPS_TUI"))]:
        del os.environ[name]
    os.environ["HOME"] = str(home)
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    prepare_environment()
    yield
    os.environ.clear()
    os.environ.update(saved)
    forget_experiment()


def forget_experiment() -> None:
    """Let MLflow forget the experiment that a test has set for its whole process."""
    fluent = sys.modules.get("mlflow.tracking.fluent")
    if fluent is not None:
        fluent._active_experiment_id = None  # type: ignore[attr-defined]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an SQLite store that does not exist yet."""
    return Store(f"sqlite:///{tmp_path / 'mlflow.db'}")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with MLflow's tables, to be copied: one is made for all workers."""
    importlib.import_module("tests.quick_mlflow")
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    path = shared / "template" / "mlflow.db"
    path.parent.mkdir(exist_ok=True)
    with (path.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            sqlite_file.create(path, path.parent / "mlruns")
    return path


@pytest.fixture
def sqlite_store(store: Store, empty_database: Path) -> Store:
    """Return an empty SQLite store."""
    path = store.sqlite_path
    assert path is not None
    shutil.copyfile(empty_database, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        root = f"{path.parent}/mlruns/0"
        connection.execute("UPDATE experiments SET artifact_location = ?", (root,))
    return store


@pytest.fixture(scope="session")
def server_store(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Store]:
    """Return the store of a real MLflow server, shared by all tests that ask for it.

    Its database is a PostgreSQL where there is one.
    """
    folder = tmp_path_factory.mktemp("server")
    with ExitStack() as started:
        database: Path | str = empty_database
        if not postgresql.why_not():
            running = started.enter_context(postgresql.postgres())
            database = running.uri(running.create())
            assert create_tables(database, str(folder / "mlruns"))
        server = started.enter_context(MlflowServer(folder, database))
        yield server.store


@pytest.fixture
def bastion(
    own_machine: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ssh_server.SshServer]:
    """Return an SSH server that our ssh can log in to."""
    if reason := ssh_server.why_not():
        pytest.skip(reason)
    with ssh_server.SshServer(tmp_path_factory.mktemp("ssh")) as server:
        monkeypatch.setenv("PATH", f"{server.bin}:{os.environ['PATH']}")
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a PostgreSQL, shared by all tests that ask for it."""
    if reason := postgresql.why_not():
        pytest.skip(reason)
    with postgresql.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_store(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a PostgreSQL store that is opened directly, shared by all tests that ask for it."""
    root = tmp_path_factory.mktemp("postgres") / "mlruns"
    uri = postgres.uri(postgres.create())
    assert create_tables(uri, str(root))
    return Store(uri, artifact_root=str(root))


@pytest.fixture(scope="session")
def slurm_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the configuration of a real Slurm of one node, shared by all tests that ask for it."""
    if reason := why_not():
        pytest.skip(reason)
    with cluster(tmp_path_factory.mktemp("slurm")) as configuration:
        yield configuration


@pytest.fixture(scope="session")
def strict_slurm_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a Slurm that gives out memory, and leaves no time between SIGTERM and SIGKILL."""
    if reason := why_not():
        pytest.skip(reason)
    strict = {"SelectTypeParameters": "CR_Core_Memory", "DefMemPerNode": "100", "KillWait": "1"}
    with cluster(tmp_path_factory.mktemp("strict"), **strict) as configuration:
        yield configuration


@pytest.fixture
def strict_slurm(
    strict_slurm_cluster: Path, own_machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let Slurm's commands speak to the strict cluster, and be asked at every look."""
    monkeypatch.setenv("SLURM_CONF", str(strict_slurm_cluster))
    monkeypatch.setattr(slurm_jobs, "QUEUE_AGE", 0.0)


@pytest.fixture
def slurm(slurm_cluster: Path, own_machine: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let Slurm's commands speak to the cluster of the tests, and be asked at every look."""
    monkeypatch.setenv("SLURM_CONF", str(slurm_cluster))
    monkeypatch.setattr(slurm_jobs, "QUEUE_AGE", 0.0)
    return slurm_cluster


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("server", marks=[pytest.mark.xdist_group("server"), pytest.mark.slow]),
        pytest.param("postgres", marks=[pytest.mark.xdist_group("postgres"), pytest.mark.slow]),
    ]
)
def any_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Return an SQLite store, a real server's, a PostgreSQL's: all must behave alike.

    What the first one covers is not measured twice more.
    """
    found = request.getfixturevalue(f"{request.param}_store")
    assert isinstance(found, Store)
    with nullcontext() if request.param == "sqlite" else not_measuring():
        yield found
