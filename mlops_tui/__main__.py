"""Runs the command line as ``python -m mlops_tui``."""

import sys

from mlops_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
