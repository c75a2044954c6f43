"""The values that a program lists for an argument."""

import ast

from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, last_name

WRAPPERS = ("list", "tuple", "set")

MOST = 1_000
"""Values of a range that are offered."""


def listed(node: ast.expr | None, names: Names) -> tuple[object, ...]:
    """Return the values, none where they are not spelled out."""
    found: tuple[object, ...] = ()
    match node:
        case ast.Call(func=ast.Name(id="range"), args=ends):
            found = _range([names.value(end) for end in ends])
        case ast.Call(func=ast.Name(id="sorted"), args=[inner, *_]):
            found = tuple(sorted(listed(inner, names), key=str))
        case ast.Call(func=ast.Name(id=word), args=[inner]) if word in WRAPPERS:
            found = listed(inner, names)
        case ast.Call(func=ast.Attribute(value=inner, attr="keys"), args=[]):
            found = listed(inner, names)
        case ast.ListComp(generators=[ast.comprehension(iter=inner)]):
            found = _members(last_name(inner), names)
        case ast.Name(id=name) if name in names.classes:
            found = _members(name, names)
        case ast.Name(id=name) if name in names.constants:
            found = listed(names.constants[name], names)
        case ast.Dict(keys=keys):
            found = tuple(key for key in map(names.value, keys) if key is not UNKNOWN)
        case _:
            known = names.value(node)
            found = tuple(known) if isinstance(known, list | tuple | set) else ()
    return found


def _members(name: str, names: Names) -> tuple[object, ...]:
    if name not in names.classes:
        return ()
    return tuple(value for _, value in names.members(name) if value is not UNKNOWN)


def _range(ends: list[object]) -> tuple[object, ...]:
    numbers = [end for end in ends if type(end) is int]
    try:
        found = range(*numbers) if len(numbers) == len(ends) else range(0)
    except (TypeError, ValueError):
        return ()
    return tuple(found) if len(found) <= MOST else ()
