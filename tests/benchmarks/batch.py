"""Batch scoring beside a bare loop over the same chunks, and beside MLflow's own command."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.place import place, python
from tests.benchmarks.ratio import Ratio

ROWS, MANY = 1_000_000, 1_000_000
"""Rows of the Parquet file, and of the CSV file that MLflow's command reads at once, too."""
MOST_MEMORY = 600
"""MiB of the process that scores."""
BEST_OF = 2


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process needed."""

    cpu: float
    wall: float
    memory: float


def measure() -> list[Ratio]:
    """Return CPU, memory and time of the same model on the same rows."""
    folder = Path(place("batch").folder.name)
    subprocess.run(python("make_batch", str(folder), str(ROWS), str(MANY)), check=True)
    ours, bare = _best(_ours, folder), _best(_bare, folder)
    many, theirs = _best(_ours_of_csv, folder), _best(_mlflow, folder)
    beside = "mlflow models predict"
    return [
        Ratio("CPU of scoring 1M rows of Parquet, bare loop", ours.cpu, bare.cpu, "s", 1.15),
        Ratio("memory of scoring 1M rows, limit", ours.memory, MOST_MEMORY, "MiB", 1.0),
        Ratio("memory of scoring 1M rows of CSV, limit", many.memory, MOST_MEMORY, "MiB", 1.0),
        Ratio(
            f"memory of scoring 1M rows of CSV, {beside}", many.memory, theirs.memory, "MiB", 0.5
        ),
        Ratio(f"CPU of scoring 1M rows of CSV, {beside}", many.cpu, theirs.cpu, "s", 0.5),
    ]


def _best(score: Callable[[Path], Spent], folder: Path) -> Spent:
    """Return the run that needed the least CPU: others share the machine."""
    return min((score(folder) for _ in range(BEST_OF)), key=lambda spent: spent.cpu)


def _ours(folder: Path, rows: str = "rows.parquet") -> Spent:
    import json

    from mlops_tui.services.batch.batch_job import PROGRAM
    from mlops_tui.services.jobs.program_job import PROGRAMS

    (folder / "ours.parquet").unlink(missing_ok=True)
    plan = {
        "address": "models:/batch/1",
        "title": "batch",
        "model": "batch",
        "version": "1",
        "folder": str(folder),
        "inputs": [rows],
        "output": str(folder / "ours.parquet"),
        "with_inputs": False,
        "batch_rows": 0,
        "max_bad_share": 0.0,
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    return _spent([sys.executable, str(PROGRAMS), PROGRAM, str(folder / "plan.json")])


def _ours_of_csv(folder: Path) -> Spent:
    return _ours(folder, "many.csv")


def _bare(folder: Path) -> Spent:
    return _spent(python("bare_batch", str(folder / "rows.parquet")))


def _mlflow(folder: Path) -> Spent:
    command = [sys.executable, "-m", "mlflow", "models", "predict", "-m", "models:/batch/1"]
    given = ["-i", str(folder / "many.csv"), "-t", "csv", "-o", str(folder / "many.json")]
    return _spent([*command, *given, "--env-manager", "local"])


def _spent(command: list[str]) -> Spent:
    begun = time.monotonic()
    environ = os.environ | {"MLFLOW_TRACKING_URI": place("batch").uri}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:4]} ended with {process.returncode}")
    return Spent(used.ru_utime + used.ru_stime, time.monotonic() - begun, used.ru_maxrss / 1024)
