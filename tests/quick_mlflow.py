"""Makes MLflow cheaper for the tests, which open hundreds of stores; importing this is enough.

MLflow reads sixty migration scripts at each opening to learn which schema it expects: that is
cached. SQLite does not wait for the disk: no test looks at a database after a power cut. Coverage
does not trace MLflow's stores, which pass through SQLAlchemy.
"""

import sqlite3
import sys
from functools import cache

from mlflow.store.db import utils
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as Registry
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as Tracking
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.unmeasured import leave_unmeasured


def _skip_waiting_for_the_disk(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


if hasattr(utils, "_get_latest_schema_revision"):
    utils._get_latest_schema_revision = cache(utils._get_latest_schema_revision)
    # Service processes are forked after that.
    utils._get_latest_schema_revision()
event.listen(Engine, "connect", _skip_waiting_for_the_disk)
if sys.gettrace():
    for store in (Registry, Tracking):
        leave_unmeasured(store)
