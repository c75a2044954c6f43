"""Whether a job has left runs open, found out without MLflow where that can be."""

from contextlib import closing
from pathlib import Path

from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.store import Store
from mlops_tui.services.mlflow_internals import OPEN_RUN_OF
from mlops_tui.services.store import sqlite_file

PATIENCE = 5.0
"""Seconds for which a locked database is waited for."""


def may_have_left_runs_open(store: Store, job_id: str) -> bool:
    """Return False where the store certainly has no open run of the job.

    Most jobs leave none, and MLflow takes a second and 150 MB to find that out.
    """
    path = store.sqlite_path
    if path is None:
        return True
    return sqlite_file.is_there(path) and _has_open_run(path.absolute(), job_id)


def _has_open_run(path: Path, job_id: str) -> bool:
    import sqlite3

    try:
        uri = f"{path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, timeout=PATIENCE, uri=True)) as connection:
            return connection.execute(OPEN_RUN_OF, (JOB_TAG, job_id)).fetchone() is not None
    except sqlite3.Error:
        # MLflow tells what is wrong.
        return True
