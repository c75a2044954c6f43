"""The flavor of an ONNX model with columns of text: MLflow's own, loaded by ``onnx_with_text``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.models import Model

LOADER = "onnx_with_text"


def save_model(path: str, mlflow_model: Model, **about: Any) -> None:
    """Save as ``mlflow.onnx`` does, with the loader beside it."""
    import mlflow

    code = str(Path(__file__).with_name(f"{LOADER}.py"))
    mlflow.onnx.save_model(path=path, mlflow_model=mlflow_model, code_paths=[code], **about)
    mlflow_model.flavors["python_function"]["loader_module"] = LOADER
    mlflow_model.save(str(Path(path) / "MLmodel"))
