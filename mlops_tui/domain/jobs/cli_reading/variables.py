"""The parameters of a function or the fields of a dataclass, as arguments are made of."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mlops_tui.domain.jobs.cli_reading.annotation import Annotation, read_annotation
from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, Names, keywords, last_name, text_of

EMPTY = object()
"""The default of what has none."""

FACTORIES: dict[str, object] = {"list": (), "dict": UNKNOWN, "tuple": ()}


@dataclass(frozen=True, slots=True)
class Variable:
    """A parameter or field; ``node`` is its default as it is spelled, ``call`` what made it."""

    name: str
    annotation: Annotation
    default: object
    help: str = ""
    node: ast.expr | None = None
    call: ast.Call | None = None


def of_function(
    function: ast.FunctionDef | ast.AsyncFunctionDef, names: Names
) -> Iterator[Variable]:
    """Return the parameters of a function."""
    listed = [*function.args.posonlyargs, *function.args.args]
    ends: list[ast.expr | None] = [None] * (len(listed) - len(function.args.defaults))
    defaults = [*ends, *function.args.defaults, *function.args.kw_defaults]
    for each, node in zip([*listed, *function.args.kwonlyargs], defaults, strict=True):
        default = EMPTY if node is None else names.value(node)
        yield Variable(each.arg, read_annotation(each.annotation, names), default, node=node)


def of_dataclass(name: str, names: Names, seen: frozenset[str] = frozenset()) -> Iterator[Variable]:
    """Return the fields of a dataclass, those of its bases in the same module first."""
    found = names.classes.get(name)
    if found is None or name in seen:
        return
    for base in found.bases:
        yield from of_dataclass(last_name(base), names, seen | {name})
    for place, statement in enumerate(found.body):
        match statement:
            case ast.AnnAssign(target=ast.Name(id=field_name), annotation=type_, value=value):
                outer = type_.value if isinstance(type_, ast.Subscript) else type_
                if last_name(outer) == "ClassVar" or _is_kept_out(value, names):
                    continue
                text = _docstring(found.body[place + 1 : place + 2])
                yield _field(field_name, read_annotation(type_, names), value, text, names)


def _field(
    name: str, annotation: Annotation, value: ast.expr | None, text: str, names: Names
) -> Variable:
    if not isinstance(value, ast.Call) or "field" not in last_name(value).lower():
        default = EMPTY if value is None else names.value(value)
        call = value if isinstance(value, ast.Call) else None
        return Variable(name, annotation, default, text, value, call)
    given = keywords(value)
    node = given.get("default")
    default = EMPTY if node is None else names.value(node)
    if last_name(value) == "list_field":
        node = ast.List(value.args, ast.Load())
        return Variable(name, annotation, names.value(node), text, node, value)
    if value.args and node is None:
        node = value.args[0]
        default = names.value(node)
    if factory := given.get("default_factory"):
        node, default = factory, _made(factory, names)
    metadata = names.value(given.get("metadata"))
    if isinstance(metadata, dict):
        text = text_of(metadata.get("help")) or text
    help_ = text_of(names.value(given.get("help"))) or text
    return Variable(name, annotation, default, help_, node, value)


def _made(factory: ast.expr, names: Names) -> object:
    if isinstance(factory, ast.Lambda):
        return names.value(factory.body)
    return FACTORIES.get(last_name(factory), UNKNOWN)


def _is_kept_out(value: ast.expr | None, names: Names) -> bool:
    return isinstance(value, ast.Call) and names.value(keywords(value).get("init")) is False


def _docstring(following: list[ast.stmt]) -> str:
    match following:
        case [ast.Expr(value=ast.Constant(value=str(text)))]:
            return text_of(text)
    return ""
