"""The arguments of a program that reads them with ``argparse``."""

import ast
from collections.abc import Iterator, Mapping

from mlops_tui.domain.argument import Argument, CommandLine, unique
from mlops_tui.domain.cli_reading.field import KINDS, field, kind_of
from mlops_tui.domain.cli_reading.literal import (
    UNKNOWN,
    Names,
    imports,
    keywords,
    last_name,
    said,
    text_of,
)
from mlops_tui.domain.recipe import Value

Given = Mapping[str, ast.expr]

SWITCHES = {"store_true": True, "store_false": False, "BooleanOptionalAction": None}
LEFT_OUT = ("help", "version")
TRUTH = ("True", "")
"""``type=bool`` takes any text for true but the empty one."""


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the program does not use ``argparse``."""
    calls = [node for node in _in_order(tree) if isinstance(node.func, ast.Attribute) and node.args]
    added = [call for call in calls if last_name(call.func) == "add_argument"]
    if not added or not imports(tree, "argparse"):
        return None
    parts = [text_of(Names(tree).value(c.args[0])) for c in calls if last_name(c) == "add_parser"]
    if parts:
        return CommandLine(
            source="argparse", note=f"It has sub-commands, for the free arguments: {_list(parts)}."
        )
    names, left = Names(tree), []
    found = []
    for call in added:
        argument = _argument(call, names)
        if argument:
            found.append(argument)
        elif last_name(keywords(call).get("action")) not in LEFT_OUT:
            left.append(ast.unparse(call.args[0])[:40])
    note = f"Left to the free arguments: {_list(left)}." if left else ""
    return CommandLine(unique(found), "argparse", note)


def _in_order(tree: ast.Module) -> Iterator[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return iter(sorted(calls, key=lambda call: (call.lineno, call.end_col_offset or 0)))


def _list(names: list[str]) -> str:
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")  # noqa: PLR2004 - as many fit


def _argument(call: ast.Call, names: Names) -> Argument | None:
    """Return the argument that a call of ``add_argument`` adds, None for one that no form shows."""
    given = keywords(call)
    flags = [names.value(each) for each in call.args]
    if not flags or not all(isinstance(each, str) and each for each in flags):
        return None
    flag = next((each for each in flags if each.startswith("--")), flags[0])
    name = names.value(given["dest"]) if "dest" in given else flag.lstrip("-").replace("-", "_")
    action = last_name(given.get("action")) or "store"
    if not isinstance(name, str) or not name:
        return None
    if action in SWITCHES:
        return _switch(name, flag, action, given, names)
    if action not in ("store", "append", "extend"):
        return None
    return _valued(name, flag if flag.startswith("-") else "", action, given, names)


def _switch(name: str, flag: str, action: str, given: Given, names: Names) -> Argument:
    turned = SWITCHES[action]
    default = names.value(given.get("default"))
    if not isinstance(default, bool):
        default = None if turned is None else not turned
    parameter = field(name, bool, default, help=_help(given, default, names))
    if turned is None:
        return Argument(parameter, flag, f"--no-{flag.removeprefix('--')}")
    return Argument(parameter, flag if turned else "", "" if turned else flag)


def _valued(name: str, flag: str, action: str, given: Given, names: Names) -> Argument:
    nargs = names.value(given.get("nargs"))
    default = names.value(given["default"]) if "default" in given else None
    kind = _kind(given.get("type"))
    required = names.value(given.get("required")) is True or (not flag and nargs not in ("?", "*"))
    choices = names.value(given.get("choices"))
    parameter = field(
        name,
        kind,
        default,
        help=_help(given, default, names),
        said=said(given.get("default")),
        required=required,
        choices=tuple(choices) if isinstance(choices, list | tuple | set) else (),
        many=nargs in ("*", "+") or isinstance(nargs, int) or action != "store",
    )
    spelled = None
    if kind is bool:
        spelled = TRUTH if last_name(given.get("type")) == "bool" else ("true", "false")
    return Argument(
        parameter, flag, spelled=spelled, repeated=action == "append" and nargs is UNKNOWN
    )


def _kind(node: ast.expr | None) -> type[Value]:
    """Return the type; a function whose name speaks of bool reads true and false."""
    name = last_name(node)
    return bool if "bool" in name.lower() and name not in KINDS else kind_of(node)


def _help(given: Given, default: object, names: Names) -> str:
    text = text_of(names.value(given.get("help")))
    shown = "" if default is UNKNOWN else str(default)
    return text.replace("%(default)s", shown).replace("%%", "%")
