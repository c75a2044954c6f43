"""What a person would write to see the models: ``python -m tests.benchmarks.plain_models URI``."""

import sys

from mlflow import MlflowClient

if __name__ == "__main__":
    models = MlflowClient(sys.argv[1]).search_registered_models()
    print(models[0].name, flush=True)
