"""Logs what a run was given from a file: the file itself, and the rows that were held out of it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import mlflow
import pandas as pd
from mlflow.data.pandas_dataset import from_pandas
from mlflow.entities import Dataset, DatasetInput, InputTag

if TYPE_CHECKING:
    import numpy as np

HOLDOUT = "holdout"
"""The name of the data set with the rows that the model has not seen."""
FILE = f"{HOLDOUT}.parquet"


@dataclass(frozen=True, slots=True)
class Split:
    """The rows to train on and the rows to test on."""

    X_train: pd.DataFrame
    X_test: pd.DataFrame
    y_train: "np.ndarray"
    y_test: "np.ndarray"


def log(run_id: str, file: Path, split: Split, target: str) -> None:
    """Log the file as the data set to train on, the rows held out as one to validate on.

    Their rows are an artifact of the run: a gate may check the version on them by
    ``dataset = "holdout"``.
    """
    rows = split.X_train.assign(**{target: split.y_train})
    mlflow.log_input(
        from_pandas(rows, str(file), target, file.name, digest_of(file)), context="training"
    )
    held_out = split.X_test.assign(**{target: split.y_test})
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        held_out.to_parquet(path, index=False)
        mlflow.log_artifact(str(path))
        digest = digest_of(path)
    _log_artifact_rows(run_id, from_pandas(held_out, targets=target, name=HOLDOUT, digest=digest))


def digest_of(file: Path) -> str:
    """Return the MD5 of all bytes of a file, as 32 hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _log_artifact_rows(run_id: str, rows: "mlflow.data.pandas_dataset.PandasDataset") -> None:
    """Log rows whose source is the artifact, on whatever store that lies."""
    told = rows.to_dict()
    source = json.dumps({"uri": f"runs:/{run_id}/{FILE}"})
    dataset = Dataset(
        rows.name, rows.digest, "run_artifact", source, told.get("schema"), told.get("profile")
    )
    tag = InputTag("mlflow.data.context", "validation")
    mlflow.MlflowClient().log_inputs(run_id, [DatasetInput(dataset, [tag])])
