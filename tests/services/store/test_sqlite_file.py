"""The file behind an SQLite store."""

import sys
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.store import sqlite_file


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("echo first >&2; echo 'OSError: no room, token=hu5h' >&2; exit 1", "OSError: no room"),
        ("exit 3", "exit code 3"),
        ("exec sleep 600", "did not make its tables in .* within 0.2 s. Try again"),
    ],
    ids=["fails", "says nothing", "hangs"],
)
def test_a_database_that_mlflow_does_not_make_elsewhere_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, says: str
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nmkdir mlruns\n{does}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(sqlite_file, "create_tables", lambda *_: False)
    monkeypatch.setattr(sqlite_file, "LIMIT", 0.2 if "sleep" in does else 60.0)
    folder = tmp_path / "work"
    with pytest.raises(ServiceError, match=says) as failure:
        sqlite_file.create(folder / "mlflow.db", folder / "mlruns")
    assert "hu5h" not in str(failure.value)
    assert list(folder.iterdir()) == []
