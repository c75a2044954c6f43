"""What the files of versions say."""

from dataclasses import replace
from pathlib import Path
from shutil import rmtree

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.domain.versions.version_row import ModelFiles
from mlops_tui.services.artifacts.artifact_file import local_folder
from mlops_tui.services.models import registration
from mlops_tui.services.store import store as stores
from mlops_tui.services.versions.version_files import files_of_versions, location_of
from tests.making import log_model, make_run, unique


def test_flavor_and_size_are_read_through_copies_and_beside_files_that_are_gone(
    sqlite_store: Store,
) -> None:
    run_id = make_run(sqlite_store)
    name = unique("Iris")
    made = registration.register(
        sqlite_store, name=name, model=log_model(sqlite_store, run_id), run_id=run_id
    ).value
    mlflow = stores.client(sqlite_store)
    copy = mlflow.copy_model_version(f"models:/{name}/1", unique("Copy"))
    copied = replace(made, version="2", source=str(copy.source))
    nowhere = ModelVersion(name, "3", Stage.NONE, source="/no/such/folder")
    nothing = ModelVersion(name, "4", Stage.NONE, source="models:/m-" + "0" * 32)
    found = files_of_versions(sqlite_store, [made, copied, nowhere, nothing])
    assert found["1"].flavors == ("sklearn",)
    assert (found["1"].size or 0) > 500
    assert found["2"] == found["1"]
    assert found["3"] == found["4"] == ModelFiles()
    folder = local_folder(location_of(mlflow, made.source))
    assert isinstance(folder, Path)
    rmtree(folder)
    assert files_of_versions(sqlite_store, [made]) == {"1": ModelFiles()}
