"""The measure of the house: sizes over the whole ancestry, names, bases."""

import ast
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

import mlops_tui
from tests.unmeasured import CHILDREN, REPEATED

ROOT = Path(mlops_tui.__file__).parent
TESTS = Path(__file__).parent
LAYERS = ("cli", "tui", "services", "recipes", "settings", "domain")
MOST_LINES, MOST_METHODS = 300, 40
LARGE = {
    # One widget: each method is a key, a message, or a line that is drawn; cut up, nobody finds it.
    "mlops_tui.tui.kit.table.Table": (420, 42),
}
"""Classes that may be larger, each with how large."""
FORMER = frozenset(
    {
        "processes/supervisor.py",
        "processes/settlement.py",
        "slurm/slurm_node.py",
    }
)
"""Names by which processes that began before an upgrade still call what has moved."""
OUTSIDE = frozenset({"Protocol", "Generic", "Enum", "StrEnum", "IntEnum", "Exception"})
"""Bases that give no behaviour of ours."""


@dataclass
class Found:
    """A class of ours, with what it has by itself."""

    bases: tuple[str, ...]
    lines: int
    methods: frozenset[str]
    heirs: set[str] = field(default_factory=set)


@cache
def modules(root: Path = ROOT) -> tuple[tuple[str, ast.Module], ...]:
    """Return all modules below a folder by name: they are parsed once for all tests."""
    found = []
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        found.append((name.removesuffix(".__init__"), ast.parse(path.read_text())))
    return tuple(found)


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
    limits = {name: LARGE.get(name, (MOST_LINES, MOST_METHODS)) for name in sizes}
    large = {n: s for n, s in sizes.items() if s[0] > limits[n][0] or s[1] > limits[n][1]}
    assert large == {}


def heirs_in_tests() -> frozenset[str]:
    """Return the classes of ours that classes of the tests are built on."""
    return frozenset(
        imported(tree).get(name_of(base), "")
        for _, tree in modules(TESTS)
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    )


def used_by_themselves() -> frozenset[str]:
    """Return the names of classes that are made as they are: they are no mere bases."""
    return frozenset(
        node.func.id
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def test_no_mere_base_has_one_heir() -> None:
    tested, used = heirs_in_tests(), used_by_themselves()
    alone = {
        name: each.heirs
        for name, each in classes().items()
        if len(each.heirs) == 1
        and OUTSIDE.isdisjoint(each.bases)
        and name not in tested
        and name.rpartition(".")[2] not in used
    }
    assert alone == {}


PROGRAMS = [path for path in ROOT.rglob("*_program*") if path.is_dir()]
"""Programs for a model's own Python: each is a house of its own and imports nothing of ours."""


@pytest.mark.parametrize(
    "folder",
    [*(ROOT / name for name in LAYERS), *PROGRAMS],
    ids=lambda folder: folder.name,
)
def test_no_two_files_of_a_layer_have_one_name(folder: Path) -> None:
    inner = {each for each in PROGRAMS if folder in each.parents}
    paths = (path for path in folder.rglob("*.py") if inner.isdisjoint(path.parents))
    names = Counter(p.name for p in paths if f"{p.parent.name}/{p.name}" not in FORMER)
    of_each_package = {"__init__.py", "__main__.py"}
    assert [name for name in names if names[name] > 1 and name not in of_each_package] == []


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_a_program_for_another_python_imports_nothing_of_ours(folder: Path) -> None:
    imports = [
        node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    assert len(imports) > 10
    assert [name for name in imports if name.partition(".")[0] == "mlops_tui"] == []


def test_each_former_name_is_that_of_a_file() -> None:
    assert {f"{p.parent.name}/{p.name}" for p in ROOT.rglob("*.py")} >= FORMER


def test_nobody_calls_again_what_textual_calls_for_every_class() -> None:
    # ``on_event`` is no handler: Textual has it called by subclasses.
    calls = defaultdict(list)
    for module, tree in modules():
        for node in ast.walk(tree):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called.startswith("super().on_") and called != "super().on_event":
                calls[module].append(called)
    assert dict(calls) == {}


def test_tests_that_coverage_leaves_out_are_there() -> None:
    assert [path for path in (*REPEATED, *CHILDREN) if not (TESTS / path).exists()] == []
