"""The artifacts of runs with those of logged models."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mlops_tui.domain.artifacts.artifact import (
    Artifact,
    ArtifactRef,
    ArtifactText,
    check_path,
    decode,
)
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.store import Store, is_http
from mlops_tui.services.artifacts.artifact_file import local_folder, read_head
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists

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
    return _sorted(store, client(store).list_artifacts(run_id, path or None))


@translated()
def list_model_artifacts(store: Store, model_id: str, path: str = "") -> tuple[Artifact, ...]:
    """Return what a folder of a logged model holds, folders first."""
    check_path(path)
    if not exists(store):
        return ()
    return _sorted(store, client(store).list_logged_model_artifacts(model_id, path or None))


@translated()
def read_artifact(
    store: Store, run_id: str, path: str, *, limit: int = 65536, model_id: str = ""
) -> ArtifactText:
    """Return the beginning of a file as text; of a logged model's file when ``model_id`` is given.

    The bytes are shown, never loaded: a pickle stays closed.
    """
    check_path(path)
    mlflow_client = client(store)
    ref = ArtifactRef(run_id, path, model_id)
    location = location_of(store, ref)
    refuse_large(store, ref, location)
    head, size = read_head(mlflow_client, location, path, limit)
    return decode(path, head, size)


def location_of(store: Store, ref: ArtifactRef) -> str:
    """Return the artifact URI of the run or logged model, wherever that is."""
    mlflow_client = client(store)
    if ref.model_id:
        return str(mlflow_client.get_logged_model(ref.model_id).artifact_location)
    return str(mlflow_client.get_run(ref.run_id).info.artifact_uri)


def listed(store: Store, ref: ArtifactRef, path: str) -> tuple[Artifact, ...]:
    """Return what a folder holds, of the run or of the logged model that is meant."""
    if ref.model_id:
        return list_model_artifacts(store, ref.model_id, path)
    return list_artifacts(store, ref.run_id, path)


def find_artifact(store: Store, ref: ArtifactRef) -> Artifact | None:
    """Return the file or folder as its parent lists it, None when it is not there."""
    parent = str(PurePosixPath(ref.path).parent).removeprefix(".")
    return next((found for found in listed(store, ref, parent) if found.path == ref.path), None)


def too_large(store: Store, ref: ArtifactRef, location: str) -> int:
    """Return the size of a file that would have to be fetched, but is too large; else 0."""
    if local_folder(location) is not None:
        return 0
    found = find_artifact(store, ref)
    size = found.size or 0 if found else 0
    return size if size > FETCH_LIMIT else 0


def refuse_large(store: Store, ref: ArtifactRef, location: str) -> None:
    """Raise ``InvalidInput`` for a file that would have to be fetched, but is too large for it."""
    if size := too_large(store, ref, location):
        raise InvalidInput(
            f"{ref.path} has {bytes_size(size)}, too much to fetch for a look at it.",
            "w writes it to this machine's disk.",
        )


def _sorted(store: Store, found: "list[entities.FileInfo]") -> tuple[Artifact, ...]:
    # A server's answer leaves the size of an empty file out.
    unsaid = 0 if is_http(store.tracking_uri) else None
    artifacts = (
        Artifact(
            file.path,
            file.is_dir,
            unsaid if file.file_size is None and not file.is_dir else file.file_size,
        )
        for file in found
    )
    return tuple(sorted(artifacts, key=lambda artifact: (not artifact.is_dir, artifact.path)))
