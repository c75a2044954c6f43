"""Makes rows and a registered model: ``python -m tests.benchmarks.make_batch FOLDER ROWS MANY``."""

import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
from mlflow.models import infer_signature
from pyarrow import csv
from sklearn.linear_model import LogisticRegression

COLUMNS = [f"x{n}" for n in range(10)]

if __name__ == "__main__":
    folder, count, many = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    cells = np.random.default_rng(0).normal(size=(count, len(COLUMNS)))
    rows = pd.DataFrame(cells, columns=COLUMNS)
    rows.to_parquet(folder / "rows.parquet", index=False)
    chunk = pa.Table.from_pandas(rows.round(6), preserve_index=False)
    with csv.CSVWriter(folder / "many.csv", chunk.schema) as writer:
        for start in range(0, many, count):
            writer.write_table(chunk[: many - start])
    known = rows[:5_000]
    labels = LogisticRegression().fit(known, (known.sum(axis=1) > 0).astype(int))
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.sklearn.log_model(
        labels,
        name="model",
        registered_model_name="batch",
        signature=infer_signature(known, labels.predict(known)),
        pip_requirements=["scikit-learn"],
    )
