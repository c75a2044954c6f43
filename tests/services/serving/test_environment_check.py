import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.serving.environment_check import EnvManager, Mismatch
from mlops_tui.domain.store import Store
from mlops_tui.services.serving.environment_check import (
    check_environment,
    refuse_without_manager,
)
from mlops_tui.services.store.store import client
from tests.making import log_model, make_run


@pytest.fixture
def version(sqlite_store: Store) -> ModelVersion:
    """A version that requires what is here, and what is not."""
    logged = log_model(
        sqlite_store, make_run(sqlite_store), requirements=("scikit-learn", "petals==2")
    )
    registry = client(sqlite_store)
    registry.create_registered_model("Iris")
    registry.create_model_version("Iris", logged.uri)
    return ModelVersion("Iris", "1", Stage.NONE)


def test_what_a_python_lacks_is_listed_before_anything_starts(
    sqlite_store: Store, version: ModelVersion, tmp_path: Path
) -> None:
    check = check_environment(sqlite_store, sys.executable, version)
    assert (check.mismatches, check.unchecked) == ((Mismatch("petals", "==2", ""),), "")

    gone = check_environment(sqlite_store, sys.executable, replace(version, version="7"))
    assert "Iris" in gone.unchecked
    nowhere = check_environment(sqlite_store, tmp_path / "python", version)
    assert "cannot be started" in nowhere.unchecked
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho no Python\n")
    other.chmod(0o755)
    assert (
        "did not compare them: no Python"
        in check_environment(sqlite_store, other, version).sentence
    )
    other.write_text("#!/bin/sh\n")
    assert "it said nothing" in check_environment(sqlite_store, other, version).sentence


def test_a_manager_that_is_not_there_is_told(tmp_path: Path) -> None:
    refuse_without_manager(EnvManager.LOCAL, str(tmp_path))
    with pytest.raises(ServiceError, match="uv is not on PATH"):
        refuse_without_manager(EnvManager.UV, str(tmp_path))
    (tmp_path / "pyenv").touch()
    (tmp_path / "pyenv").chmod(0o755)
    refuse_without_manager(EnvManager.VIRTUALENV, str(tmp_path))
