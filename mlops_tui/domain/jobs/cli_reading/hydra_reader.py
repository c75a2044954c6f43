"""The overrides that a program of ``hydra`` takes, from the configuration beside it."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_tui.domain.jobs.argument import Argument, CommandLine, unique
from mlops_tui.domain.jobs.cli_reading.field import field
from mlops_tui.domain.jobs.cli_reading.hydra_config import (
    OWN,
    Composition,
    Group,
    default_missing,
)
from mlops_tui.domain.jobs.cli_reading.hydra_store import MISSING, stored
from mlops_tui.domain.jobs.cli_reading.hydra_value import flow_text, spelled
from mlops_tui.domain.jobs.cli_reading.literal import Names, imports, keywords, last_name
from mlops_tui.domain.jobs.cli_reading.local_imports import Beside
from mlops_tui.domain.jobs.cli_reading.unparsed_args import left_out

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.recipe import Value

NONE = "null"
"""What is chosen for no option of a group, typed for no value."""

NOTE = (
    "What it does not show goes into the free arguments: ++key=value, ~key without it, "
    "+group=option."
)


def read(tree: ast.Module, beside: Beside) -> CommandLine | None:
    """Return a field for each value, None where the program has no ``hydra.main``."""
    if not imports(tree, "hydra"):
        return None
    names = Names(tree)
    decorators = (each for function in names.functions.values() for each in function.decorator_list)
    call = next((c for c in decorators if isinstance(c, ast.Call) and _is_main(c)), None)
    if call is None:
        return None
    told = {**dict(zip(("config_path", "config_name"), call.args, strict=False)), **keywords(call)}
    folder, name = (names.value(told.get(each)) for each in ("config_path", "config_name"))
    if not isinstance(name, str):
        return CommandLine(source="hydra", note="It names no configuration.")
    found = Composition(folder if isinstance(folder, str) else ".", beside, stored(tree, names))
    if not found.compose(name):
        return CommandLine(source="hydra", note=f"Its configuration {name} was not found.")
    groups = list(found.groups.values())
    values = [_of_group(each, groups) for each in _values(found.values, "")]
    arguments = unique([*map(_choice, groups), *values])
    missing = f"Not found: {', '.join(found.missing[:5])}." if found.missing else ""
    unread = left_out(name for path in found.used for name in found.stored[path].unread)
    note = " ".join(filter(None, (missing, unread, NOTE)))
    return CommandLine(arguments, f"hydra's {name}", note, has_more=bool(missing or unread))


def _is_main(call: ast.Call) -> bool:
    return last_name(call) == "main" and "hydra" in ast.unparse(call.func)


def _choice(group: Group) -> Argument:
    """Return the field of a group; another option brings values of its own."""
    shown = group.chosen
    text = (
        flow_text(shown) if isinstance(shown, list) else "" if shown in (None, MISSING) else shown
    )
    help_ = f"its values below are those of {text}" if text else "none"
    if default_missing(shown):
        help_ = "its values are not known"
    is_list = isinstance(shown, list)
    options = () if is_list else dict.fromkeys((*group.options, *([str(text)] if text else [])))
    parameter = field(
        group.key,
        str,
        text or None,
        help=help_,
        required=shown == MISSING,
        choices=tuple(options),
        constants=[NONE] if text else [],
    )
    without = {NONE: f"~{group.key}"} if text else {}
    return Argument(parameter, f"{group.key}=", spell=spelled, constants=without)


def _of_group(argument: Argument, groups: Sequence[Group]) -> Argument:
    """Return a value with the option that it is of: with another its default is another."""
    parameter = argument.parameter
    own = [
        each
        for each in groups
        if each.package and each.chosen and parameter.name.startswith(f"{each.package}.")
    ]
    if not own:
        return argument
    nearest = max(own, key=lambda each: len(each.package))
    help_ = f"of {nearest.key}={nearest.chosen}"
    told = "; ".join(filter(None, (parameter.help, help_)))
    return replace(argument, parameter=replace(parameter, help=told))


def _values(found: object, prefix: str) -> Iterator[Argument]:
    for key, value in found.items() if isinstance(found, dict) else []:
        name = f"{prefix}{key}"
        if name == OWN or str(key).startswith("_"):
            continue
        if isinstance(value, dict) and value:
            yield from _values(value, f"{name}.")
        else:
            yield _override(name, value)


def _override(name: str, value: object) -> Argument:
    kind: type[Value] = type(value) if isinstance(value, bool | int | float) else str
    shown = None if value in (None, MISSING) else value
    if isinstance(value, list | dict):
        shown = flow_text(value)
    parameter = field(
        name,
        kind,
        shown,
        required=value == MISSING,
        constants=[NONE] if shown is not None else [],
    )
    return Argument(parameter, f"{name}=", spell=spelled)
