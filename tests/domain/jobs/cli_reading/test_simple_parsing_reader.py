import linecache
import sys
from types import ModuleType
from typing import Any

import pytest

from mlops_tui.domain.jobs.cli_reading import read_source
from mlops_tui.domain.jobs.recipe import parse_fields, to_text

PROGRAM = """
from dataclasses import dataclass
from enum import Enum, auto
from simple_parsing import (
    ArgumentParser, choice, field, flag, list_field, mutable_field
)
from simple_parsing.helpers.fields import dict_field

class Kind(Enum):
    ADAM = auto()
    SGD = auto()

@dataclass
class Optimizer:
    lr: float = field(0.1, alias="-r")
    kind: Kind = Kind.SGD
    betas: list[float] = list_field(0.9, 0.99)

@dataclass
class Net:
    depth: int = field(4)
    act: str = choice("relu", "tanh", default="relu")
    size: int = choice({"small": 1, "large": 2}, default="small")
    bias: bool = flag(True)
    name: str = "net"
    x: int = 1

@dataclass
class Data:
    name: str = "iris"
    optimizer: Optimizer = mutable_field(Optimizer, lr=0.5)
    share: float = field(default=0.2, cmd=False)
    odd: int = field(default=1, nargs="?", const=3)
    more: dict[str, int] = dict_field()

parser = ArgumentParser()
parser.add_argument("--out", default="runs")
parser.add_arguments(Net, dest="net")
parser.add_arguments(Data, "data")
parser.add_arguments(Optimizer, dest="second", prefix="s_", default=Optimizer(lr=3.0))
"""


def parsed(words: tuple[str, ...]) -> Any:
    module = ModuleType("simple_program")
    module.__file__ = "simple_program.py"
    linecache.cache[module.__file__] = (1, None, PROGRAM.splitlines(True), module.__file__)
    sys.modules[module.__name__] = module
    exec(PROGRAM, module.__dict__)  # noqa: S102 - our own program
    parser: Any = module.__dict__["parser"]
    return parser.parse_args(list(words))


def test_the_fields_have_the_flags_types_and_defaults_of_the_library() -> None:
    line = read_source(PROGRAM)
    assert {a.flag: (a.parameter.type, a.parameter.default) for a in line.arguments} == {
        "--depth": (int, 4),
        "--act": (str, "relu"),
        "--size": (str, "small"),
        "--bias": (bool, True),
        "--net.name": (str, "net"),
        "--x": (int, 1),
        "--data.name": (str, "iris"),
        "--lr": (float, 0.5),
        "--kind": (str, "SGD"),
        "--betas": (float, "0.9 0.99"),
        "--s_lr": (float, 3.0),
        "--s_kind": (str, "SGD"),
        "--s_betas": (float, "0.9 0.99"),
        "--out": (str, "runs"),
    }
    assert line.note == "Left to the free arguments: --odd, --more."


@pytest.mark.parametrize(
    ("texts", "path", "value"),
    [
        ({"depth": "7"}, "net.depth", 7),
        ({"act": "tanh"}, "net.act", "tanh"),
        ({"size": "large"}, "net.size", 2),
        ({"bias": "false"}, "net.bias", False),
        ({"net.name": "-x"}, "net.name", "-x"),
        ({"data.name": "a b"}, "data.name", "a b"),
        ({"x": "-3"}, "net.x", -3),
        ({"lr": "-1e-7"}, "data.optimizer.lr", -1e-7),
        ({"kind": "ADAM"}, "data.optimizer.kind.name", "ADAM"),
        ({"betas": "-0.5 1"}, "data.optimizer.betas", [-0.5, 1.0]),
        ({"s_kind": "ADAM"}, "second.kind.name", "ADAM"),
        ({"s_lr": "2"}, "second.lr", 2.0),
        ({"out": "o"}, "out", "o"),
        ({}, "data.optimizer.lr", 0.5),
    ],
)
def test_the_library_reads_what_is_written_for_it(
    texts: dict[str, str], path: str, value: object
) -> None:
    line = read_source(PROGRAM)
    filled = {each.name: to_text(each.default) for each in line.parameters} | texts
    values, reasons = parse_fields(line.parameters, filled)
    assert not reasons | line.problems(values)
    found = parsed(line.words(values))
    for name in path.split("."):
        found = getattr(found, name)
    assert found == value


@pytest.mark.parametrize(
    ("calls", "note"),
    [
        (
            "ArgumentParser(nested_mode=NestedMode.WITHOUT_ROOT).add_arguments(C, 'c')",
            "nested_mode",
        ),
        ("parse(C, config_path='c.yaml')", "config_path"),
        ("parse(C, **options)", "**"),
        ("parse(Other)", "The fields of Other are not in its text."),
        ("parse(make())", "The fields of make are not in its text."),
    ],
)
def test_what_would_name_other_flags_is_said_to_be_unread(calls: str, note: str) -> None:
    line = read_source(
        "from simple_parsing import ArgumentParser, parse\nfrom dataclasses import dataclass\n"
        f"@dataclass\nclass C:\n    lr: float = 0.1\n{calls}"
    )
    assert line.arguments == ()
    assert note in line.note
    assert line.has_more


@pytest.mark.parametrize(
    "field", ["net: Net = subgroups({'a': Net}, default='a')", "nets: list[Net] = None"]
)
def test_a_choice_among_dataclasses_is_left_to_be_typed(field: str) -> None:
    line = read_source(
        "from simple_parsing import parse, subgroups\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Net:\n    depth: int = 1\n"
        f"@dataclass\nclass C:\n    lr: float = 0.1\n    {field}\nparse(C)"
    )
    assert [p.name for p in line.parameters] == ["lr"]
    assert "net" in line.note
