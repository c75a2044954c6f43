"""One option or argument that a decorator of ``click`` adds to a command."""

import ast
from collections.abc import Callable, Mapping

from mlops_tui.domain.jobs.argument import Argument
from mlops_tui.domain.jobs.cli_reading.choices import listed
from mlops_tui.domain.jobs.cli_reading.field import field, kind_of
from mlops_tui.domain.jobs.cli_reading.literal import (
    UNKNOWN,
    Names,
    default_text,
    keywords,
    last_name,
    text_of,
)
from mlops_tui.domain.jobs.dialect import Dialect
from mlops_tui.domain.jobs.recipe import Value, to_text

RANGES = ("IntRange", "FloatRange")


CLICK = Dialect(takes_any=True)
"""It takes whatever stands behind a flag for its value."""


def _option(call: ast.Call, names: Names) -> Argument | None:
    given, is_whole = names.all_keywords(call)
    texts = [value for each in call.args if isinstance(value := names.value(each), str)]
    flags = [text for text in texts if text.startswith("-")]
    if not is_whole or not flags or names.value(given.get("count")) is True:
        return None
    flag = max(flags, key=lambda text: (text.startswith("--"), len(text)))
    flag, _, off = (part.strip() for part in flag.partition("/"))
    named = next((text for text in texts if not text.startswith("-")), "")
    name = named or flag.lstrip("-").replace("-", "_").lower()
    is_flag = names.value(given.get("is_flag"))
    if off or is_flag is True or ("flag_value" in given and is_flag is not False):
        return _flag(name, flag, off, given, names)
    return _valued(name, flag, given, names)


def _flag(name: str, flag: str, off: str, given: Mapping[str, ast.expr], names: Names) -> Argument:
    """Return an option without a value: a switch, or one of several flags for one value."""
    default = names.value(given["default"]) if "default" in given else None
    meant = names.value(given.get("flag_value"))
    help_ = text_of(names.value(given.get("help")))
    if "flag_value" not in given or isinstance(meant, bool):
        state = False if "default" not in given else default
        parameter = field(name, bool, state, help=help_, shown=default_text(given.get("default")))
        turns_off = meant is False
        return Argument(parameter, "" if turns_off else flag, flag if turns_off else off)
    text = flag if meant is UNKNOWN or meant is None or meant == "" else to_text(meant)
    # With True as its default a flag is the one that holds.
    before = text if default is True else default
    known = [] if before is None or before is UNKNOWN else [str(before)]
    parameter = field(
        name,
        str,
        before,
        help=help_,
        shown=default_text(given.get("default")) if default is UNKNOWN else "",
        choices=[*known, text],
        constants=[text],
    )
    return Argument(parameter, constants={text: flag})


def _valued(name: str, flag: str, given: Mapping[str, ast.expr], names: Names) -> Argument | None:
    default = names.value(given["default"]) if "default" in given else None
    kind, choices, low, high = _type(given, default, names)
    several = names.value(given.get("multiple")) is True
    count = _count(given, names)
    if several and count != 1:
        return None
    is_asked = "prompt" in given and names.value(given.get("prompt_required")) is not False
    help_ = text_of(names.value(given.get("help")))
    bare = {flag: ast.unparse(given["flag_value"])[:60]} if "flag_value" in given else {}
    alone = [f"{text} alone: {meant}" for text, meant in bare.items()]
    parameter = field(
        name,
        kind,
        # What it would ask for has to be given: a job has nobody to answer.
        None if is_asked else _member(default, given.get("default")),
        help="; ".join(filter(None, [*alone, help_])),
        shown=default_text(given.get("default")),
        required=is_asked or names.value(given.get("required")) is True,
        choices=choices,
        many=several or count != 1,
        count=count if count > 1 else 0,
        low=low,
        high=high,
        constants=list(bare),
    )
    spelled = ("true", "false") if kind is bool else None
    return Argument(
        parameter,
        flag,
        spelled=spelled,
        repeated=several,
        constants=dict.fromkeys(bare, flag),
        dialect=CLICK,
    )


def _count(given: Mapping[str, ast.expr], names: Names) -> int:
    """Return how many values an option takes, 1 unless it says otherwise."""
    node = given.get("type")
    if isinstance(node, ast.Call) and last_name(node) == "Tuple" and node.args:
        node = node.args[0]
    if isinstance(node, ast.Tuple | ast.List):
        return len(node.elts)
    nargs = names.value(given["nargs"]) if "nargs" in given else 1
    return nargs if isinstance(nargs, int) else 0


def _member(default: object, node: ast.expr | None) -> object:
    """Return the default; a member of an enumeration goes by its name."""
    is_member = isinstance(node, ast.Attribute) and default is not None
    return last_name(node) if is_member and isinstance(default, str | int) else default


def _positional(call: ast.Call, names: Names) -> Argument | None:
    given, is_whole = names.all_keywords(call)
    name = names.value(call.args[0]) if call.args else UNKNOWN
    if not isinstance(name, str) or not is_whole:
        return None
    nargs = _count(given, names)
    default = names.value(given["default"]) if "default" in given else None
    kind, choices, low, high = _type(given, default, names)
    wanted = names.value(given.get("required"))
    required = wanted if isinstance(wanted, bool) else "default" not in given and nargs != -1
    parameter = field(
        name.lower().replace("-", "_"),
        kind,
        default,
        shown=default_text(given.get("default")),
        required=required,
        choices=choices,
        many=nargs != 1,
        count=nargs if nargs > 1 else 0,
        low=low,
        high=high,
    )
    return Argument(parameter, spelled=("true", "false") if kind is bool else None, dialect=CLICK)


def _type(
    given: Mapping[str, ast.expr], default: object, names: Names
) -> tuple[type[Value], tuple[object, ...], float | None, float | None]:
    """Return the type with the choices, the least and the greatest; the default's without one."""
    node = given.get("type")
    if isinstance(node, ast.Call) and last_name(node) == "Tuple" and node.args:
        node = node.args[0]
    if node is None:
        kind = type(default) if isinstance(default, bool | int | float) else str
        return kind, (), None, None
    if isinstance(node, ast.Tuple | ast.List):
        kinds = {kind_of(each) for each in node.elts}
        return kinds.pop() if len(kinds) == 1 else str, (), None, None
    if not isinstance(node, ast.Call):
        return kind_of(node), (), None, None
    word, inside = last_name(node), keywords(node)
    if word == "Choice":
        return str, _choices(node.args[0], names) if node.args else (), None, None
    if word in RANGES:
        ends = dict(zip(("min", "max"), node.args, strict=False)) | dict(inside)
        low, high = (names.value(ends.get(end)) for end in ("min", "max"))
        return kind_of(node), (), _number(low), _number(high)
    return kind_of(node), (), None, None


def _choices(node: ast.expr, names: Names) -> tuple[object, ...]:
    """Return what can be chosen: of an enumeration the names."""
    name = last_name(node) if isinstance(node, ast.Name) else ""
    if name in names.classes:
        return tuple(member for member, _ in names.members(name))
    return listed(node, names)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


READERS: Mapping[str, Callable[[ast.Call, Names], Argument | None]] = {
    "option": _option,
    "argument": _positional,
}
