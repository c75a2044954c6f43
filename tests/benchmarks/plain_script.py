"""What a person would write to see the newest run: ``python -m tests.benchmarks.plain_script``."""

import sys
import time

from mlflow import MlflowClient

if __name__ == "__main__":
    runs = MlflowClient(sys.argv[1]).search_runs(["0"], max_results=100)
    print(runs[0].info.run_name, flush=True)
    if "--stay" in sys.argv:
        time.sleep(60)
