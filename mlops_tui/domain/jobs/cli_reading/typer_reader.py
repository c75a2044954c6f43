"""The arguments of a program that reads them with ``typer``."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.annotation import UNREAD
from mlops_tui.domain.jobs.cli_reading.click_option import CLICK
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.literal import (
    UNKNOWN,
    Function,
    Names,
    default_text,
    imports,
    keywords,
    last_name,
    text_of,
)
from mlops_tui.domain.jobs.cli_reading.variables import EMPTY, Variable, of_function


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the program has no command of ``typer``."""
    if not imports(tree, "typer"):
        return None
    names = Names(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="typer"), attr="run"),
                args=[ast.Name(id=name)],
            ) if name in names.functions:
                return _command(names.functions[name], names)
    program = _Program(tree, names)
    root = program.root()
    line = program.line(root) if root else None
    return line if line and (line.arguments or line.commands) else None


def _command(function: Function, names: Names) -> CommandLine:
    found = (_argument(each, names) for each in of_function(function, names))
    return CommandLine(unique(filter(None, found)), "typer")


@dataclass(frozen=True, slots=True)
class _Added:
    """An app that is part of another, with the name that it has there."""

    app: str
    outer: str
    name: str


class _Program:
    """The apps of a program, with their commands."""

    def __init__(self, tree: ast.Module, names: Names) -> None:
        self._names = names
        self._commands: dict[str, dict[str, Function]] = {}
        self._callbacks: dict[str, Function] = {}
        for function in names.functions.values():
            for call in function.decorator_list:
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                    self._take(last_name(call.func.value), call, function)
        self._added = list(self._parts(tree))

    def _take(self, app: str, call: ast.Call, function: Function) -> None:
        if last_name(call) == "callback":
            self._callbacks[app] = function
        elif last_name(call) == "command":
            name = self._told(call) or function.name.replace("_", "-").lower()
            self._commands.setdefault(app, {})[name] = function

    def _told(self, call: ast.Call) -> str:
        """Return the name that a call gives, empty where it gives none."""
        values = map(self._names.value, (*call.args, keywords(call).get("name")))
        return next((value for value in values if isinstance(value, str)), "")

    def _parts(self, tree: ast.Module) -> Iterator[_Added]:
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=outer, attr="add_typer"), args=[app, *_]):
                    made = self._names.constants.get(last_name(app))
                    own = self._told(made) if isinstance(made, ast.Call) else ""
                    yield _Added(last_name(app), last_name(outer), self._told(node) or own)

    def root(self) -> str:
        """Return the app that is part of no other, empty where there is none."""
        parts = {each.app for each in self._added}
        outer = (each.outer for each in self._added)
        return next((app for app in (*self._commands, *outer) if app not in parts), "")

    def line(self, app: str) -> CommandLine:
        """Return the arguments of an app; a program with a single command has no sub-commands."""
        own = self._commands.get(app, {})
        parts = {each.name: self.line(each.app) for each in self._added if each.outer == app}
        below = {name: line for name, line in parts.items() if line.commands}
        callback = self._callbacks.get(app)
        if len(own) == 1 and callback is None and not below and app == self.root():
            return _command(next(iter(own.values())), self._names)
        first = _command(callback, self._names) if callback else CommandLine(source="typer")
        commands = {name: _command(each, self._names) for name, each in own.items()}
        return replace(first, commands=commands | below)


def _argument(variable: Variable, names: Names) -> Argument | None:
    annotation = variable.annotation
    if annotation.name in ("Context", UNREAD):
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
        shown=default_text(node),
        required=default is EMPTY,
        choices=annotation.choices,
        many=annotation.many,
        count=annotation.count,
        low=low if isinstance(low, int | float) else None,
        high=high if isinstance(high, int | float) else None,
    )
    if word == "Argument":
        spelled = ("true", "false") if annotation.kind is bool else None
        return Argument(parameter, spelled=spelled, dialect=CLICK)
    own = [flag for flag in map(names.value, (told.args if told else ())) if _is_flag(flag)]
    first = max(own, key=len) if own else f"--{variable.name.replace('_', '-')}"
    flag, slash, off = (part.strip() for part in first.partition("/"))
    if annotation.kind is not bool or annotation.many:
        is_list = annotation.many and not annotation.count
        spelled = ("true", "false") if annotation.kind is bool else None
        return Argument(parameter, flag, spelled=spelled, repeated=is_list, dialect=CLICK)
    return Argument(parameter, flag, off if slash or own else f"--no-{flag.removeprefix('--')}")


def _is_flag(value: object) -> bool:
    return value is not UNKNOWN and isinstance(value, str) and value.startswith("-")
