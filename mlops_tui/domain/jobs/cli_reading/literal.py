"""Values that a program's text spells out."""

import ast
import operator
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

UNKNOWN = object()
"""What can only be known by running the program."""

OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}

DEEPEST = 8
"""Constants of constants that are followed."""

LONGEST = 2_000
"""Characters of a text, or members of a list, that are put together."""


Function = ast.FunctionDef | ast.AsyncFunctionDef


class Names:
    """The constants, classes and functions of a module, by name.

    What is set in more than one place is no constant.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.constants: dict[str, ast.expr] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.functions: dict[str, Function] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, node)
            elif isinstance(node, Function):
                self.functions.setdefault(node.name, node)
        bound = _bindings(tree)
        for statement in tree.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ) if bound[name] == 1:
                    self.constants[name] = value

    def value(self, node: ast.expr | None, depth: int = 0) -> Any:
        """Return what the expression is worth, ``UNKNOWN`` where that is not spelled out."""
        if node is None or depth > DEEPEST:
            return UNKNOWN
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError):
            return self._made_of(node, depth + 1)

    def all_keywords(self, call: ast.Call) -> tuple[dict[str, ast.expr], bool]:
        """Return the named arguments, those of a ``**mapping`` too; then whether that is all."""
        found: dict[str, ast.expr] = {}
        is_whole = True
        for each in call.keywords:
            node = each.value
            if each.arg:
                found[each.arg] = node
                continue
            if isinstance(node, ast.Name):
                node = self.constants.get(node.id, node)
            match node:
                case ast.Dict(keys=keys, values=values):
                    known = [(self.value(k), v) for k, v in zip(keys, values, strict=True)]
                    found |= {str(name): value for name, value in known}
                case ast.Call(func=ast.Name(id="dict"), args=[]):
                    found |= keywords(node)
                case _:
                    is_whole = False
        return found, is_whole

    def _made_of(self, node: ast.expr, depth: int) -> Any:
        made: Any = UNKNOWN
        match node:
            case ast.Name(id=name) if name in self.constants:
                made = self.value(self.constants[name], depth)
            case ast.BinOp(left=left, op=sign, right=right):
                made = _joined(self.value(left, depth), sign, self.value(right, depth))
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                found = [self.value(element, depth) for element in elements]
                made = UNKNOWN if UNKNOWN in found else found
            case ast.JoinedStr(values=parts):
                made = self._text(parts, depth)
            case ast.Call(func=called, args=[ast.Constant(value=str(path))]) if (
                last_name(called) == "Path"
            ):
                made = path
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name in self.classes:
                made = dict(self.members(name)).get(member, UNKNOWN)
            case ast.Attribute(value=ast.Name(), attr=name) if name.isupper():
                made = self.value(self.constants.get(name), depth)
        return made

    def _text(self, parts: list[ast.expr], depth: int) -> Any:
        inner = [each.value if isinstance(each, ast.FormattedValue) else each for each in parts]
        found = [self.value(each, depth) for each in inner]
        return UNKNOWN if UNKNOWN in found else "".join(map(str, found))[:LONGEST]

    def members(self, name: str) -> list[tuple[str, object]]:
        """Return the members of an enumeration with their values."""
        return [
            (target.id, self.value(statement.value))
            for statement in self.classes[name].body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        ]


def _bindings(tree: ast.Module) -> Counter[str]:
    """Return how often each name is set, as a parameter too; the fields of classes are others."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                found[name] += 1
            case ast.ClassDef(body=body):
                targets = (
                    each.targets if isinstance(each, ast.Assign) else [each.target]
                    for each in body
                    if isinstance(each, ast.Assign | ast.AnnAssign)
                )
                found.subtract(t.id for each in targets for t in each if isinstance(t, ast.Name))
    return found


def _joined(left: Any, sign: ast.operator, right: Any) -> Any:
    numbers = all(isinstance(each, int | float) for each in (left, right))
    texts = isinstance(sign, ast.Add) and isinstance(left, str) and isinstance(right, str)
    lists = isinstance(sign, ast.Add) and isinstance(left, list) and isinstance(right, list)
    if (texts or lists) and len(left) + len(right) > LONGEST:
        return UNKNOWN
    if type(sign) not in OPERATORS or not (numbers or texts or lists):
        return UNKNOWN
    try:
        return OPERATORS[type(sign)](left, right)
    except (ArithmeticError, ValueError):
        return UNKNOWN


def last_name(node: ast.expr | None) -> str:
    """Return ``option`` of ``click.option``, of ``option``, or of a call of it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=called):
            return last_name(called)
        case ast.Constant(value=str(text)):
            return text.rpartition(".")[2]
    return ""


def keywords(call: ast.Call) -> Mapping[str, ast.expr]:
    """Return the named arguments of a call."""
    return {each.arg: each.value for each in call.keywords if each.arg}


def text_of(value: object) -> str:
    """Return a help text on one line; nothing where it is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def default_text(node: ast.expr | None) -> str:
    """Return a default as the program's text has it, for the help of a field."""
    return f"default: {ast.unparse(node)[:60]}" if node is not None else ""


def imports(tree: ast.Module, *modules: str) -> bool:
    """Return whether the program imports one of these modules, or something of it."""
    return not _imported(tree).isdisjoint(modules)


def imported_from(tree: ast.Module, package: str) -> dict[str, str]:
    """Return the names that a program takes from a package, with what they are called there."""
    return {
        each.asname or each.name: each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == package
        for each in node.names
    }


@lru_cache(maxsize=1)
def _imported(tree: ast.Module) -> frozenset[str]:
    """Return the packages that a program imports; each reader of its text asks for one of them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return frozenset(found)
