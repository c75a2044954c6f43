"""What a logged model says about itself, without loading it."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import Signature, read_params, read_signature
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifacts import find_artifact, read_artifact
from mlops_tui.services.mlflow_internals import files_at
from mlops_tui.services.store import store as stores
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow.models import Model

MLMODEL = "MLmodel"
EXAMPLE = "serving_input_example.json"

LARGEST_EXAMPLE = 1024 * 1024
"""Bytes; a larger input example is nothing to start typing from."""

FIRST_TEST_ROW = "first_test_row.json"
"""The artifact in which our recipes keep a row that the model has not seen."""


@may_take(LONG)
def inspect_model(store: Store, model_uri: str) -> ModelInfo:
    """Return the description of a model (``models:/…`` or ``runs:/…``).

    Only its small text files are read, so nothing of the model is unpickled or executed.
    """
    stores.client(store)
    with translated(), TemporaryDirectory(prefix="mlops-tui-") as folder:
        files = _download(model_uri, folder)
        if MLMODEL not in files:
            raise NotFound(f"There is no model at {model_uri}: its MLmodel file is missing.")
        from mlflow.models import Model

        return _describe(model_uri, Model.load(files[MLMODEL]), files)


@may_take(LONG)
def first_test_row(store: Store, run_id: str) -> str:
    """Return the row that a recipe kept of its test data, as JSON; empty when there is none."""
    # It is looked for first: before MLflow 3.9 a server breaks on a file that is not there.
    try:
        if find_artifact(store, ArtifactRef(run_id, FIRST_TEST_ROW)) is None:
            return ""
        kept = read_artifact(store, run_id, FIRST_TEST_ROW)
    except NotFound:
        return ""
    return "" if kept.is_truncated else kept.text


def _download(model_uri: str, folder: str) -> dict[str, str]:
    """Fetch the model's small text files that exist, return their paths on this machine."""
    repository = files_at(model_uri)
    # A ``runs:/`` address lists its model's files below the model's name, others do not.
    listed = repository.list_artifacts(None)
    sizes = {PurePosixPath(file.path).name: file.file_size or 0 for file in listed}
    files = {}
    for name in (MLMODEL, EXAMPLE):
        if name in sizes and (name == MLMODEL or sizes[name] <= LARGEST_EXAMPLE):
            files[name] = repository.download_artifacts(name, folder)
    return files


def _describe(uri: str, model: "Model", files: dict[str, str]) -> ModelInfo:
    return ModelInfo(
        uri=uri,
        signature=_signature(model),
        params=_params(model),
        input_example=_text(files.get(EXAMPLE)),
        flavors=tuple(model.flavors),
        mlflow_version=str(model.mlflow_version or ""),
        model_id=str(model.model_id or ""),
        run_id=str(model.run_id or ""),
        size=model.model_size_bytes,
    )


def _text(path: str | None) -> str:
    return Path(path).read_text(encoding="utf-8", errors="replace") if path else ""


def _signature(model: "Model") -> Signature:
    inputs = model.signature.inputs if model.signature else None
    return read_signature(inputs.to_dict()) if inputs else Signature()


def _params(model: "Model") -> Mapping[str, Json]:
    params = model.signature.params if model.signature else None
    # Through JSON, since a default may be a date or a number of numpy's.
    return read_params(json.loads(params.to_json())) if params else {}
