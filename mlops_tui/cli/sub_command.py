"""What the sub-commands that read have in common."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no other name
else:
    Commands = object


def add_formats(parser: argparse.ArgumentParser) -> None:
    """Add the flags for programs; without one, a table for people is printed."""
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="as JSON, for programs")
    formats.add_argument("--csv", action="store_true", help="as CSV, for programs")


def count(text: str) -> int:
    """Return a number of things, as argparse wants it read."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number
