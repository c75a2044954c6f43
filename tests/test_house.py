"""The measure of the house: sizes over the whole ancestry, names, bases."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

import mlops_tui

ROOT = Path(mlops_tui.__file__).parent
MOST_LINES, MOST_METHODS = 300, 40
OUTSIDE = frozenset({"Protocol", "Generic", "Enum", "StrEnum", "IntEnum", "Exception"})
"""Bases that give no behaviour of ours."""


@dataclass
class Found:
    """A class of ours, with what it has by itself."""

    bases: tuple[str, ...]
    lines: int
    methods: frozenset[str]
    heirs: set[str] = field(default_factory=set)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        yield name.removesuffix(".__init__"), ast.parse(path.read_text())


def name_of(base: ast.expr) -> str:
    return ast.unparse(base).partition("[")[0].rpartition(".")[2]


def imported(tree: ast.Module) -> dict[str, str]:
    return {
        each.asname or each.name: f"{node.module}.{each.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mlops_tui")
        for each in node.names
    }


@cache
def classes() -> dict[str, Found]:
    """Return our classes by module and name; bases of ours are named the same way."""
    found: dict[str, Found] = {}
    for module, tree in modules():
        known = imported(tree)
        own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        for node in tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            names = [name_of(base) for base in node.bases]
            bases = [f"{module}.{name}" if name in own else known.get(name, name) for name in names]
            functions = ast.FunctionDef | ast.AsyncFunctionDef
            methods = frozenset(each.name for each in node.body if isinstance(each, functions))
            size = (node.end_lineno or 0) - node.lineno + 1
            found[f"{module}.{node.name}"] = Found(tuple(bases), size, methods)
    for name, each in found.items():
        for base in each.bases:
            if base in found:
                found[base].heirs.add(name)
    return found


def ancestry(name: str) -> dict[str, Found]:
    """Return a class with those of our classes that it is built on."""
    own = classes()[name]
    above = [ancestry(base) for base in own.bases if base in classes()]
    return {name: own, **{key: value for each in above for key, value in each.items()}}


def test_a_class_is_small_together_with_all_that_it_is_built_on() -> None:
    sizes = {
        name: (
            sum(each.lines for each in ancestry(name).values()),
            len(frozenset().union(*(each.methods for each in ancestry(name).values()))),
        )
        for name in classes()
    }
    assert len(sizes) > 100
    large = {n: s for n, s in sizes.items() if s[0] > MOST_LINES or s[1] > MOST_METHODS}
    assert large == {}


def test_no_base_has_one_heir() -> None:
    alone = {
        name: each.heirs
        for name, each in classes().items()
        if len(each.heirs) == 1 and OUTSIDE.isdisjoint(each.bases)
    }
    assert alone == {}


@pytest.mark.parametrize("layer", ["cli", "tui", "services", "recipes", "settings", "domain"])
def test_no_two_files_of_a_layer_have_one_name(layer: str) -> None:
    names = Counter(path.name for path in (ROOT / layer).rglob("*.py"))
    assert [name for name, count in names.items() if count > 1 and name != "__init__.py"] == []


def test_nobody_calls_again_what_textual_calls_for_every_class() -> None:
    calls = defaultdict(list)
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("super().on_"):
                calls[module].append(ast.unparse(node.func))
    assert dict(calls) == {}
