"""The arguments of a program that reads them with ``typer``."""

import ast
from collections.abc import Iterator

from mlops_tui.domain.argument import Argument, CommandLine, unique
from mlops_tui.domain.cli_reading.field import field
from mlops_tui.domain.cli_reading.literal import (
    UNKNOWN,
    Names,
    imports,
    keywords,
    last_name,
    said,
    text_of,
)
from mlops_tui.domain.cli_reading.signature import EMPTY, Variable, of_function

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments of the one command, None where the program does not use ``typer``."""
    if not imports(tree, "typer"):
        return None
    names = Names(tree)
    commands = list(_commands(tree, names))
    if not commands:
        return None
    grouped = any(last_name(d) == "callback" for f in names.functions.values() for d in _called(f))
    if len(commands) > 1 or grouped:
        known = ", ".join(one.name.replace("_", "-") for one in commands[:8])
        return CommandLine(
            source="typer", note=f"It has sub-commands, for the free arguments: {known}."
        )
    found = (_argument(each, names) for each in of_function(commands[0], names))
    return CommandLine(unique(filter(None, found)), "typer")


def _called(function: Function) -> Iterator[ast.expr]:
    return (each for each in function.decorator_list if isinstance(each, ast.Call))


def _commands(tree: ast.Module, names: Names) -> Iterator[Function]:
    for function in names.functions.values():
        if any(last_name(each) == "command" for each in _called(function)):
            yield function
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="typer"), attr="run"),
                args=[ast.Name(id=name)],
            ) if name in names.functions:
                yield names.functions[name]


def _argument(variable: Variable, names: Names) -> Argument | None:
    annotation = variable.annotation
    if annotation.name == "Context":
        return None
    calls = [each for each in (variable.node, *annotation.extras) if isinstance(each, ast.Call)]
    told = next((each for each in calls if last_name(each) in ("Option", "Argument")), None)
    default, node = variable.default, variable.node
    if told is variable.node and told is not None:
        node = told.args[0] if told.args else keywords(told).get("default")
        default = EMPTY if node is None else names.value(node)
    if isinstance(node, ast.Constant) and node.value is ...:
        default = EMPTY
    if isinstance(default, str | int | float | bool) and annotation.choices:
        default = str(default)
    given = keywords(told) if told else {}
    word = last_name(told) or ("Argument" if default is EMPTY else "Option")
    low, high = (names.value(given.get(end)) for end in ("min", "max"))
    parameter = field(
        variable.name,
        annotation.kind,
        None if default is EMPTY else default,
        help=text_of(names.value(given.get("help"))),
        said=said(node),
        required=default is EMPTY and not annotation.optional,
        choices=annotation.choices,
        many=annotation.many,
        low=low if isinstance(low, int | float) else None,
        high=high if isinstance(high, int | float) else None,
    )
    if word == "Argument":
        return Argument(parameter)
    own = [flag for flag in map(names.value, (told.args if told else ())) if _is_flag(flag)]
    first = max(own, key=len) if own else f"--{variable.name.replace('_', '-')}"
    flag, slash, off = (part.strip() for part in first.partition("/"))
    if annotation.kind is not bool:
        return Argument(parameter, flag, repeated=annotation.many)
    return Argument(parameter, flag, off if slash or own else f"--no-{flag.removeprefix('--')}")


def _is_flag(value: object) -> bool:
    return value is not UNKNOWN and isinstance(value, str) and value.startswith("-")
