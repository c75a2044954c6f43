"""The artifacts of runs with those of logged models."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mlops_tui.domain.artifact import Artifact, ArtifactText, check_path, decode
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.store import Store
from mlops_tui.services.artifact_file import local_folder, read_head
from mlops_tui.services.failures import translated
from mlops_tui.services.store import client, exists

if TYPE_CHECKING:
    from mlflow import entities

FETCH_LIMIT = 32 * 1024 * 1024
"""A larger file of a remote store is not fetched for a look at its beginning."""


@translated()
def list_artifacts(store: Store, run_id: str, path: str = "") -> tuple[Artifact, ...]:
    """Return what a folder of a run holds, folders first; nothing for a file.

    Models logged the MLflow 3 way are not among them: see ``list_model_artifacts``.
    """
    check_path(path)
    if not exists(store):
        return ()
    return _sorted(client(store).list_artifacts(run_id, path or None))


@translated()
def list_model_artifacts(store: Store, model_id: str, path: str = "") -> tuple[Artifact, ...]:
    """Return what a folder of a logged model holds, folders first."""
    check_path(path)
    if not exists(store):
        return ()
    return _sorted(client(store).list_logged_model_artifacts(model_id, path or None))


@translated()
def read_artifact(
    store: Store, run_id: str, path: str, *, limit: int = 65536, model_id: str = ""
) -> ArtifactText:
    """Return the beginning of a file as text; of a logged model's file when ``model_id`` is given.

    The bytes are shown, never loaded: a pickle stays closed.
    """
    check_path(path)
    mlflow_client = client(store)
    if model_id:
        location = mlflow_client.get_logged_model(model_id).artifact_location
    else:
        location = mlflow_client.get_run(run_id).info.artifact_uri
    if local_folder(location) is None:
        _refuse_large(store, run_id, path, model_id)
    head, size = read_head(mlflow_client, location, path, limit)
    return decode(path, head, size)


def _refuse_large(store: Store, run_id: str, path: str, model_id: str) -> None:
    parent = str(PurePosixPath(path).parent).removeprefix(".")
    listed = (
        list_model_artifacts(store, model_id, parent)
        if model_id
        else list_artifacts(store, run_id, parent)
    )
    size = next((found.size or 0 for found in listed if found.path == path), 0)
    if size > FETCH_LIMIT:
        raise InvalidInput(
            f"{path} has {size // 1024**2} MiB, too much to fetch for a preview.",
            "Download it with `mlflow artifacts download`.",
        )


def _sorted(found: "list[entities.FileInfo]") -> tuple[Artifact, ...]:
    listed = (Artifact(file.path, file.is_dir, file.file_size) for file in found)
    return tuple(sorted(listed, key=lambda artifact: (not artifact.is_dir, artifact.path)))
