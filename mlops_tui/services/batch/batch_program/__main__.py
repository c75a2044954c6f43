"""Starts the program from the path of its folder: ``python …/batch_program PLAN``."""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Import the folder as a package, then leave the way free for the model's modules."""
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    program = importlib.import_module(f"{here.name}.program")
    del sys.path[0]
    sys.exit(program.main(sys.argv[1]))


if __name__ == "__main__":
    main()
