"""What a type annotation says of an argument."""

import ast
from dataclasses import dataclass, replace

from mlops_tui.domain.jobs.cli_reading.field import KINDS
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, last_name
from mlops_tui.domain.jobs.recipe import Value

SEVERAL = ("list", "List", "Sequence", "tuple", "Tuple", "set", "Set", "Iterable")


@dataclass(frozen=True, slots=True)
class Annotation:
    """The type with what is wrapped around it; ``extras`` are the words of ``Annotated``."""

    kind: type[Value] = str
    choices: tuple[str, ...] = ()
    optional: bool = False
    many: bool = False
    extras: tuple[ast.expr, ...] = ()
    name: str = ""


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
    if name in SEVERAL:
        return Annotation(many=True, name=name)
    if name in names.classes and any("Enum" in last_name(b) for b in names.classes[name].bases):
        values = [value for _, value in names.members(name) if value is not UNKNOWN]
        return Annotation(choices=tuple(map(str, values)), name=name)
    return Annotation(KINDS.get(name, str), name=name)


def _either(options: list[ast.expr], names: Names) -> Annotation:
    real = [each for each in options if not _is_none(each)]
    found = read_annotation(real[0], names) if real else Annotation()
    return replace(found, optional=found.optional or len(real) < len(options))


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
        return Annotation(choices=tuple(str(v) for v in values if v is not UNKNOWN))
    if outer in SEVERAL and parts:
        return replace(read_annotation(parts[0], names), many=True)
    return Annotation(name=outer)
