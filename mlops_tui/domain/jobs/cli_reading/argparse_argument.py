"""One argument that a program adds to a parser of ``argparse``."""

import ast
from collections.abc import Mapping

from mlops_tui.domain.jobs.argument import Argument
from mlops_tui.domain.jobs.cli_reading.choices import listed
from mlops_tui.domain.jobs.cli_reading.field import KINDS, field, kind_of
from mlops_tui.domain.jobs.cli_reading.literal import (
    UNKNOWN,
    Names,
    keywords,
    last_name,
    said,
    text_of,
)
from mlops_tui.domain.jobs.recipe import Value

Given = Mapping[str, ast.expr]

SWITCHES = {"store_true": True, "store_false": False, "BooleanOptionalAction": None}
LEFT_OUT = ("help", "version")
HIDDEN = "SUPPRESS"
"""As help it hides an argument, as default it is none."""
REST = ("REMAINDER", "...")
"""It takes all that follows, as the free arguments do."""
TRUTH = ("True", "")
"""``type=bool`` takes any text for true but the empty one."""


def is_hidden(call: ast.Call) -> bool:
    """Return whether the program itself shows no such argument."""
    given = keywords(call)
    return last_name(given.get("help")) == HIDDEN or last_name(given.get("action")) in LEFT_OUT


def read_argument(call: ast.Call, names: Names, defaults: Given) -> Argument | None:
    """Return the argument that a call of ``add_argument`` adds, None for one that no form shows.

    ``defaults`` are those that the parser is given for all.
    """
    given = dict(keywords(call))
    flags = [names.value(each) for each in call.args]
    if not flags or not all(isinstance(each, str) and each for each in flags):
        return None
    flag = next((each for each in flags if each.startswith("--")), flags[0])
    name = names.value(given["dest"]) if "dest" in given else flag.lstrip("-").replace("-", "_")
    action = last_name(given.get("action")) or "store"
    if not isinstance(name, str) or not name or is_hidden(call):
        return None
    if name in defaults:
        given["default"] = defaults[name]
    if last_name(given.get("default")) == HIDDEN:
        del given["default"]
    if action in SWITCHES:
        return _switch(name, flag, action, given, names)
    if action not in ("store", "append", "extend") or _takes_the_rest(given, names):
        return None
    return _valued(name, flag if flag.startswith("-") else "", action, given, names)


def _takes_the_rest(given: Given, names: Names) -> bool:
    node = given.get("nargs")
    return last_name(node) in REST or names.value(node) in REST


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
    if required:
        # Argparse never comes to such a default; as one it would not be written.
        default = None
    parameter = field(
        name,
        kind,
        default,
        help=_help(given, default, names),
        said=said(given.get("default")),
        required=required,
        choices=listed(given.get("choices"), names),
        many=nargs in ("*", "+") or isinstance(nargs, int) or action != "store",
    )
    spelled = None
    if kind is bool:
        spelled = TRUTH if last_name(given.get("type")) == "bool" else ("true", "false")
    return Argument(
        parameter, flag, spelled=spelled, repeated=action == "append" and nargs is UNKNOWN
    )


def _kind(node: ast.expr | None) -> type[Value]:
    """Return the type; a function that speaks of bool reads true and false."""
    if isinstance(node, ast.Lambda):
        return _kind_of_result(node.body)
    name = last_name(node)
    return bool if "bool" in name.lower() and name not in KINDS else kind_of(node)


def _kind_of_result(body: ast.expr) -> type[Value]:
    """Return what a function without a name makes of a text."""
    if isinstance(body, ast.Compare) or "bool" in ast.unparse(body).lower():
        return bool
    return kind_of(body) if isinstance(body, ast.Call) else str


def _help(given: Given, default: object, names: Names) -> str:
    text = text_of(names.value(given.get("help")))
    shown = "" if default is UNKNOWN else str(default)
    return text.replace("%(default)s", shown).replace("%%", "%")
