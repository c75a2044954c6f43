"""MLflow's scoring app, once for each kind of signature, in one process.

``python scoring_app.py FOLDER PORT`` writes ``FOLDER/signatures.json``, then serves each model
below its own path: ``/columns/invocations``.
"""

import json
import sys
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import uvicorn
from fastapi import FastAPI
from mlflow.models import ModelSignature, infer_signature
from mlflow.pyfunc import scoring_server
from mlflow.types import ColSpec, ParamSchema, Schema, TensorSpec
from mlflow.types.schema import Array, Object, Property
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

REQUIREMENTS = ["scikit-learn"]
HOSTILE_NAMES = ["[red]", "a b", "é", "x" * 5_000]


class Rows(mlflow.pyfunc.PythonModel):  # type: ignore[misc,name-defined,unused-ignore]  # depends on what mypy has seen of MLflow
    """Says what it was given."""

    def predict(self, model_input: Any) -> list[str]:
        """Return one text per row, of the values as they arrived."""
        if isinstance(model_input, dict):
            columns = [np.asarray(values).tolist() for values in model_input.values()]
            return [repr(list(row)) for row in zip(*columns, strict=True)]
        rows = np.asarray(model_input, dtype=object).tolist()
        return [repr([getattr(cell, "tolist", lambda c=cell: c)() for cell in row]) for row in rows]


def fitted(data: Any, labels: Any) -> LogisticRegression:
    """Return a classifier that knows the columns of its data when they have names."""
    return LogisticRegression().fit(data, labels)


def save_all(folder: Path) -> None:
    """Save one model for each kind of signature."""
    values, labels = make_classification(n_features=10, n_informative=5, random_state=42)
    table = pd.DataFrame(values, columns=[f"f{i}" for i in range(10)])
    hostile = pd.DataFrame(values[:, :4], columns=HOSTILE_NAMES)
    plain = fitted(values, labels)
    for name, model, signature in [
        ("columns", fitted(table, labels), infer_signature(table, labels)),
        ("hostile", fitted(hostile, labels), infer_signature(hostile, labels)),
        ("places", plain, infer_signature(pd.DataFrame(values), labels)),
        ("tensor", plain, infer_signature(values, labels)),
        ("none", plain, None),
    ]:
        mlflow.sklearn.save_model(
            model, str(folder / name), signature=signature, pip_requirements=REQUIREMENTS
        )
    typed: list[ColSpec | TensorSpec] = [
        ColSpec("long", "n"),
        ColSpec("datetime", "t"),
        ColSpec("boolean", "b", False),
    ]
    lists: list[ColSpec | TensorSpec] = [ColSpec(Array("long"), "l"), ColSpec("string", "s")]
    for name, inputs in {
        "typed": Schema(typed),
        "lists": Schema(lists),
        "objects": Schema([ColSpec(Object([Property("k", "long")]), "o"), ColSpec("long", "n")]),
        "binary": Schema([ColSpec("binary", "y")]),
        "text": Schema([ColSpec("string", "text")]),
        "image": infer_signature(np.zeros((1, 2, 3))).inputs,
        "tensors": infer_signature({"x": np.zeros((2, 2)), "y": np.zeros(2)}).inputs,
    }.items():
        mlflow.pyfunc.save_model(
            str(folder / name),
            python_model=Rows(),
            signature=ModelSignature(inputs, params=ParamSchema([])),
            pip_requirements=REQUIREMENTS,
        )


def serve(folder: Path, port: int) -> None:
    """Serve every model below its own name."""
    app = FastAPI()
    signatures = {}
    for path in sorted(path for path in folder.iterdir() if path.is_dir()):
        model = mlflow.pyfunc.load_model(str(path))
        inputs = model.metadata.get_input_schema()
        signatures[path.name] = inputs.to_dict() if inputs else []
        app.mount(f"/{path.name}", scoring_server.init(model))
    (folder / "signatures.json").write_text(json.dumps(signatures))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    save_all(Path(sys.argv[1]))
    serve(Path(sys.argv[1]), int(sys.argv[2]))
