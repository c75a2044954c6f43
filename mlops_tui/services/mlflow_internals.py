"""Every private name and table of MLflow that is used, each with a probe.

Where a probe fails, MLflow has changed there: MlflowClient then does the work, more slowly.
"""

import inspect
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from mlops_tui.domain.store import Store, is_http

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities
    from requests import Response

LOG = logging.getLogger(__name__)
# Where no log is kept, as in sub-commands, a probe that fails prints nothing on the terminal.
LOG.addHandler(logging.NullHandler())

TABLES = {
    "experiments": ("experiment_id", "name", "lifecycle_stage"),
    "experiment_tags": ("experiment_id", "key", "value"),
    "runs": (
        *("run_uuid", "experiment_id", "name", "status", "start_time", "end_time"),
        *("user_id", "artifact_uri", "lifecycle_stage"),
    ),
    "metrics": ("run_uuid", "key", "value", "step", "is_nan"),
    "latest_metrics": ("run_uuid", "key", "value", "is_nan", "timestamp", "step"),
    "params": ("run_uuid", "key", "value"),
    "tags": ("run_uuid", "key", "value"),
    "datasets": (
        *("dataset_uuid", "name", "digest"),
        *("dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile"),
    ),
    "inputs": ("input_uuid", "source_type", "source_id", "destination_type", "destination_id"),
    "input_tags": ("input_uuid", "name", "value"),
    "model_versions": ("name", "version", "run_id", "current_stage"),
}
"""The tables that are read, with those of their columns that are."""

ANY_EXPERIMENT = "SELECT 1 FROM experiments"
"""What only a database with MLflow's tables answers."""

OPEN_RUN_OF = """\
SELECT 1 FROM runs JOIN tags ON tags.run_uuid = runs.run_uuid
WHERE tags.key = ? AND tags.value = ? AND runs.status IN ('RUNNING', 'SCHEDULED') LIMIT 1
"""
"""Whether a run is open that has a tag, for SQLite itself: where that fails, MLflow is asked."""

SCHEMA_TABLE, SCHEMA_COLUMN = "alembic_version", "version_num"
"""Where a database says which release's tables it has."""

WORKSPACES = "Runs are read one by one, so that they are those of your workspace."

LOCAL = "http://localhost"

SAMPLING = "get_metric_history_bulk_interval"
SAMPLING_ENDPOINT = "/api/2.0/mlflow/metrics/get-history-bulk-interval"
"""What MLflow's own web page asks for the points of a chart."""


@cache
def works(part: str) -> bool:
    """Return whether MLflow is as we know it in this part."""
    try:
        PROBES[part]()
    except Exception:
        LOG.warning("MLflow has changed: %s", LOSSES[part], exc_info=True)
        return False
    return True


def losses(store: Store) -> tuple[str, ...]:
    """Return what is slower with the installed MLflow, a sentence for each part that has changed.

    Parts that such a store has no use for are not looked at: their import takes time.
    """
    of_server = is_http(store.tracking_uri)
    parts = HTTP_PARTS if of_server else DATABASE_PARTS
    found = tuple(LOSSES[part] for part in parts if not works(part))
    has_workspaces = os.environ.get("MLFLOW_ENABLE_WORKSPACES", "").lower() in ("true", "1")
    return (*found, WORKSPACES) if has_workspaces and not of_server else found


def sessions_of(client: "MlflowClient") -> Any:
    """Return what opens a session on the SQL store; None where only MlflowClient may be asked.

    That is a server, a database in whose tables MLflow has changed something, or one with
    workspaces, whose bounds MLflow keeps in each of its queries.
    """
    backend = _backend(client)
    if getattr(backend, "supports_workspaces", False) or not hasattr(backend, "engine"):
        return None
    return getattr(backend, "ManagedSessionMaker", None) if works("tables") else None


@cache
def tables() -> SimpleNamespace:
    """Return the tables by name, each with its columns."""
    from mlflow.store.db.base_sql_model import Base
    from mlflow.store.model_registry.dbmodels import models as registry
    from mlflow.store.tracking.dbmodels import models

    # They declare the tables.
    assert models.__name__ != registry.__name__  # noqa: S101 - imports for their effect
    declared = Base.metadata.tables
    return SimpleNamespace(
        **{
            name: SimpleNamespace(**{column: declared[name].c[column] for column in columns})
            for name, columns in TABLES.items()
        }
    )


def sampler_of(client: "MlflowClient") -> Any:
    """Return what samples the histories of an SQL store, None where nothing does."""
    return getattr(_backend(client), SAMPLING, None) if works("sampling") else None


def ask_server(client: "MlflowClient", endpoint: str, asked: dict[str, Any]) -> "Response | None":
    """Return a server's answer to a GET that MlflowClient has no call for."""
    credentials = getattr(_backend(client), "get_host_creds", None)
    if credentials is None or not works("requests"):
        return None
    return _request(credentials(), endpoint, params=asked)


def ask_address(
    uri: str, path: str, timeout: float, *, anonymous: bool = False
) -> "Response | None":
    """Return the answer to a GET with MLflow's login, certificates and plugins, its body unread.

    An ``anonymous`` one is sent without login and plugins.
    """
    if not works("requests"):
        return None
    from mlflow.utils.credentials import get_default_host_creds

    credentials = get_default_host_creds(uri)  # type: ignore[no-untyped-call]
    for name in ("username", "password", "token", "auth", "aws_sigv4") if anonymous else ():
        setattr(credentials, name, None)
    once: dict[str, Any] = {"max_retries": 0, "raise_on_status": False, "stream": True}
    return _request(credentials, path, timeout=timeout, **once)


class Files(Protocol):
    """The files below a location, as MLflow's own repositories give them."""

    def list_artifacts(self, path: str | None) -> "list[entities.FileInfo]":
        """Return what a folder holds."""

    def download_artifacts(self, path: str, folder: str) -> str:
        """Fetch a file or folder; return where it is."""


def files_at(uri: str) -> Files:
    """Return the artifacts below an address (``models:/…``, ``runs:/…`` or that of a store)."""
    if not works("repositories"):
        return _PublicFiles(uri)
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    found: Files = get_artifact_repository(uri)
    return found


class _PublicFiles:
    """The same by MLflow's public functions, which read the address anew for each file."""

    def __init__(self, uri: str) -> None:
        logged = re.fullmatch(r"models:/(m-[^/]+)", uri)
        if logged:
            from mlflow import MlflowClient

            # Those functions take it for a registered model's name.
            uri = str(MlflowClient().get_logged_model(logged[1]).artifact_location)
        self._uri = uri

    def list_artifacts(self, path: str | None) -> "list[entities.FileInfo]":
        from mlflow.artifacts import list_artifacts

        return list(list_artifacts(artifact_uri=f"{self._uri}/{path}" if path else self._uri))

    def download_artifacts(self, path: str, folder: str) -> str:
        from mlflow.artifacts import download_artifacts

        uri = f"{self._uri.rstrip('/')}/{path}"
        return str(download_artifacts(artifact_uri=uri, dst_path=folder))


@contextmanager
def served_file(client: "MlflowClient", location: str, path: str) -> "Iterator[Response | None]":
    """Yield a server's answer that holds an artifact, not read yet; None where that fails."""
    if not works("requests") or not works("repositories"):
        yield None
        return
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.request_utils import augmented_raise_for_status

    served = get_artifact_repository(location, tracking_uri=client.tracking_uri)
    credentials = get_default_host_creds(served.artifact_uri)  # type: ignore[no-untyped-call]
    with closing(_request(credentials, path, stream=True)) as answer:
        augmented_raise_for_status(answer)  # type: ignore[no-untyped-call]
        yield answer


def fail_at_once() -> None:
    """Let a database that is down be reported at once, not after the 100 s of ten tries."""
    if works("retries"):
        from mlflow.store.db import utils

        utils.MAX_RETRY_COUNT = 1


def engine_of(uri: str) -> Any:
    """Return what connects to a database, as MLflow connects; it makes no tables."""
    if works("connections"):
        from mlflow.store.db.utils import create_sqlalchemy_engine

        return create_sqlalchemy_engine(uri)  # type: ignore[no-untyped-call]
    from sqlalchemy import NullPool, create_engine

    return create_engine(uri, poolclass=NullPool)


def expected_schema() -> str:
    """Return the version of the tables that this MLflow works with, empty where it is unknown."""
    if not works("schema"):
        return ""
    from mlflow.store.db.utils import _get_latest_schema_revision

    return str(_get_latest_schema_revision())  # type: ignore[no-untyped-call]


def create_tables(uri: str, artifact_root: str) -> bool:
    """Make MLflow's tables in an empty database; return False where that takes MlflowClient."""
    if not works("creation"):
        return False
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    with no_traces(Path(artifact_root)):
        made = SqlAlchemyStore(uri, artifact_root)  # type: ignore[no-untyped-call]
    made.engine.dispose()
    return True


@contextmanager
def no_traces(folder: Path) -> Iterator[None]:
    """Keep what MLflow before 3.9 leaves behind when it opens a database.

    That is an empty folder for artifacts, and words of the library for migrations.
    """
    was_there = folder.exists()
    # Its level would be set anew whenever a database is opened.
    logging.getLogger("alembic.runtime.migration").addFilter(_is_grave)
    try:
        yield
    finally:
        if not was_there:
            with suppress(OSError):
                folder.rmdir()


def _is_grave(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def last_points(data: "entities.RunData") -> "list[entities.Metric] | None":
    """Return the last point of each metric, which came along with a run; None where it did not."""
    return getattr(data, "_metric_objs", None) if works("points") else None


def _backend(client: "MlflowClient") -> Any:
    return getattr(getattr(client, "_tracking_client", None), "store", None)


def _request(credentials: Any, endpoint: str, **how: Any) -> "Response":
    from mlflow.utils.rest_utils import http_request

    answer: Response = http_request(credentials, endpoint, "GET", **how)  # type: ignore[no-untyped-call]
    return answer


def _probe_sampling() -> None:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    sample = inspect.signature(getattr(SqlAlchemyStore, SAMPLING))
    sample.bind(None, [], "key", max_results=1, start_step=None, end_step=None)


def _probe_requests() -> None:
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.request_utils import augmented_raise_for_status
    from mlflow.utils.rest_utils import http_request

    asked = inspect.signature(http_request)
    asked.bind(None, "", "GET", max_retries=0, timeout=1, raise_on_status=False, stream=True)
    inspect.signature(get_default_host_creds).bind("")
    inspect.signature(augmented_raise_for_status).bind(None)


def _probe_repositories() -> None:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

    inspect.signature(get_artifact_repository).bind("", tracking_uri="")
    if HttpArtifactRepository(LOCAL).artifact_uri != LOCAL:  # type: ignore[no-untyped-call]
        raise ValueError(LOCAL)


def _probe_retries() -> None:
    from mlflow.store.db import utils

    int(utils.MAX_RETRY_COUNT)


def _probe_connections() -> None:
    from mlflow.store.db.utils import create_sqlalchemy_engine

    inspect.signature(create_sqlalchemy_engine).bind("uri")


def _probe_schema() -> None:
    from mlflow.store.db.utils import _get_latest_schema_revision

    if not isinstance(_get_latest_schema_revision(), str):  # type: ignore[no-untyped-call]
        raise TypeError(SCHEMA_TABLE)


def _probe_creation() -> None:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    inspect.signature(SqlAlchemyStore).bind("uri", "root")


def _probe_points() -> None:
    from mlflow.entities import Metric, RunData

    data = RunData(metrics=[Metric("key", 1.0, 2, 3)])
    if [point.timestamp for point in data._metric_objs] != [2]:  # noqa: SLF001 - what is probed
        raise ValueError(data)


PROBES: dict[str, Callable[[], object]] = {
    "tables": tables,
    "sampling": _probe_sampling,
    "requests": _probe_requests,
    "repositories": _probe_repositories,
    "retries": _probe_retries,
    "connections": _probe_connections,
    "schema": _probe_schema,
    "creation": _probe_creation,
    "points": _probe_points,
}
"""A part of MLflow to what raises where it has changed."""

LOSSES = {
    "tables": "Runs are read one by one, not from the tables of the database.",
    "sampling": "Histories of metrics are read whole, not sampled.",
    "requests": "Artifacts and histories of metrics are read whole from a server.",
    "repositories": "Artifacts are looked up one by one, and fetched whole for a look.",
    "retries": "A database that is down is reported after minutes.",
    "connections": "A database is looked at without MLflow's own settings, such as those of TLS.",
    "schema": "Whether a database has the tables of this MLflow is found out by making one anew.",
    "creation": "A new SQLite file is made by a process of its own.",
    "points": "When a running run was last heard of is read from its whole histories.",
}
"""A part of MLflow to what it means for a person that it has changed."""

DATABASE_PARTS = (
    "tables",
    "sampling",
    "retries",
    "connections",
    "schema",
    "creation",
    "points",
    "repositories",
)
HTTP_PARTS = ("requests", "repositories", "points")
