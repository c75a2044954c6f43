"""Configurations that a program of ``hydra`` keeps as dataclasses in its ``ConfigStore``."""

import ast
from dataclasses import dataclass
from typing import Any

from mlops_tui.domain.jobs.cli_reading.annotation import UNREAD
from mlops_tui.domain.jobs.cli_reading.dataclass_fields import Fields, Leaf, default_of
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, keywords, last_name
from mlops_tui.domain.jobs.cli_reading.variables import EMPTY

PLACES = ("name", "node", "group", "package")
MISSING = "???"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a dataclass holds, its package, and the fields whose defaults are not known."""

    content: dict[str, Any]
    package: str | None
    unread: tuple[str, ...]


def stored(tree: ast.Module, names: Names) -> dict[str, Stored]:
    """Return the configurations by their path: ``db/mysql`` for one of a group."""
    found: dict[str, Stored] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not _is_store(node):
            continue
        given = dict(zip(PLACES, node.args, strict=False)) | dict(keywords(node))
        name, group, package = (
            names.value(given.get(each)) for each in ("name", "group", "package")
        )
        made = last_name(given.get("node"))
        if isinstance(name, str) and made in names.classes:
            path = f"{group}/{name}" if isinstance(group, str) and group else name
            content, unread = _content(made, names)
            kept = package if isinstance(package, str) else None
            found[path.removesuffix(".yaml")] = Stored(content, kept, unread)
    return found


def _is_store(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "store"


def _content(name: str, names: Names) -> tuple[dict[str, Any], tuple[str, ...]]:
    fields = Fields(names)
    fields.add(name)
    content: dict[str, Any] = {}
    unread = list(fields.unread)
    for leaf in fields.leaves:
        value = _value(leaf)
        if value is UNKNOWN:
            unread.append(".".join(leaf.path))
            continue
        inner = content
        for step in leaf.path[:-1]:
            inner = inner.setdefault(step, {})
        inner[leaf.path[-1]] = value
    return content, tuple(unread)


def _value(leaf: Leaf) -> Any:
    variable = leaf.variable
    if variable.default is EMPTY or last_name(variable.node) == "MISSING":
        return MISSING
    value = default_of(variable, by_name=True)
    if isinstance(value, tuple):
        value = list(value)
    if value is UNKNOWN and variable.annotation.name == UNREAD:
        return {} if last_name(variable.node) == "dict" else UNKNOWN
    return value
