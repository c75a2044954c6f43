"""The arguments that a program takes, read from its text without running it."""

import ast

from mlops_tui.domain.argument import CommandLine
from mlops_tui.domain.cli_reading import (
    argparse_reader,
    click_reader,
    dataclass_reader,
    typer_reader,
)

READERS = (dataclass_reader.read, typer_reader.read, click_reader.read, argparse_reader.read)
"""The first that finds something has it; a dataclass is often beside a parser of another kind."""

LARGEST = 1_000_000
"""Characters of a program's text that are read."""


def read_source(text: str) -> CommandLine:
    """Return the arguments of the program with this text; none where it makes no sense."""
    if len(text) > LARGEST:
        return CommandLine(note="Its source is too long to be read.")
    try:
        tree = ast.parse(text)
        found = (read(tree) for read in READERS)
        return next((each for each in found if each is not None), CommandLine())
    except (SyntaxError, ValueError):
        return CommandLine(note="Its source is no Python that can be read here.")
    except (RecursionError, MemoryError):
        return CommandLine(note="Its source is nested too deeply to be read.")
