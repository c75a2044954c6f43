"""The arguments of a program that reads them with ``argparse``."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mlops_tui.domain.jobs.argument import Argument, CommandLine
from mlops_tui.domain.jobs.cli_reading.argparse_argument import is_hidden, read_argument
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, imports
from mlops_tui.domain.jobs.cli_reading.parser_walk import LaterDefault, Parser, parser_of
from mlops_tui.domain.jobs.cli_reading.same_name import joined_by_name
from mlops_tui.domain.jobs.cli_reading.unparsed_args import left_out
from mlops_tui.domain.jobs.dialect import Dialect

MODULES = ("argparse", "configargparse")


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the program does not use ``argparse``."""
    if not imports(tree, *MODULES):
        return None
    return read_parsers(tree, Names(tree))


def read_parsers(tree: ast.Module, names: Names) -> CommandLine | None:
    """Return the arguments of parsers, whatever package they are of; None where there are none."""
    line = _line(parser_of(tree, names), names)
    return line if line.arguments or line.commands or line.note or line.has_more else None


def _line(parser: Parser, names: Names) -> CommandLine:
    found = _Found(names)
    found.read(parser, {})
    arguments, unread = joined_by_name(each for _, each in found.arguments)
    commands = {name: _line(inner, names) for name, inner in parser.commands.items()}
    flags = [*map(names.value, found.left), *unread]
    parts = (left_out(each for each in flags if isinstance(each, str)), *found.notes)
    return CommandLine(
        arguments,
        "argparse",
        " ".join(filter(None, parts)),
        UNKNOWN in flags,
        commands,
        exclusive=tuple(found.exclusive()),
    )


@dataclass
class _Found:
    """What a parser and those that lend to it were given; ``left`` is what has no field."""

    names: Names
    arguments: list[tuple[ast.Call, Argument]] = field(default_factory=list)
    left: list[ast.expr] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    groups: list[list[ast.Call]] = field(default_factory=list)

    def read(self, parser: Parser, defaults: Mapping[str, ast.expr]) -> None:
        """Read a parser behind its parents; ``defaults`` are set later than its own."""
        later = {name: each.value for name, each in parser.defaults.items()} | dict(defaults)
        for parent in parser.parents:
            self.read(parent, later)
        dialect = _dialect(parser, self.names)
        for number, call in enumerate(parser.added):
            argument = read_argument(
                call, self.names, _told(parser.defaults, number) | dict(defaults), dialect
            )
            if argument:
                self.arguments.append((call, argument))
            elif not is_hidden(call):
                self.left.append(call.args[0])
        self.groups += parser.exclusive
        self.notes += [f"Its defaults may be others: {call[:60]}." for call in parser.unread]

    def exclusive(self) -> Iterator[frozenset[str]]:
        """Return the names of which only one can be given."""
        for group in self.groups:
            inside = {id(call) for call in group}
            yield frozenset(a.parameter.name for call, a in self.arguments if id(call) in inside)


def _told(defaults: Mapping[str, LaterDefault], number: int) -> dict[str, ast.expr]:
    """Return the defaults that a parser sets behind the argument with this number."""
    return {name: each.value for name, each in defaults.items() if each.added > number}


def _dialect(parser: Parser, names: Names) -> Dialect:
    prefixes, files = names.value(parser.prefixes), names.value(parser.files)
    flags = [names.value(each) for call in parser.added for each in call.args]
    numbers = any(
        isinstance(each, str) and each[:1] == "-" and each[1:2].isdigit() for each in flags
    )
    return Dialect(
        prefixes if isinstance(prefixes, str) and prefixes else "-",
        ties_short=True,
        negatives=not numbers,
        files=files if isinstance(files, str) else "",
    )
