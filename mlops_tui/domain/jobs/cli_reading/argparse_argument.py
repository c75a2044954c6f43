"""One argument that a program adds to a parser of ``argparse``."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlops_tui.domain.jobs.argument import Argument
from mlops_tui.domain.jobs.cli_reading.choices import listed
from mlops_tui.domain.jobs.cli_reading.field import KINDS, field, joined, kind_of, simple
from mlops_tui.domain.jobs.cli_reading.literal import (
    UNKNOWN,
    Names,
    default_text,
    keywords,
    last_name,
    text_of,
)
from mlops_tui.domain.jobs.dialect import Dialect
from mlops_tui.domain.jobs.recipe import Value, to_text, words

Given = Mapping[str, ast.expr]

SWITCHES = {"store_true": True, "store_false": False, "BooleanOptionalAction": None}
LEFT_OUT = ("help", "version")
HIDDEN = "SUPPRESS"
"""As help it hides an argument, as default it is none."""
REST = ("REMAINDER", "...")
"""It takes all that follows, as the free arguments do."""
TRUTH = ("True", "")
"""``type=bool`` takes any text for true but the empty one."""
SPELLINGS = (("true", "false"), ("True", "False"), ("yes", "no"), ("1", "0"), ("on", "off"))
"""What the functions that programs have for it compare with."""


def is_hidden(call: ast.Call) -> bool:
    """Return whether the program itself shows no such argument."""
    given = keywords(call)
    return last_name(given.get("help")) == HIDDEN or last_name(given.get("action")) in LEFT_OUT


def read_argument(
    call: ast.Call, names: Names, defaults: Given, dialect: Dialect
) -> Argument | None:
    """Return the argument that a call of ``add_argument`` adds, None for one that no form shows.

    ``defaults`` are those that the parser is given for all.
    """
    known, is_whole = names.all_keywords(call)
    given = dict(known)
    flags = [names.value(each) for each in call.args]
    if not is_whole or not flags or not all(isinstance(each, str) and each for each in flags):
        return None
    is_flag = flags[0][0] in dialect.prefixes
    long = (each for each in flags if is_flag and each[1:2] and each[1] in dialect.prefixes)
    flag = next(long, flags[0])
    own = flag.lstrip(dialect.prefixes).replace("-", "_") if is_flag else flag
    name = names.value(given["dest"]) if "dest" in given else own
    action = last_name(given.get("action")) or "store"
    if not isinstance(name, str) or not name or is_hidden(call):
        return None
    if name in defaults:
        given["default"] = defaults[name]
    if last_name(given.get("default")) == HIDDEN:
        del given["default"]
    if action in SWITCHES:
        return replace(_switch(name, flag, action, given, names), dialect=dialect)
    if action == "store_const":
        return _constant(name, flag, given, names)
    if action not in ("store", "append", "extend") or _takes_the_rest(given, names):
        return None
    return replace(_valued(name, flag if is_flag else "", action, given, names), dialect=dialect)


def _takes_the_rest(given: Given, names: Names) -> bool:
    node = given.get("nargs")
    return last_name(node) in REST or names.value(node) in REST


def _default(given: Given, names: Names) -> object:
    return names.value(given["default"]) if "default" in given else None


def _switch(name: str, flag: str, action: str, given: Given, names: Names) -> Argument:
    turned, default = SWITCHES[action], _default(given, names)
    if "default" not in given:
        default = None if turned is None else not turned
    parameter = field(
        name,
        bool,
        default,
        help=_help(given, default, names),
        shown=default_text(given.get("default")),
    )
    if turned is None:
        # Only a flag with two dashes gets a second one.
        off = f"--no-{flag.removeprefix('--')}" if flag.startswith("--") else ""
        return Argument(parameter, flag, off)
    return Argument(parameter, flag if turned else "", "" if turned else flag)


def _constant(name: str, flag: str, given: Given, names: Names) -> Argument:
    """Return an argument whose flag stands for one value."""
    default, const = _default(given, names), simple(names.value(given.get("const")))
    text = flag if const is None or const == "" else to_text(const)
    before = simple(default)
    parameter = field(
        name,
        str,
        None if before is None else to_text(before),
        help=_help(given, default, names),
        shown=default_text(given.get("default")) if before is None and default is not None else "",
        choices=[to_text(before), text] if before is not None else [text],
        constants=[text],
    )
    return Argument(parameter, constants={text: flag})


def _valued(name: str, flag: str, action: str, given: Given, names: Names) -> Argument:
    nargs = names.value(given["nargs"]) if "nargs" in given else None
    kind, default = _kind(given.get("type"), names), _default(given, names)
    required = names.value(given.get("required")) is True or (not flag and nargs not in ("?", "*"))
    spelled = _spelled(given.get("type"), names) if kind is bool else None
    is_nested = action == "append" and nargs not in (None, "?")
    adds = joined(default) if action != "store" and not is_nested else None
    if is_nested and default:
        default = UNKNOWN
    if required:
        # Argparse never comes to such a default; as one it would not be written.
        default = None
    elif spelled == TRUTH and isinstance(default, str):
        default = bool(default)
    choices = listed(given.get("choices"), names)
    constants = _bare(flag, kind, choices, given, names) if nargs == "?" else {}
    alone = [f"{text} alone: {const}" for text, const in constants.items()]
    many = nargs not in (None, "?") or action != "store"
    parameter = field(
        name,
        kind,
        default,
        help="; ".join(filter(None, [*alone, _help(given, default, names)])),
        shown=default_text(given.get("default")),
        required=required,
        choices=choices,
        many=many,
        count=nargs + len(words(adds or "")) if isinstance(nargs, int) else 0,
        constants=list(constants),
    )
    return Argument(
        parameter,
        flag,
        spelled=spelled,
        repeated=action == "append" and nargs in (None, "?"),
        adds=adds or "",
        constants=dict.fromkeys(constants, flag),
    )


def _bare(
    flag: str, kind: type[Value], choices: Sequence[object], given: Given, names: Names
) -> dict[str, str]:
    """Return the flag with what it means without a value, nothing where a value means the same."""
    if not flag or "const" not in given:
        return {}
    const = names.value(given["const"])
    is_value = isinstance(const, kind) and isinstance(const, bool) == (kind is bool)
    if is_value and const != "" and (not choices or const in choices):
        return {}
    return {flag: ast.unparse(given["const"])[:60]}


def _kind(node: ast.expr | None, names: Names) -> type[Value]:
    """Return the type; a function that speaks of bool reads true and false."""
    if isinstance(node, ast.Lambda):
        return _kind_of_result(node.body)
    name = last_name(node)
    if name in names.functions and name in KINDS:
        return str
    return bool if "bool" in name.lower() and name not in KINDS else kind_of(node)


def _kind_of_result(body: ast.expr) -> type[Value]:
    """Return what a function without a name makes of a text."""
    if isinstance(body, ast.Compare) or "bool" in ast.unparse(body).lower():
        return bool
    return kind_of(body) if isinstance(body, ast.Call) else str


def _spelled(node: ast.expr | None, names: Names) -> tuple[str, str]:
    """Return the words that a type takes for true and false, as its text has them."""
    name = last_name(node)
    if name == "bool":
        return TRUTH
    text = ast.unparse(names.functions.get(name) or node) if node is not None else ""
    spelled = next((pair for pair in SPELLINGS if f"'{pair[0]}'" in text), None)
    return spelled or (("1", "0") if "int(" in text else SPELLINGS[0])


def _help(given: Given, default: object, names: Names) -> str:
    text = text_of(names.value(given.get("help")))
    shown = "" if default is UNKNOWN else str(default)
    return text.replace("%(default)s", shown).replace("%%", "%")
