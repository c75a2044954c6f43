"""Loads an ONNX model with columns of text; it lies in the model's own folder.

MLflow's own loader hands columns of text to ONNX Runtime as pandas has them, which since pandas 3
are no arrays that it takes.
"""

from __future__ import annotations

from typing import Any

import mlflow.onnx
import pandas as pd
from pandas.api.types import is_numeric_dtype


class OnnxWithText:
    """A model that is asked about frames."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return the answers; missing text is empty."""
        if isinstance(data, pd.DataFrame):
            texts = [name for name in data.columns if not is_numeric_dtype(data[name])]
            data = data.astype(dict.fromkeys(texts, "object")).fillna(dict.fromkeys(texts, ""))
        return self._model.predict(data, params)

    def get_raw_model(self) -> Any:
        """Return the session of ONNX Runtime."""
        return self._model.get_raw_model()


def _load_pyfunc(path: str) -> OnnxWithText:
    return OnnxWithText(mlflow.onnx._load_pyfunc(path))  # noqa: SLF001 - what MLflow itself calls
