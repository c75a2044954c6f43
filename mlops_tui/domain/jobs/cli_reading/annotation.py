"""Reads the type annotation of an argument."""

import ast
from dataclasses import dataclass, replace

from mlops_tui.domain.jobs.cli_reading.field import KINDS
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, last_name
from mlops_tui.domain.jobs.recipe import Value

SEVERAL = ("list", "List", "Sequence", "tuple", "Tuple", "set", "Set", "Iterable")
TUPLES = ("tuple", "Tuple")
MAPPINGS = ("dict", "Dict", "Mapping", "MutableMapping", "DefaultDict")

UNREAD = "unread"
"""The name of a type that no field stands for: lists of lists, mappings."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """The type with what is wrapped around it; ``extras`` are the words of ``Annotated``.

    ``count`` is how many values a tuple has, 0 for any number; ``members`` are those of an
    enumeration, by name. ``names`` are the types between which a union leaves the choice.
    """

    kind: type[Value] = str
    choices: tuple[str, ...] = ()
    optional: bool = False
    many: bool = False
    extras: tuple[ast.expr, ...] = ()
    name: str = ""
    count: int = 0
    members: tuple[tuple[str, object], ...] = ()
    names: tuple[str, ...] = ()


def read_annotation(node: ast.expr | None, names: Names) -> Annotation:
    """Return what an annotation says; a text for what it does not."""
    match node:
        case ast.Constant(value=str(text)):
            return read_annotation(_quoted(text), names)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _either([left, right], names)
        case ast.Subscript(value=outer, slice=inner):
            return _subscripted(last_name(outer), inner, names)
    return _named(last_name(node), names)


def _quoted(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _named(name: str, names: Names) -> Annotation:
    if name in MAPPINGS:
        return Annotation(name=UNREAD)
    if name in SEVERAL:
        return Annotation(many=True, name=name)
    if name in names.classes and any("Enum" in last_name(b) for b in names.classes[name].bases):
        members = tuple(names.members(name))
        values = [value for _, value in members if value is not UNKNOWN]
        return Annotation(choices=tuple(map(str, values)), name=name, members=members)
    return Annotation(KINDS.get(name, str), name=name)


def _either(options: list[ast.expr], names: Names) -> Annotation:
    real = [each for option in options for each in _options(option) if not _is_none(each)]
    has_none = len(real) < sum(1 for option in options for _ in _options(option))
    each = [read_annotation(option, names) for option in real] or [Annotation()]
    first = each[0]
    if len(each) > 1:
        kinds = {one.kind for one in each}
        kind = float if kinds == {int, float} else str
        is_plain = not any(one.many or one.choices for one in each)
        told = tuple(one.name for one in each)
        first = Annotation(kind if is_plain else str, name="Union", names=told)
    return replace(first, optional=first.optional or has_none)


def _options(node: ast.expr) -> list[ast.expr]:
    """Return the parts of ``a | b | c``."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_options(left), *_options(right)]
    return [node]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _subscripted(outer: str, inner: ast.expr, names: Names) -> Annotation:
    parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    if outer == "Annotated" and parts:
        return replace(read_annotation(parts[0], names), extras=tuple(parts[1:]))
    if outer == "Optional":
        return replace(read_annotation(inner, names), optional=True)
    if outer == "Union":
        return _either(parts, names)
    if outer == "Literal":
        values = [names.value(each) for each in parts]
        known = tuple(str(v) for v in values if v is not UNKNOWN and v is not None)
        return Annotation(choices=known, optional=None in values)
    if outer in SEVERAL and parts:
        return _several(outer, parts, names)
    return Annotation(name=UNREAD if outer in MAPPINGS else outer)


def _several(outer: str, parts: list[ast.expr], names: Names) -> Annotation:
    each = [read_annotation(part, names) for part in parts]
    is_fixed = outer in TUPLES and not any(isinstance(part, ast.Constant) for part in parts)
    is_mixed = is_fixed and len({(one.kind, one.choices) for one in each}) > 1
    first = Annotation(name="tuple") if is_mixed else each[0]
    if first.many:
        return Annotation(name=UNREAD)
    return replace(first, many=True, count=len(parts) if is_fixed else 0)
