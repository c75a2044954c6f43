"""How long the history of a model takes to open beside one bare page of MLflow."""

import json
import subprocess

from tests.benchmarks.place import python
from tests.benchmarks.ratio import Ratio

BAR = 1.25


def measure() -> list[Ratio]:
    """Return what reading the history costs, and what recording adds to a move."""
    done = subprocess.run(
        python("history_beside_search"), check=True, stdout=subprocess.PIPE, text=True
    )
    taken = json.loads(done.stdout.splitlines()[-1])
    return [
        Ratio("history of 1,000 changes, a bare page", taken["history"], taken["page"], "ms", BAR),
        Ratio("  move to a stage, the same unrecorded", taken["move"], taken["bare"], "ms"),
    ]
