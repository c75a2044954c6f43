"""The arguments of a program that reads them with ``fire``."""

import ast

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.literal import (
    Function,
    Names,
    default_text,
    imports,
    keywords,
    last_name,
)
from mlops_tui.domain.jobs.cli_reading.python_value import spelled, spelled_text
from mlops_tui.domain.jobs.cli_reading.variables import EMPTY, Variable, of_function


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the program calls no ``Fire`` with something of its own."""
    if not imports(tree, "fire"):
        return None
    names = Names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and last_name(node) == "Fire":
            told = node.args[0] if node.args else keywords(node).get("component")
            return _component(told, names) if told else _group(tree.body, names)
    return None


def _component(node: ast.expr | None, names: Names) -> CommandLine | None:
    match node:
        case ast.Name(id=name) if name in names.functions:
            return CommandLine(_arguments(names.functions[name], names), "fire")
        case ast.Name(id=name) if name in names.classes:
            return _group(names.classes[name].body, names)
        case ast.Dict(keys=keys, values=values):
            told = zip(map(names.value, keys), values, strict=True)
            lines = {str(key): _component(each, names) for key, each in told}
            known = {name: line for name, line in lines.items() if line}
            return CommandLine(source="fire", commands=known)
    return None


def _group(body: list[ast.stmt], names: Names) -> CommandLine:
    """Return the functions of a module or of a class as sub-commands."""
    found = {each.name: each for each in body if isinstance(each, Function)}
    made = _arguments(found["__init__"], names) if "__init__" in found else ()
    shown = {name: each for name, each in found.items() if not name.startswith("_")}
    commands = {name: CommandLine(_arguments(each, names), "fire") for name, each in shown.items()}
    return CommandLine(made, "fire", commands=commands)


def _arguments(function: Function, names: Names) -> tuple[Argument, ...]:
    variables = (each for each in of_function(function, names) if each.name != "self")
    return unique(map(_argument, variables))


def _argument(variable: Variable) -> Argument:
    """Return the flag of a parameter; ``fire`` reads its value as Python."""
    annotation, default = variable.annotation, variable.default
    kind = annotation.kind
    if not annotation.name and isinstance(default, bool | int | float):
        kind = type(default)
    if annotation.many or isinstance(default, list | tuple | dict):
        kind, default = str, repr(default) if isinstance(default, list | tuple | dict) else default
    parameter = field(
        variable.name,
        kind,
        None if default is EMPTY else default,
        shown=default_text(variable.node),
        required=default is EMPTY and not annotation.optional,
    )
    is_text = annotation.name == "str" or isinstance(variable.default, str)
    spell = spelled_text if is_text and kind is str and not annotation.many else spelled
    return Argument(parameter, f"--{variable.name}=", spell=spell)
