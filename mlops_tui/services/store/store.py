"""The connection to an MLflow store."""

import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import (
    InvalidInput,
    LoginMissing,
    NotFound,
    ServiceError,
    Unreachable,
)
from mlops_tui.domain.store import (
    Store,
    StoreCheck,
    absolute_uri,
    address_problem,
    is_database,
    is_http,
    sqlite_path,
)
from mlops_tui.services.limited_http import TooLateError, beginning, within
from mlops_tui.services.mlflow_internals import (
    ask_address,
    create_tables,
    fail_at_once,
    no_traces,
)
from mlops_tui.services.store import database, sqlite_file
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.http_failures import UNAUTHORIZED, from_status, not_mlflow

if TYPE_CHECKING:
    from mlflow import MlflowClient

QUIET_ENVIRONMENT = {
    # A dead server is reported at once, not after the four minutes of seven retries.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_DISABLE_AGENT_HINT": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "GIT_PYTHON_REFRESH": "quiet",
    # A kept connection would go on reading an SQLite file that was deleted or replaced.
    "MLFLOW_SQLALCHEMYSTORE_POOLCLASS": "NullPool",
}
"""What this process sets for itself. A training job wants MLflow's own patience with its words:
drop these names from its environment, unless a person had set them."""

POOL_SETTINGS = {"MLFLOW_SQLALCHEMYSTORE_POOL_SIZE", "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW"}

ARTIFACT_FOLDER = "mlruns"

PROBE_TIMEOUT = 5.0
"""Seconds after which a server that says nothing to a probe counts as hung."""

REACH_LIMIT = 60.0
"""Seconds after which a store that answers in drops counts as hung; MLflow counts each anew."""

PROBED = 4_096
"""Bytes of the answer to a probe that are read."""

OK = 200

_opening = threading.Lock()

_in_use: set[str] = set()
"""The tracking URIs in which an experiment was seen: MLflow adds none there by itself."""


def prepare_environment() -> None:
    """Set what quiets MLflow in this process, before it is imported; a person's own values stay."""
    for name, value in QUIET_ENVIRONMENT.items():
        # SQLAlchemy refuses the settings of a pool where there is none.
        if "POOL" not in name or not POOL_SETTINGS & os.environ.keys():
            os.environ.setdefault(name, value)


def client(store: Store) -> "MlflowClient":
    """Return MLflow's client of the store, which is also made MLflow's global one.

    MLflow's SQLite registry looks logged models up through the global client, whatever client
    it was called by.
    """
    tracking, registry = _uris(store)
    _check_addresses(store)
    if not exists(store):
        raise NotFound(f"There is no store yet at {store.label}.", "The first write creates it.")
    with _opening, translated():
        opened = _open(tracking, registry)
        _make_global(tracking, registry)
    return opened


def exists(store: Store) -> bool:
    """Return False for a file that is not there or a database without an experiment.

    Reading those yields nothing; MLflow would make its tables there, or an experiment of its own.
    """
    uri = _uris(store)[0]
    if not _is_there(uri):
        return False
    if uri not in _in_use:
        if not _has_experiments(uri):
            return False
        _in_use.add(uri)
    return True


def registry_exists(store: Store) -> bool:
    """Return the same of the store's model registry."""
    return _is_there(_uris(store)[1])


def registry_client(store: Store) -> "MlflowClient | None":
    """Return a client that reads the model registry, None where there is nothing to read.

    A registry of its own may be there before any run is: it is read alone then.
    """
    if not registry_exists(store):
        return None
    if exists(store):
        return client(store)
    alone = Store(_uris(store)[1])
    return client(alone) if store.registry_uri and exists(alone) else None


def ensure(store: Store) -> None:
    """Create what is missing of the store. Every write calls this first."""
    _check_addresses(store)
    for uri in dict.fromkeys(_uris(store)):
        path = sqlite_path(uri)
        with _opening, translated():
            if path is not None and not sqlite_file.is_there(path):
                sqlite_file.create(path, path.parent / ARTIFACT_FOLDER)
            elif not _is_there(uri):
                _make_tables(store, uri)
    if not exists(store):
        with _opening, translated():
            _make_tables(store, _uris(store)[0])


def shared_root(store: Store) -> str:
    """Return where artifacts of a shared database lie; raises ``InvalidInput`` where none said."""
    if store.artifact_root:
        return store.artifact_root
    raise InvalidInput(
        f"Artifacts of experiments made in {store.label} would lie on this machine, where nobody "
        "else finds them.",
        "Set artifact_root in the config file to a place that all who use it reach: a folder, "
        "s3://…, gs://….",
    )


def _make_tables(store: Store, uri: str) -> None:
    """Let MLflow make its tables, with an experiment of its own."""
    path = sqlite_path(uri)
    root = str(path.parent / ARTIFACT_FOLDER) if path else shared_root(store)
    if not create_tables(uri, root):
        _open(*_uris(store))


def artifact_root(store: Store) -> Path | None:
    """Return the folder for artifacts beside an SQLite store, None where the server decides.

    MLflow puts the artifacts of a new experiment below ``mlruns`` in the working directory of the
    process that creates it. A child that runs in this folder's parent therefore does the same as
    ``mlflow`` called there by hand.
    """
    path = sqlite_path(_uris(store)[0])
    return None if path is None else path.parent / ARTIFACT_FOLDER


def fingerprint(store: Store) -> str | None:
    """Return a text that differs after every write, None where only asking would tell."""
    paths = [sqlite_path(uri) for uri in dict.fromkeys(_uris(store))]
    stamps = [sqlite_file.stamp(path) for path in paths if path is not None]
    return "|".join(stamps) if len(stamps) == len(paths) else None


def reach(store: Store) -> None:
    """Put the smallest questions to store and registry; raises ``ServiceError`` in time."""
    try:
        within(REACH_LIMIT, lambda: _reach(store))
    except TooLateError:
        raise _late(store) from None


def _late(store: Store) -> Unreachable:
    return Unreachable(f"{store.label} did not answer in time.", "Look at its log.")


def _reach(store: Store) -> None:
    opened = client(store)
    with translated():
        opened.search_experiments(max_results=1)
    _reach_registry(registry_client(store))


def _reach_registry(reader: "MlflowClient | None") -> None:
    if reader is not None:
        with translated():
            reader.search_registered_models(max_results=1)


def prove(store: Store) -> None:
    """Raise ``ServiceError`` where the store cannot be used; one that is still to be made can."""
    _check_addresses(store)
    if exists(store):
        if is_http(store.tracking_uri):
            probe(store.tracking_uri)
        reach(store)
        return
    _reach_registry(registry_client(store))
    found = _check_missing(store, "")
    if not found.ok:
        raise NotFound(found.sentence, found.hint)


def check(store: Store) -> StoreCheck:
    """Find out whether the store answers, with one sentence for a person either way."""
    installed = _installed_mlflow()
    try:
        _check_addresses(store)
        if not exists(store):
            _reach_registry(registry_client(store))
            return _check_missing(store, installed)
        served = probe(store.tracking_uri) if is_http(store.tracking_uri) else ""
        reach(store)
    except ServiceError as failure:
        return StoreCheck(
            ok=False,
            exists=True,
            sentence=failure.message,
            hint=failure.hint,
            mlflow_version=installed,
        )
    return StoreCheck(
        ok=True,
        exists=True,
        sentence=f"{store.title} answers.",
        mlflow_version=installed,
        server_version=served,
    )


def _uris(store: Store) -> tuple[str, str]:
    """Return tracking and registry URI, an SQLite path made absolute."""
    tracking = absolute(store.tracking_uri)
    return tracking, absolute(store.registry_uri) if store.registry_uri else tracking


def absolute(uri: str) -> str:
    """Return an address that means the same in every folder; one that makes no sense as it is."""
    return uri if address_problem(uri) else absolute_uri(uri)


def _has_experiments(uri: str) -> bool:
    path = sqlite_path(uri)
    if path is not None:
        return sqlite_file.has_experiments(path)
    return not is_database(uri) or database.has_experiments(uri)


def _is_there(uri: str) -> bool:
    uri = absolute(uri)
    if is_database(uri):
        return database.is_there(uri, sqlite_file.needed_schema())
    path = sqlite_path(uri)
    return path is None or sqlite_file.is_there(path)


def _check_addresses(store: Store) -> None:
    for uri in _uris(store):
        problem = address_problem(uri)
        if problem is not None:
            raise problem
        if (path := sqlite_path(uri)) is not None:
            sqlite_file.check_name(path)


@lru_cache(maxsize=8)
def _open(tracking_uri: str, registry_uri: str) -> "MlflowClient":
    for path in map(sqlite_path, (tracking_uri, registry_uri)):
        if path is not None and sqlite_file.is_there(path):
            sqlite_file.check_file(path)
    from mlflow import MlflowClient

    fail_at_once()
    with no_traces(Path(ARTIFACT_FOLDER)):
        return MlflowClient(tracking_uri, registry_uri)


def _make_global(tracking_uri: str, registry_uri: str) -> None:
    import mlflow

    if (mlflow.get_tracking_uri(), mlflow.get_registry_uri()) != (tracking_uri, registry_uri):
        mlflow.set_tracking_uri(tracking_uri)
        mlflow.set_registry_uri(registry_uri)


def _installed_mlflow() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("mlflow")
    except PackageNotFoundError:
        return ""


def _check_missing(store: Store, installed: str) -> StoreCheck:
    path = sqlite_path(_uris(store)[0])
    if path is None:
        return _check_empty(store, installed)
    folder = next(parent for parent in path.parents if parent.exists())
    ok = os.access(folder, os.W_OK)
    return StoreCheck(
        ok=ok,
        exists=False,
        sentence=f"{path} does not exist yet."
        if ok
        else f"{path} does not exist, nor may it be created.",
        hint="The first write creates it." if ok else f"Make {folder} writable.",
        mlflow_version=installed,
    )


def _check_empty(store: Store, installed: str) -> StoreCheck:
    hint = "The first write makes MLflow's tables."
    if not store.artifact_root:
        hint = "Before the first write, set artifact_root: where the artifacts are to lie."
    return StoreCheck(
        ok=True,
        exists=False,
        sentence=f"{store.title} answers, but has no MLflow tables yet.",
        hint=hint,
        mlflow_version=installed,
    )


def probe(uri: str, *, anonymous: bool = False) -> str:
    """Ask an MLflow server for its health, return its version (empty where it wants a login).

    An ``anonymous`` question sends no login, and raises ``LoginMissing`` where one is wanted.
    """
    timeout = min(PROBE_TIMEOUT, float(os.environ.get("MLFLOW_HTTP_REQUEST_TIMEOUT", "120")))
    server = Store(uri).label
    with translated():
        health = _said(uri, "/health", timeout, anonymous=anonymous)
        if health is None:
            return ""
        status, words = health
        if status != OK:
            raise from_status(server, status, words)
        if words.strip() != "OK":
            raise not_mlflow(server)
        version = _said(uri, "/version", timeout, anonymous=anonymous)
        if anonymous and version and version[0] == UNAUTHORIZED:
            raise LoginMissing(f"{server} asks for a login.")
    return version[1].strip()[:40] if version and version[0] == OK else ""


def _said(
    uri: str, path: str, timeout: float, *, anonymous: bool = False
) -> tuple[int, str] | None:
    """Return status and beginning of an answer, None where MLflow cannot be asked for it."""

    def ask() -> tuple[int, str] | None:
        answer = ask_address(uri, path, timeout, anonymous=anonymous)
        return None if answer is None else (answer.status_code, beginning(answer, PROBED))

    try:
        return within(2 * timeout, ask)
    except TooLateError:
        raise _late(Store(uri)) from None
