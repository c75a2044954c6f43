"""What a person would write to score a file: ``python -m tests.benchmarks.bare_batch FILE``."""

import sys
from pathlib import Path

import mlflow
import pyarrow as pa
import pyarrow.parquet as pq

if __name__ == "__main__":
    model = mlflow.pyfunc.load_model("models:/batch/1")
    path = Path(sys.argv[1])
    with pq.ParquetWriter(
        path.with_name("bare.parquet"), pa.schema([("prediction", pa.int64())])
    ) as writer:
        for batch in pq.ParquetFile(path).iter_batches(10_000):
            writer.write_table(pa.table({"prediction": model.predict(batch.to_pandas())}))
