"""Starts a program by the path of this folder: ``python …/model_programs MODULE PLAN_FILE``."""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Import the folder as a package, then leave the way free for the model's modules."""
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    start = importlib.import_module(f"{here.name}.start")
    program = importlib.import_module(f"{here.name}.{sys.argv[1]}")
    del sys.path[0]
    sys.exit(start.start(program.run, sys.argv[2]))


if __name__ == "__main__":
    main()
