"""Drift of two tables beside scipy's tests column by column; false alarms and missed shifts."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.benchmarks.place import place, python
from tests.benchmarks.ratio import Ratio

MOST, MOST_OF_SAMPLES = 1_400, 500
"""MiB of the process, with all rows and with samples."""
ALARMS, MISSED = 2.0, 5.0
"""Per cent that are allowed."""


def measure() -> list[Ratio]:
    """Return CPU and memory on 1M x 20 against 1M x 20, and what alarms are worth."""
    folder = str(Path(place("drift").folder.name))
    subprocess.run(python("drift_beside_scipy", "make", folder), check=True)
    ways = ("scipy", "full", "sampled", "files", "files_sampled", "endless", "endless_sampled")
    done = {what: _told("drift_beside_scipy", what, folder) for what in ways}
    cpu = {what: each["cpu"] for what, each in done.items()}
    memory = {what: each["memory"] for what, each in done.items()}
    shares = _told("drift_alarms")
    beside = "scipy column by column"
    return [
        Ratio(f"CPU of drift, 1M x 20, all rows, {beside}", cpu["full"], cpu["scipy"], "s", 0.2),
        Ratio(f"CPU of drift, 1M x 20, sampled, {beside}", cpu["sampled"], cpu["scipy"], "s", 0.02),
        Ratio("  both files read from Parquet, too, all rows", cpu["files"], cpu["scipy"], "s"),
        Ratio("  the same, sampled", cpu["files_sampled"], cpu["scipy"], "s"),
        Ratio("memory of drift, 2 files of 1M x 20, limit", memory["files"], MOST, "MiB", 1.0),
        Ratio("  4M x 20, all rows, limit", memory["endless"], MOST, "MiB", 1.0),
        Ratio("  4M x 20, sampled, limit", memory["endless_sampled"], MOST_OF_SAMPLES, "MiB", 1.0),
        Ratio("false alarms of 200 stable chunks, allowed", shares["alarms"], ALARMS, "%", 1.0),
        Ratio("  by p < 0.05 alone", shares["by_p"], ALARMS, "%"),
        Ratio("  by the effect alone", shares["by_effect"], ALARMS, "%"),
        Ratio("missed 0.5 σ in 1 of 20, 2 x 1,000 rows", shares["missed"], MISSED, "%", 1.0),
    ]


def _told(module: str, *words: str) -> dict[str, Any]:
    done = subprocess.run(python(module, *words), check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
