"""Flags and types that several sub-commands use."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no other name
else:
    Commands = object


def add_formats(parser: argparse.ArgumentParser) -> None:
    """Add ``--json`` and ``--csv``; without them a table is printed."""
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="as JSON, for programs")
    formats.add_argument("--csv", action="store_true", help="as CSV, for programs")


def count(text: str) -> int:
    """Parse a number of things, 0 or more, for argparse."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number
