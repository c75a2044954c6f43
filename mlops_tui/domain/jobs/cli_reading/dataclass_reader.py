"""The arguments of a program that makes them of a dataclass."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, last_name, said
from mlops_tui.domain.jobs.cli_reading.signature import EMPTY, Variable, of_dataclass, of_function


@dataclass(frozen=True, slots=True)
class Style:
    """How a library writes the flag of a field, and a truth."""

    source: str
    dashes: bool
    spelled: tuple[str, str] | None
    """None where ``--no-flag`` turns off what ``--flag`` turns on."""


HUGGING_FACE = Style("HfArgumentParser", dashes=False, spelled=("true", "false"))
HUGGING_FACE_PARSERS = ("HfArgumentParser", "TrlParser")
TYRO = Style("tyro", dashes=True, spelled=None)
SIMPLE = Style("simple-parsing", dashes=False, spelled=("true", "false"))

CLASSES = ("dataclass_types", "config_class", "f")
"""What the libraries call the argument that is the dataclass."""

LONGEST_PATH = 6
"""Dataclasses within dataclasses that are followed."""


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where none of the libraries is called with a dataclass."""
    names = Names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (style := _style(node)):
            told = list(_told(node, tree))
            found = unique(each for name in told for each in _of(name, "", style, names, 0))
            unread = [name for name in told if name not in (*names.classes, *names.functions)]
            if found or unread:
                return CommandLine(found, style.source, _unread(unread), has_more=bool(unread))
    return None


def _unread(classes: Sequence[str]) -> str:
    names = ", ".join(classes)
    return f"The fields of {names} are not in its text." if names else ""


def _style(call: ast.Call) -> Style | None:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in HUGGING_FACE_PARSERS:
            return HUGGING_FACE
        case ast.Attribute(value=ast.Name(id="tyro"), attr="cli"):
            return TYRO
        case ast.Attribute(value=ast.Name(id="simple_parsing"), attr="parse"):
            return SIMPLE
        case ast.Attribute(attr="add_arguments"):
            return SIMPLE
    return None


def _told(call: ast.Call, tree: ast.Module) -> Iterator[str]:
    """Return the names of the dataclasses that a call is given."""
    for node in (*call.args[:1], *(each.value for each in call.keywords if each.arg in CLASSES)):
        listed = _assigned(node.id, tree) if isinstance(node, ast.Name) else node
        for each in listed.elts if isinstance(listed, ast.Tuple | ast.List) else [node]:
            if name := last_name(each):
                yield name


def _assigned(name: str, tree: ast.Module) -> ast.expr | None:
    """Return what a name stands for, wherever in the program that is said."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=known)], value=value) if known == name:
                return value
    return None


def _of(name: str, prefix: str, style: Style, names: Names, depth: int) -> Iterator[Argument]:
    variables: Callable[[], Iterator[Variable]]
    if name in names.classes:
        variables = lambda: of_dataclass(name, names)  # noqa: E731 - the other branch is one, too
    elif name in names.functions and style is TYRO:
        variables = lambda: of_function(names.functions[name], names)  # noqa: E731 - as above
    else:
        return
    for variable in variables():
        inner = variable.annotation.name
        if _is_dataclass(inner, names) and depth < LONGEST_PATH:
            own = f"{prefix}{variable.name}." if style is TYRO else ""
            yield from _of(inner, own, style, names, depth + 1)
        else:
            yield _argument(variable, prefix, style)


def _is_dataclass(name: str, names: Names) -> bool:
    found = names.classes.get(name)
    return found is not None and any(last_name(d) == "dataclass" for d in found.decorator_list)


def _argument(variable: Variable, prefix: str, style: Style) -> Argument:
    annotation, default = variable.annotation, variable.default
    if annotation.choices and isinstance(default, str | int | float):
        default = str(default)
    name = f"{prefix}{variable.name}"
    parameter = field(
        name,
        annotation.kind,
        None if default is EMPTY else default,
        help=variable.help,
        said=said(variable.node) if default is UNKNOWN else "",
        required=default is EMPTY and not annotation.optional,
        choices=annotation.choices,
        many=annotation.many,
    )
    flag = f"--{name.replace('_', '-') if style.dashes else name}"
    if annotation.kind is not bool or annotation.many:
        return Argument(parameter, flag)
    head, _, last = flag.removeprefix("--").rpartition(".")
    off = f"--{head}.no-{last}" if head else f"--no-{last}"
    return Argument(parameter, flag, "" if style.spelled else off, style.spelled)
