"""The command line: flags, sub-commands, exit codes."""

from mlops_tui.cli.command import main

__all__ = ["main"]
