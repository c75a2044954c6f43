"""Starts the program from the path of its folder: ``python …/batch_program PLAN_FILE``."""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Import the folder as a package, then leave the way free for the model's modules."""
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    program = importlib.import_module(f"{here.name}.program")
    del sys.path[0]
    try:
        plan = Path(sys.argv[1]).read_text(encoding="utf-8")
    except OSError as error:
        sys.exit(f"The plan {sys.argv[1]} cannot be read: {error.strerror}.")
    sys.exit(program.main(plan))


if __name__ == "__main__":
    main()
