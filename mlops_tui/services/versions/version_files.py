"""What the files of model versions say about them."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.store import Store
from mlops_tui.domain.versions.version_row import ModelFiles
from mlops_tui.services.artifacts.artifact_file import read_head
from mlops_tui.services.models.logged_models import MLMODEL_LIMIT, MOST_COPIES, flavors_of
from mlops_tui.services.store import store as stores
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow import MlflowClient

AT_ONCE = 8
"""Files that are read at the same time: they may be on the other side of the world."""

SIZE = re.compile(r"^model_size_bytes: (\d+)$", re.MULTILINE)


@may_take(LONG)
@translated()
def files_of_versions(store: Store, versions: Sequence[ModelVersion]) -> Mapping[str, ModelFiles]:
    """Return what the ``MLmodel`` files say, by the numbers of the versions.

    Nothing is said of files that are gone; those that are out of reach are left out.
    """
    mlflow_client = stores.client(store)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="files") as pool:
        found = pool.map(lambda version: _files(mlflow_client, version), versions)
        pairs = zip(versions, found, strict=True)
        return {version.version: files for version, files in pairs if files is not None}


def location_of(mlflow_client: "MlflowClient", source: str) -> str:
    """Return the folder of a version's files; a copied version names the one it is a copy of."""
    for _ in range(MOST_COPIES):
        if not (copied := re.fullmatch(r"models:/([^/]+)/(\d+)", source)):
            break
        source = str(mlflow_client.get_model_version(copied[1], copied[2]).source)
    if logged := re.fullmatch(r"models:/(m-[0-9a-f]{32})", source):
        return str(mlflow_client.get_logged_model(logged[1]).artifact_location)
    if of_run := re.fullmatch(r"runs:/([^/]+)/(.+)", source, re.DOTALL):
        return f"{mlflow_client.get_run(of_run[1]).info.artifact_uri}/{of_run[2]}"
    return source


def _files(mlflow_client: "MlflowClient", version: ModelVersion) -> ModelFiles | None:
    try:
        with translated():
            location = location_of(mlflow_client, version.source)
            head, _size = read_head(mlflow_client, location, "MLmodel", MLMODEL_LIMIT)
    except NotFound:
        return ModelFiles()
    except ServiceError:
        return None
    text = head.decode(errors="replace")
    size = SIZE.search(text)
    return ModelFiles(flavors_of(text), int(size[1]) if size else None)
