"""One option or argument that a decorator of ``click`` adds to a command."""

import ast
from collections.abc import Callable, Mapping

from mlops_tui.domain.jobs.argument import Argument
from mlops_tui.domain.jobs.cli_reading.choices import listed
from mlops_tui.domain.jobs.cli_reading.field import field, kind_of
from mlops_tui.domain.jobs.cli_reading.literal import (
    UNKNOWN,
    Names,
    keywords,
    last_name,
    said,
    text_of,
)
from mlops_tui.domain.jobs.recipe import Value

RANGES = ("IntRange", "FloatRange")


def _option(call: ast.Call, names: Names) -> Argument | None:
    given = keywords(call)
    texts = [value for each in call.args if isinstance(value := names.value(each), str)]
    flags = [text for text in texts if text.startswith("-")]
    if not flags or names.value(given.get("count")) is True:
        return None
    flag = max(flags, key=lambda text: (text.startswith("--"), len(text)))
    flag, _, off = (part.strip() for part in flag.partition("/"))
    named = next((text for text in texts if not text.startswith("-")), "")
    name = named or flag.lstrip("-").replace("-", "_").lower()
    default = names.value(given["default"]) if "default" in given else None
    is_switch = off or names.value(given.get("is_flag")) is True
    kind, choices, low, high = _type(given, default, names)
    if is_switch:
        state = default if isinstance(default, bool) else False
        parameter = field(name, bool, state, help=text_of(names.value(given.get("help"))))
        return Argument(parameter, flag, off)
    several = names.value(given.get("multiple")) is True
    nargs = names.value(given.get("nargs"))
    parameter = field(
        name,
        kind,
        default,
        help=text_of(names.value(given.get("help"))),
        said=said(given.get("default")),
        required=names.value(given.get("required")) is True,
        choices=choices,
        many=several or (isinstance(nargs, int) and nargs != 1),
        low=low,
        high=high,
    )
    spelled = ("true", "false") if kind is bool else None
    return Argument(parameter, flag, spelled=spelled, repeated=several)


def _positional(call: ast.Call, names: Names) -> Argument | None:
    given = keywords(call)
    name = names.value(call.args[0]) if call.args else UNKNOWN
    if not isinstance(name, str):
        return None
    nargs = names.value(given.get("nargs"))
    default = names.value(given["default"]) if "default" in given else None
    kind, choices, low, high = _type(given, default, names)
    wanted = names.value(given.get("required"))
    required = wanted if isinstance(wanted, bool) else "default" not in given and nargs != -1
    parameter = field(
        name.lower().replace("-", "_"),
        kind,
        default,
        said=said(given.get("default")),
        required=required,
        choices=choices,
        many=isinstance(nargs, int) and nargs != 1,
        low=low,
        high=high,
    )
    return Argument(parameter, spelled=("true", "false") if kind is bool else None)


def _type(
    given: Mapping[str, ast.expr], default: object, names: Names
) -> tuple[type[Value], tuple[object, ...], float | None, float | None]:
    """Return the type with the choices, the least and the greatest; the default's without one."""
    node = given.get("type")
    if node is None:
        kind = type(default) if isinstance(default, bool | int | float) else str
        return kind, (), None, None
    if not isinstance(node, ast.Call):
        return kind_of(node), (), None, None
    word, inside = last_name(node), keywords(node)
    if word == "Choice":
        return str, listed(node.args[0], names) if node.args else (), None, None
    if word in RANGES:
        ends = dict(zip(("min", "max"), node.args, strict=False)) | dict(inside)
        low, high = (names.value(ends.get(end)) for end in ("min", "max"))
        return kind_of(node), (), _number(low), _number(high)
    return kind_of(node), (), None, None


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


READERS: Mapping[str, Callable[[ast.Call, Names], Argument | None]] = {
    "option": _option,
    "argument": _positional,
}
