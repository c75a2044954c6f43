"""The arguments of a program that defines them with ``absl.flags``."""

import ast

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.choices import listed
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.literal import (
    Names,
    default_text,
    imports,
    keywords,
    last_name,
    text_of,
)
from mlops_tui.domain.jobs.recipe import Value

KINDS: dict[str, type[Value]] = {
    "DEFINE_string": str,
    "DEFINE_integer": int,
    "DEFINE_float": float,
    "DEFINE_bool": bool,
    "DEFINE_boolean": bool,
    "DEFINE_enum": str,
    "DEFINE_list": str,
    "DEFINE_spaceseplist": str,
    "DEFINE_multi_string": str,
    "DEFINE_multi_integer": int,
    "DEFINE_multi_float": float,
    "DEFINE_config_file": str,
    "DEFINE_config_dict": str,
}
COMPOUND = ("DEFINE_config_file", "DEFINE_config_dict")
"""Of ``ml_collections``: a flag whose values are set by further flags."""


def read(tree: ast.Module) -> CommandLine | None:
    """Return the arguments, None where the program defines no flag."""
    if not imports(tree, "absl", "ml_collections"):
        return None
    names = Names(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    defined = [call for call in calls if last_name(call) in KINDS and call.args]
    needed = _needed(calls, names)
    found = unique(filter(None, (_argument(call, names, needed) for call in defined)))
    flags = [each.flag for each, call in zip(found, defined, strict=False) if _is_compound(call)]
    note = "".join(f"Values of {flag[:-1]} go as {flag[:-1]}.name=value." for flag in flags)
    return CommandLine(found, "absl", note) if found else None


def _is_compound(call: ast.Call) -> bool:
    return last_name(call) in COMPOUND


def _needed(calls: list[ast.Call], names: Names) -> set[object]:
    """Return the flags that the program marks as required."""
    marked = [call for call in calls if last_name(call).startswith("mark_flag")]
    values = [names.value(each) for call in marked for each in call.args[:1]]
    return {one for each in values for one in (each if isinstance(each, list) else [each])}


def _argument(call: ast.Call, names: Names, needed: set[object]) -> Argument | None:
    word, given = last_name(call), keywords(call)
    places = dict(zip(("name", "default", "choices", "help"), call.args, strict=False))
    if "enum" not in word and "choices" in places:
        places["help"] = places.pop("choices")
    told = {**places, **given}
    name = names.value(told.get("name"))
    if not isinstance(name, str) or not name:
        return None
    default = names.value(told["default"]) if "default" in told else None
    kind, many = KINDS[word], "multi" in word
    if word == "DEFINE_list" and isinstance(default, list):
        default = ",".join(map(str, default))
    parameter = field(
        name,
        kind,
        default,
        help=text_of(names.value(told.get("help"))),
        shown=default_text(told.get("default")),
        required=name in needed or names.value(given.get("required")) is True,
        choices=listed(told.get("choices") or told.get("enum_values"), names),
        many=many,
    )
    off = f"--no{name}" if kind is bool else ""
    return Argument(parameter, f"--{name}" if off else f"--{name}=", off, repeated=many)
