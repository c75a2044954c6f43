"""What a gate costs beside ``mlflow.models.evaluate`` of the same metrics."""

import json
import subprocess

from tests.benchmarks.place import python
from tests.benchmarks.ratio import Ratio

BAR = 0.2


def measure() -> list[Ratio]:
    """Measure the CPU of both; importing MLflow and what it brings is left out."""
    done = subprocess.run(
        python("gate_beside_evaluate"), check=True, stdout=subprocess.PIPE, text=True
    )
    taken = json.loads(done.stdout.splitlines()[-1])
    theirs = taken["evaluate"]
    return [
        Ratio("gate of 2,000 rows: CPU, mlflow.models.evaluate", taken["gate"], theirs, "ms", BAR),
        Ratio("  with the champion and bootstrap intervals", taken["compared"], theirs, "ms"),
    ]
