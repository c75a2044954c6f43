"""The arguments of a program that reads them with ``argparse``."""

import ast
from collections.abc import Iterator, Mapping

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.argparse_argument import is_hidden, read_argument
from mlops_tui.domain.jobs.cli_reading.left_out import left_out
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, imports
from mlops_tui.domain.jobs.cli_reading.parser_walk import Parser, parser_of

MODULES = ("argparse", "configargparse")


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the program does not use ``argparse``."""
    if not imports(tree, *MODULES):
        return None
    names = Names(tree)
    line = _line(parser_of(tree, names), names)
    return line if line.arguments or line.commands or line.note or line.has_more else None


def _line(parser: Parser, names: Names) -> CommandLine:
    left: list[ast.expr] = []
    arguments = unique(_arguments(parser, names, {}, left))
    commands = {name: _line(inner, names) for name, inner in parser.commands.items()}
    flags = [names.value(each) for each in left]
    note = left_out(each for each in flags if isinstance(each, str))
    return CommandLine(arguments, "argparse", note, UNKNOWN in flags, commands)


def _arguments(
    parser: Parser, names: Names, defaults: Mapping[str, ast.expr], left: list[ast.expr]
) -> Iterator[Argument]:
    """Return the arguments of a parser behind those of its parents; ``left`` gets the others."""
    defaults = {**parser.defaults, **defaults}
    for parent in parser.parents:
        yield from _arguments(parent, names, defaults, left)
    for call in parser.added:
        argument = read_argument(call, names, defaults)
        if argument:
            yield argument
        elif not is_hidden(call):
            left.append(call.args[0])
