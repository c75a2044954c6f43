"""Reads what a database holds without changing it.

MLflow itself makes its tables in whatever database it opens, migrates older ones, and puts an
experiment of its own into tables that are empty: looking must do none of that.
"""

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import redact
from mlops_tui.services.mlflow_internals import (
    ANY_EXPERIMENT,
    SCHEMA_COLUMN,
    SCHEMA_TABLE,
    engine_of,
)
from mlops_tui.services.store.failures import schema_differs, translated

_checked: set[str] = set()
"""The addresses whose tables were found to be those of this MLflow."""


@translated()
def is_there(uri: str, needed_schema: str) -> bool:
    """Return whether MLflow's tables are there; raises ``ServiceError`` where they are others."""
    if uri in _checked:
        return True
    found = _schema(uri)
    if found is None:
        return False
    if found != needed_schema:
        raise schema_differs(found, needed_schema, uri)
    _checked.add(uri)
    return True


@translated()
def has_experiments(uri: str) -> bool:
    """Return whether there is an experiment, given that MLflow's tables are there."""
    from sqlalchemy import text

    engine = engine_of(uri)
    try:
        with engine.connect() as connection:
            return connection.execute(text(ANY_EXPERIMENT)).first() is not None
    finally:
        engine.dispose()


def _schema(uri: str) -> str | None:
    """Return the version of MLflow's tables, None where the database is empty."""
    from sqlalchemy import inspect, text

    engine = engine_of(uri)
    try:
        with engine.connect() as connection:
            names = set(inspect(connection).get_table_names())
            # An upgrade that failed at once leaves the table of versions alone.
            if not names - {SCHEMA_TABLE}:
                return None
            if not {SCHEMA_TABLE, "experiments"} <= names:
                raise ServiceError(
                    f"{redact(uri)} is a database, but not one of MLflow's.",
                    "Name a database of its own.",
                )
            query = text(f"SELECT {SCHEMA_COLUMN} FROM {SCHEMA_TABLE}")  # noqa: S608 - our names
            row = connection.execute(query).first()
            return str(row[0]) if row else ""
    finally:
        engine.dispose()
