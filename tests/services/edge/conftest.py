"""Small models, and their export."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.model_programs.export_program.export import run
from mlops_tui.services.store import store as stores

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.entities import Run

NUMBERS = ["wi dth", "label"]
"""Names of columns that a name of ONNX could not be, or that an output has."""


def rows(count: int = 300, seed: int = 0) -> "pd.DataFrame":
    """Return rows of numbers and text, with the class that they are in."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(count, 2)), columns=NUMBERS)
    frame["region"] = np.where(rng.random(count) < 0.5, "north", "south")
    frame["kind"] = np.where(frame.sum(axis=1, numeric_only=True) > 0, "high", "low")
    return frame


def of_columns() -> Any:
    """Return a classifier that scales numbers and encodes text."""
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    columns = make_column_transformer(
        (StandardScaler(), NUMBERS), (OneHotEncoder(handle_unknown="ignore"), ["region"])
    )
    known = rows()
    return make_pipeline(columns, LogisticRegression()).fit(known, known["kind"])


@dataclass(frozen=True)
class Exporting:
    """A store, and a folder for models, rows and bundles."""

    store: Store
    folder: Path

    def save(self, model: Any, sample: Any, name: str = "model") -> str:
        """Save a model with its signature and example; return where it is."""
        import mlflow
        from mlflow.models import infer_signature

        mlflow.sklearn.save_model(
            model,
            str(self.folder / name),
            signature=infer_signature(sample, model.predict(sample)),
            input_example=sample,
            pip_requirements=["scikit-learn"],
            serialization_format="pickle",
        )
        return str(self.folder / name)

    def save_as(self, flavor: str, model: Any, sample: Any, **about: Any) -> str:
        """Save a model of another library with its signature and example; return where it is."""
        import importlib

        from mlflow.models import infer_signature

        address = str(self.folder / "model")
        importlib.import_module(f"mlflow.{flavor}").save_model(
            model,
            address,
            **{"signature": infer_signature(sample), "input_example": sample} | about,
            pip_requirements=[],
        )
        return address

    def plan(self, address: str, **changes: Any) -> dict[str, Any]:
        """Return what the program is told."""
        return {
            "address": address,
            "title": "flowers v1",
            "model": "",
            "version": "",
            "model_id": "",
            "run_id": "",
            "to": "onnx",
            "folder": str(self.folder),
            "hold_outs": [{"data": "rows.csv"}],
            "is_hold_out_named": True,
            "output": "",
            "register_as": "",
            **changes,
        }

    def export(self, address: str, **changes: Any) -> "Run":
        """Export in this process; return the run."""
        run_id = run(self.plan(address, **changes))
        return stores.client(self.store).get_run(run_id)


@pytest.fixture
def exporting(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Exporting]:
    """Return a place for exports; ``rows.csv`` lies there."""
    import mlflow

    monkeypatch.setenv("MLFLOW_TRACKING_URI", sqlite_store.tracking_uri)
    mlflow.set_tracking_uri(sqlite_store.tracking_uri)
    mlflow.set_registry_uri(sqlite_store.tracking_uri)  # an earlier test may have left another
    rows(400, seed=7).to_csv(tmp_path / "rows.csv", index=False)
    yield Exporting(sqlite_store, tmp_path)
    mlflow.set_tracking_uri("")
    mlflow.set_registry_uri("")
