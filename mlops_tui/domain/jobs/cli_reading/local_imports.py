"""A program's text together with what it uses of the modules beside it."""

import ast
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

Beside = Callable[[str], str | None]
"""From a path, seen from the program, to the text of that file; None where there is none.

Of a path that ends with a slash it gives the names in that folder, one on each line.
"""

MOST_MODULES = 200
"""Modules that are read."""

MOST_CHARACTERS = 4_000_000
"""Of their texts that are read."""


def with_modules(tree: ast.Module, beside: Beside) -> tuple[ast.Module, bool]:
    """Return the program followed by those statements of its modules that it uses.

    A program often takes its parser, its dataclass or its constants from a file of its own. Second
    is whether all of those modules were read.
    """
    found = _Modules(beside)
    found.use(tree.body)
    found.read()
    return ast.Module([*tree.body, *found.statements()], []), not found.is_cut


class _Modules:
    """Modules that were read, with the statements that are used of each."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._read: dict[str, list[ast.stmt]] = {}
        self._pending: deque[tuple[str, set[str]]] = deque()
        self._wanted: dict[str, set[str]] = {}
        self._taken: dict[str, set[ast.stmt]] = {}
        self._characters = 0
        self.is_cut = False
        """Whether there are more modules than are read."""

    def statements(self) -> Iterator[ast.stmt]:
        """Return what is used, in the order of the text of each module."""
        for path, taken in self._taken.items():
            yield from (each for each in self._read[path] if each in taken)

    def use(
        self, statements: list[ast.stmt], folder: str = "", also: frozenset[str] = frozenset()
    ) -> None:
        """Note what some statements use of the modules that they import, with some names more."""
        mentioned = _mentioned(statements) | also
        for module, names in _imported(statements, mentioned, folder):
            self._pending.append((module, mentioned if "*" in names else names))

    def read(self) -> None:
        """Read what is used, nearest first: what lies deep seldom has to do with a command line."""
        while self._pending:
            module, names = self._pending.popleft()
            if names and (path := self._module(module)):
                self._take(path, names)

    def _module(self, module: str) -> str:
        """Return the path of a module that could be read, empty for any other."""
        for path in (f"{module}.py", f"{module}/__init__.py"):
            if path in self._read:
                return path
            text = self._beside(path)
            is_much = len(self._read) >= MOST_MODULES or self._characters > MOST_CHARACTERS
            if text is not None and is_much:
                self.is_cut = True
                return ""
            if text is not None:
                self._characters += len(text)
                self._read[path] = []
                with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                    self._read[path] = ast.parse(text).body
                return path
        return ""

    def _take(self, path: str, names: set[str]) -> None:
        """Take the statements that define the names, then what those use in their turn."""
        wanted = names - self._wanted.setdefault(path, set())
        if not wanted:
            return
        self._wanted[path] |= wanted
        body, taken = self._read[path], self._taken.setdefault(path, set())
        new = [each for each in body if each not in taken and _is_used(each, wanted)]
        imports = [each for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
        taken.update(new, imports)
        self._take(path, _mentioned(new))
        self.use([*imports, *new], path.rpartition("/")[0], frozenset(wanted))


def _is_used(statement: ast.stmt, names: set[str]) -> bool:
    """Return whether a statement defines one of the names, or does something with it."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name in names
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return False
        case ast.Import() | ast.ImportFrom():
            return False
        case ast.Assign(targets=targets):
            return any(isinstance(each, ast.Name) and each.id in names for each in targets)
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name in names
    return bool(_mentioned([statement]) & names)


def _mentioned(statements: list[ast.stmt]) -> set[str]:
    nodes = (node for each in statements for node in ast.walk(each))
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in nodes
        if isinstance(node, ast.Name | ast.Attribute)
    }


def _imported(
    statements: list[ast.stmt], used: set[str], folder: str
) -> Iterator[tuple[str, set[str]]]:
    """Return the modules that are imported, as paths, with the names that are used of each."""
    nodes = [node for each in statements for node in ast.walk(each)]
    known = _attributes(nodes)
    for node in nodes:
        match node:
            case ast.Import(names=aliases):
                for each in aliases:
                    yield each.name.replace(".", "/"), known[each.asname or each.name]
            case ast.ImportFrom(module=module, names=aliases, level=level):
                steps = [folder] if level else []
                steps += [*[".."] * (level - 1), *(module or "").split(".")]
                path = "/".join(filter(None, steps))
                yield path, {a.name for a in aliases if (a.asname or a.name) in {*used, "*"}}
                for each in aliases:
                    inner = "/".join(filter(None, (path, each.name)))
                    yield inner, known[each.asname or each.name]


def _attributes(nodes: list[ast.AST]) -> Mapping[str, set[str]]:
    """Return ``x`` and ``y`` for ``module`` where ``module.x`` and ``module.y`` are mentioned."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for node in nodes:
        if isinstance(node, ast.Attribute):
            found[_dotted(node.value)].add(node.attr)
    return found


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name() | ast.Attribute() as outer, attr=name):
            return f"{_dotted(outer)}.{name}"
    return ""
