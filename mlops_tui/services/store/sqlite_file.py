"""The file behind an SQLite store."""

import secrets
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import lines, one_line
from mlops_tui.domain.secrets import without_named
from mlops_tui.domain.store import sqlite_uri
from mlops_tui.services.mlflow_internals import (
    ANY_EXPERIMENT,
    SCHEMA_COLUMN,
    SCHEMA_TABLE,
    create_tables,
    expected_schema,
    no_traces,
)
from mlops_tui.services.store.failures import schema_differs

MAGIC = b"SQLite format 3\0"

UNQUOTING = ("1.", "2.0.")
"""How the releases of SQLAlchemy begin that take quoted signs in a path for its name."""

LIMIT = 300.0
"""Seconds in which a process has to make the tables: on a slow disk it takes a minute."""

_creating = threading.Lock()
"""Held while MLflow makes tables: alembic works for one thread at a time."""


def is_there(path: Path) -> bool:
    """Return whether the database exists; an empty file is one that nobody has written yet."""
    try:
        return path.stat().st_size > 0 or path.is_dir()
    except OSError:
        return False


def stamp(path: Path) -> str:
    """Return size and time of the database with its journals; different after every write."""
    parts = []
    for suffix in ("", "-wal", "-journal"):
        with suppress(OSError):
            found = Path(f"{path}{suffix}").stat()
            parts.append(f"{suffix}:{found.st_mtime_ns}:{found.st_size}:{found.st_ino}")
    return "|".join(parts)


def check_name(path: Path) -> None:
    """Raise ``ServiceError`` for a path that the installed SQLAlchemy cannot be told."""
    from importlib.metadata import version

    if not {"%", "?"} & set(str(path)):
        return
    installed = version("sqlalchemy")
    if installed.startswith(UNQUOTING):
        raise ServiceError(
            f"SQLAlchemy {installed} opens no file with % or ? in its path: {path}.",
            "Rename it, or use SQLAlchemy 2.1 with MLflow 3.9 or newer.",
        )


def check_file(path: Path) -> None:
    """Raise ``ServiceError`` unless the file is a database as this MLflow writes it.

    MLflow itself would try a folder or an unreadable file for 100 s, put its tables into a foreign
    database, and migrate an older one unasked.
    """
    if path.is_dir():
        raise ServiceError(f"{path} is a folder, not a database.", "Name a file in it.")
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise ServiceError(f"Cannot read {path}: {error.strerror}.") from None
    if magic != MAGIC:
        raise ServiceError(f"{path} is no SQLite database.", "Check the path.")
    found, expected = _schema(path), needed_schema()
    if found == "":
        raise ServiceError(
            f"{path} is an SQLite database, but not one of MLflow's.", "Name another file."
        )
    if found is not None and found != expected:
        raise schema_differs(found, expected, sqlite_uri(path))


def has_experiments(path: Path) -> bool:
    """Return whether there is an experiment, True where that cannot be told."""
    import sqlite3

    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(ANY_EXPERIMENT).fetchone() is not None
    except sqlite3.Error:
        return True


def create(path: Path, artifact_root: Path) -> None:
    """Create the database with MLflow's tables, whole or not at all.

    MLflow makes its tables in many steps, which break when two processes do it at once. So they
    are made in a file of our own, which is given the name when it is finished; of two processes
    that do so, the first one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    # SQLAlchemy would try a forbidden folder for 100 s.
    draft.touch(exist_ok=False)
    try:
        with _creating:
            if not create_tables(sqlite_uri(draft), str(artifact_root)):
                with no_traces(artifact_root):
                    _create_elsewhere(draft, artifact_root.parent)
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _create_elsewhere(path: Path, folder: Path) -> None:
    """Let MlflowClient make the tables, in a process that works where the artifacts are to lie."""
    code = (
        "import sys; from mlflow import MlflowClient; "
        "MlflowClient(sys.argv[1]).search_experiments(max_results=1)"
    )
    command = [sys.executable, "-P", "-c", code, sqlite_uri(path)]
    try:
        subprocess.run(  # noqa: S603 - ours
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise ServiceError(
            f"MLflow did not make its tables in {folder} within {LIMIT:g} s.",
            "Try again, or name a database on a faster disk.",
        ) from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip() or f"exit code {error.returncode}"
        last = one_line(without_named(lines(said)[-1]), 300)
        raise ServiceError(f"MLflow could not make its tables in {folder}: {last}") from None


def _give_name(draft: Path, path: Path) -> None:
    if path.exists() and not is_there(path):
        path.unlink()
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links.
        draft.replace(path)


def _schema(path: Path) -> str | None:
    """Return the version of MLflow's schema, empty where there is none, None when unknowable."""
    import sqlite3

    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(f"SELECT {SCHEMA_COLUMN} FROM {SCHEMA_TABLE}").fetchone()  # noqa: S608 - names of ours
    except sqlite3.DatabaseError as error:
        return "" if "no such table" in str(error) else None
    return str(row[0]) if row else ""


@cache
def needed_schema() -> str:
    """Return the version of the tables that this MLflow works with."""
    if known := expected_schema():
        return known
    with tempfile.TemporaryDirectory(prefix="mlops-tui-") as folder:
        fresh = Path(folder, "fresh.db")
        create(fresh, Path(folder, "mlruns"))
        return _schema(fresh) or ""
