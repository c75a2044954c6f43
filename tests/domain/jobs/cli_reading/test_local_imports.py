import ast

import pytest

from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.cli_reading.local_imports import with_modules

OPTIONS = """
import argparse
from .defaults import RATE, unused
import pkg.more as more

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, default=RATE)
parser.add_argument("--depth", type=int, default=more.DEPTH)

def unrelated():
    argparse.ArgumentParser().add_argument("--other")

if __name__ == "__main__":
    parser.add_argument("--never")
"""
FILES = {
    "pkg/options.py": OPTIONS,
    "pkg/defaults.py": "RATE = 0.5\nunused = 1",
    "pkg/more.py": "DEPTH = 3",
    "pkg/__init__.py": "from pkg.options import parser",
    "broken.py": "def (",
    "round.py": "from round import a\na = a",
}


@pytest.mark.parametrize(
    "text",
    [
        "from pkg.options import parser\nparser.parse_args()",
        "from pkg import options\noptions.parser.parse_args()",
        "import pkg.options as o\no.parser.parse_args()",
        "import pkg.options\npkg.options.parser.parse_args()",
        "from pkg.options import *\nparser.parse_args()",
        "from pkg import parser as p\np.parse_args()",
    ],
)
def test_a_parser_of_a_module_is_read_with_the_constants_that_it_uses(text: str) -> None:
    line = read_source(text, FILES.get)
    assert [(p.name, p.default) for p in line.parameters] == [("rate", 0.5), ("depth", 3)]


def test_a_dataclass_of_a_module_is_read() -> None:
    module = "from dataclasses import dataclass\n@dataclass\nclass C:\n    lr: float = 0.1"
    line = read_source("import tyro\nfrom c import C\ntyro.cli(C)", {"c.py": module}.get)
    assert [(p.name, p.default) for p in line.parameters] == [("lr", 0.1)]


def test_only_what_is_used_is_taken() -> None:
    tree, _ = with_modules(ast.parse("from pkg.defaults import RATE\nprint(RATE)"), FILES.get)
    assert "unused" not in ast.unparse(tree)


@pytest.mark.parametrize("text", ["from broken import x\nx()", "from round import a\na()"])
def test_modules_that_make_no_sense_are_passed_over(text: str) -> None:
    assert read_source(text, FILES.get).arguments == ()


def test_what_is_near_is_read_before_what_lies_deep() -> None:
    files = {f"m{n}.py": f"from m{n + 1} import a\ndef a(): a()" for n in range(300)} | FILES
    line = read_source("from pkg.options import parser\nfrom m0 import a\na(parser)", files.get)
    assert [p.name for p in line.parameters] == ["rate", "depth"]
    assert (line.note, line.has_more) == ("Only the first 200 of its modules were read.", True)


def test_a_parser_that_many_modules_add_to_is_read_whole() -> None:
    files = {
        f"part{n}.py": f"def add(parser):\n    parser.add_argument('--x{n}', default={n})"
        for n in range(60)
    }
    calls = "".join(f"import part{n}\npart{n}.add(p)\n" for n in range(60))
    line = read_source(f"import argparse\np = argparse.ArgumentParser()\n{calls}", files.get)
    assert (len(line.parameters), line.note, line.has_more) == (60, "", False)
