"""The arguments that a program takes, read from its text without running it."""

import ast
from dataclasses import replace
from itertools import chain

from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading import (
    absl_reader,
    argparse_reader,
    click_reader,
    configurator_reader,
    dataclass_reader,
    fire_reader,
    hydra_reader,
    simple_parsing_reader,
    typer_reader,
)
from mlops_tui.domain.jobs.cli_reading.local_imports import MOST_MODULES, Beside, with_modules

READERS = (
    simple_parsing_reader.read,
    dataclass_reader.read,
    typer_reader.read,
    fire_reader.read,
    click_reader.read,
    absl_reader.read,
    argparse_reader.read,
    configurator_reader.read,
)
"""The first that finds something has it; a dataclass is often beside a parser of another kind."""

LARGEST = 1_000_000
"""Characters of a program's text that are read."""


def _nothing(_path: str) -> str | None:
    return None


def read_source(text: str, beside: Beside = _nothing) -> CommandLine:
    """Return the arguments of the program with this text; none where it makes no sense.

    ``beside`` reads the files of the program's own that it uses.
    """
    if len(text) > LARGEST:
        return CommandLine(note="Its source is too long to be read.")
    try:
        tree, is_whole = with_modules(ast.parse(text), beside)
        found = chain((hydra_reader.read(tree, beside),), (read(tree) for read in READERS))
        line = next((each for each in found if each is not None), CommandLine())
    except (SyntaxError, ValueError):
        return CommandLine(note="Its source is no Python that can be read here.")
    except (RecursionError, MemoryError):
        return CommandLine(note="Its source is nested too deeply to be read.")
    if is_whole:
        return line
    note = f"Only the first {MOST_MODULES} of its modules were read."
    return replace(line, note=" ".join(filter(None, (line.note, note))), has_more=True)
