"""Runs a program on its plan; what it says to a person becomes the end of its log."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .problem import Problem, harmless

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET = {
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_DISABLE_AGENT_HINT": "1",
}


def start(run: Callable[[dict[str, Any]], object], plan_file: str) -> int:
    """Run a program on the plan in a JSON file; return the exit code."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        run(json.loads(Path(plan_file).read_text(encoding="utf-8")))
    except ImportError as error:
        sys.stderr.write(f"This Python lacks what the job needs: {harmless(str(error))}\n")
        return 1
    except Problem as problem:
        sys.stderr.write(f"{harmless(str(problem))}\n")
        return 1
    return 0
